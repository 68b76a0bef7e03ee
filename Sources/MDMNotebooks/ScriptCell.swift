import MDMJSON

/// Cells as parts of scripts.
extension NotebookCell {
  /// The metadata that a `# %%` line has no pairs for, all in one.
  private static let otherMetadata = "metadata"

  /// The cell that some lines are: the first may be its marker.
  init(scriptLines lines: [String], isLast: Bool, _ names: inout CellNames) {
    let marker = CellMarker(lines[0])
    var body = marker == nil ? lines : Array(lines.dropFirst())
    // The blank line between two cells is neither's.
    if !isLast, body.last?.isEmpty == true { body.removeLast() }
    let kind = marker?.kind ?? .code
    let source = body.map { line in
      guard kind != .code else { return Self.isEscaped(line) ? line.withoutTwoBytes : line }
      return line.utf8.starts(with: "# ".utf8) ? line.withoutTwoBytes : line == "#" ? "" : line
    }.joined(separator: "\n")
    var options = marker?.options ?? []
    let id = options["id"]?.text
    let attachments = options["attachments"]
    let others = options[Self.otherMetadata]?.members
    if others != nil { options[Self.otherMetadata] = nil }
    options["id"] = nil
    options["attachments"] = nil
    if let marker, !marker.title.isEmpty { options["title"] = .string(marker.title) }
    for member in others ?? [] { options[member.name] = member.value }
    // How a cell was laid out is no option.
    options["mdm"] = nil
    let taken = id.flatMap { names.take($0) ? $0 : nil }
    self.init(
      kind, id: taken ?? names.make(kind, source), source: source,
      metadata: JSONNode.object(options).sorted.members ?? [], attachments: attachments?.sorted)
  }

  /// The text of the cell in the usual layout, with the blank line behind it unless it is the last.
  func usualText(isLast: Bool) -> String {
    var text = marker.text + "\n"
    if !source.isEmpty {
      for line in ScriptLines.of(source) {
        if kind == .code {
          text += (Self.isEscapable(line) ? "# " : "") + line + "\n"
        } else {
          text += (line.isEmpty ? "#" : "# " + line) + "\n"
        }
      }
    }
    return isLast ? text : text + "\n"
  }

  private var marker: CellMarker {
    var options = JSONNode.object(metadata).sorted.members ?? []
    options["mdm"] = nil
    var own: [JSONNode.Member] = []
    if let attachments { own.append(.init(name: "attachments", value: attachments.sorted)) }
    if !isNameMade { own.append(.init(name: "id", value: .string(id))) }
    // Names such as `id` or `a b` cannot stand as pairs.
    let others = options.filter {
      ["id", "attachments", Self.otherMetadata].contains($0.name)
        || !CellMarker(options: [.init(name: $0.name, value: .null)]).isReadable
    }
    for member in others { options[member.name] = nil }
    if !others.isEmpty {
      own.insert(.init(name: Self.otherMetadata, value: .object(others)), at: 0)
    }
    if let title = options["title"]?.text, !title.isEmpty {
      var rest = options
      rest["title"] = nil
      let marker = CellMarker(title: title, kind: kind, options: rest + own)
      if marker.isReadable { return marker }
    }
    return CellMarker(kind: kind, options: options + own)
  }

  private var isNameMade: Bool { id.hasPrefix(CellNames.madePrefix) }

  /// The text that the cell was read from, where it still says what the cell says.
  func keptText(isLast: Bool) -> String? {
    guard let raw = metadata["mdm"]?["text"]?.text else { return nil }
    var lines = ScriptLines.of(raw)
    if lines.last?.isEmpty == true { lines.removeLast() }
    guard !lines.isEmpty, raw.utf8.last == UInt8(ascii: "\n") || isLast,
      !lines.dropFirst().contains(where: { CellMarker($0) != nil })
    else { return nil }
    var names = CellNames()
    var read = NotebookCell(scriptLines: lines, isLast: isLast, &names)
    // An id that another cell had already was not taken over.
    if isNameMade { read.id = id }
    return read.saysTheSame(as: self) ? raw : nil
  }

  /// Whether all but outputs, layout and made ids are the same.
  func saysTheSame(as other: NotebookCell) -> Bool {
    func own(_ cell: NotebookCell) -> JSONNode {
      JSONNode.object(cell.metadata.filter { $0.name != "mdm" }).sorted
    }
    return kind == other.kind && source.isSame(as: other.source) && own(self) == own(other)
      && attachments?.sorted == other.attachments?.sorted
      && (id == other.id || isNameMade && other.isNameMade)
  }

  /// A line of code that would begin a cell is written behind `# `.
  private static func isEscapable(_ line: some StringProtocol) -> Bool {
    var rest = Substring(line)
    while rest.utf8.starts(with: "# #".utf8) { rest = Substring(rest.utf8.dropFirst(2)) }
    return CellMarker(rest) != nil
  }

  private static func isEscaped(_ line: String) -> Bool {
    line.utf8.starts(with: "# #".utf8) && isEscapable(line.withoutTwoBytes)
  }
}

extension String {
  /// Without the `# ` at its begin, which a mark that combines may have joined with what follows.
  fileprivate var withoutTwoBytes: String { String(Substring(utf8.dropFirst(2))) }
}
