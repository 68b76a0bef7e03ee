extension JSONNode {
  /// The value as JSON text as Jupyter writes notebooks: an indent of one blank, members sorted by
  /// name, a line break at the end.
  public var indented: [UInt8] {
    var bytes: [UInt8] = []
    writeIndented(to: &bytes, depth: 0)
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }

  /// The value with the members of all objects sorted by name.
  public var sorted: JSONNode {
    switch self {
    case .array(let items): .array(items.map(\.sorted))
    case .object(let members):
      .object(Self.sorted(members).map { .init(name: $0.name, value: $0.value.sorted) })
    default: self
    }
  }

  /// By code points, as Python sorts.
  private static func sorted(_ members: [Member]) -> [Member] {
    members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  private func writeIndented(to bytes: inout [UInt8], depth: Int) {
    switch self {
    case .array(let items) where !items.isEmpty:
      Self.list(items, "[", "]", to: &bytes, depth: depth) { item, bytes in
        item.writeIndented(to: &bytes, depth: depth + 1)
      }
    case .object(let members) where !members.isEmpty:
      Self.list(Self.sorted(members), "{", "}", to: &bytes, depth: depth) { member, bytes in
        bytes += JSONNode.string(member.name).compact
        bytes += ": ".utf8
        member.value.writeIndented(to: &bytes, depth: depth + 1)
      }
    default: bytes += compact
    }
  }

  private static func list<Item>(
    _ items: [Item], _ open: String, _ close: String, to bytes: inout [UInt8], depth: Int,
    _ write: (Item, inout [UInt8]) -> Void
  ) {
    bytes += open.utf8
    for (index, item) in items.enumerated() {
      bytes += (index == 0 ? "\n" : ",\n").utf8
      bytes += repeatElement(UInt8(ascii: " "), count: depth + 1)
      write(item, &bytes)
    }
    bytes.append(UInt8(ascii: "\n"))
    bytes += repeatElement(UInt8(ascii: " "), count: depth)
    bytes += close.utf8
  }
}
