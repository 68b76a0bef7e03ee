import MDMJSON

extension Notebook {
  /// A notebook from the bytes of an `.ipynb` file.
  ///
  /// Forms 4.0 to 4.4 become 4.5: cells get ids. Unknown metadata are kept. A byte order mark, which
  /// some editors put first, counts for nothing.
  ///
  /// - Throws: `NotebookError` for what is no notebook, with the place of the first fault.
  ///
  /// Source: nbformat 4.5, https://nbformat.readthedocs.io/en/latest/format_description.html
  public init(ipynb bytes: [UInt8]) throws(NotebookError) {
    let root: JSONNode
    do {
      // In the order in which files have them, so that equal files give equal notebooks.
      let hasMark = bytes.starts(with: ScriptLines.mark.utf8)
      root = try JSONNode(parsing: hasMark ? Array(bytes.dropFirst(3)) : bytes)
        .sorted
    } catch {
      throw NotebookError(
        "it is no notebook: line \(error.line), column \(error.column): \(error.reason)",
        hint: bytes.isEmpty ? "the file is empty" : "a notebook is a JSON text; was it cut short?")
    }
    guard case .object = root else {
      throw NotebookError("it is no notebook: the text is \(root.kind), not an object")
    }
    guard let version = root["nbformat"]?.integer else {
      throw NotebookError("it is no notebook: `nbformat` is missing")
    }
    guard version == 4 else {
      throw NotebookError(
        "its format is nbformat \(version), and mdm reads 4",
        hint: version < 4 ? "jupyter nbconvert --to notebook FILE makes a newer one of it" : nil)
    }
    guard let items = root["cells"]?.elements else {
      throw NotebookError("it is no notebook: `cells` is no list")
    }
    var cells: [NotebookCell] = []
    var names = CellNames()
    for (index, item) in items.enumerated() {
      cells.append(try NotebookCell(item, place: "cell \(index + 1)", &names))
    }
    self.init(cells: cells, metadata: root["metadata"]?.members ?? [])
  }
}

/// Ids that are taken, and new ones that are not.
struct CellNames {
  private var taken: Set<String> = []

  /// Takes an id, if it is a good one that nobody has.
  mutating func take(_ id: String) -> Bool {
    let isGood =
      (1...64).contains(id.utf8.count)
      && id.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
    return isGood && taken.insert(id).inserted
  }

  /// How made ids begin: scripts do not write them down.
  static let madePrefix = "mdm-"

  /// The id of a cell that has none: that of its text, so that equal files give equal notebooks.
  mutating func make(_ kind: NotebookCell.Kind, _ source: String) -> String {
    // FNV-1a: ids need be different, not secret.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in kind.rawValue.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    for byte in source.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    var number = 0
    while true {
      let text = String(hash &+ UInt64(number), radix: 16)
      let id = String(repeating: "0", count: 16 - text.count) + text
      let name = Self.madePrefix + id.suffix(8)
      if take(name) { return name }
      number += 1
    }
  }
}

extension NotebookCell {
  fileprivate init(
    _ node: JSONNode, place: String, _ names: inout CellNames
  ) throws(NotebookError) {
    guard case .object = node else {
      throw NotebookError("\(place) is \(node.kind), not an object")
    }
    guard let kind = node["cell_type"]?.text.flatMap(Kind.init) else {
      let given = node["cell_type"]?.text.map(NotebookError.quoted) ?? "missing"
      throw NotebookError("the `cell_type` of \(place) is \(given), not code, markdown or raw")
    }
    guard let source = Self.text(node["source"]) else {
      throw NotebookError("the `source` of \(place) is no text")
    }
    let written = node["id"]?.text ?? ""
    let id = names.take(written) ? written : names.make(kind, source)
    self.init(
      kind, id: id, source: source, metadata: node["metadata"]?.members ?? [],
      attachments: node["attachments"])
    guard kind == .code else { return }
    executionCount = node["execution_count"]?.integer.map { Int($0) }
    for (index, output) in (node["outputs"]?.elements ?? []).enumerated() {
      outputs.append(try NotebookOutput(output, place: "output \(index + 1) of \(place)"))
    }
  }

  /// A text, which may be a list of its lines.
  fileprivate static func text(_ node: JSONNode?) -> String? {
    if let text = node?.text { return text }
    guard let parts = node?.elements else { return nil }
    let texts = parts.compactMap(\.text)
    return texts.count == parts.count ? texts.joined() : nil
  }
}

extension NotebookOutput {
  fileprivate init(_ node: JSONNode, place: String) throws(NotebookError) {
    func data() -> [JSONNode.Member] {
      (node["data"]?.members ?? []).map { part in
        // Lists of lines become texts; JSON types keep their lists.
        guard !NotebookOutput.isJSON(part.name), let text = NotebookCell.text(part.value) else {
          return part
        }
        return .init(name: part.name, value: .string(text))
      }
    }
    let metadata = node["metadata"]?.members ?? []
    switch node["output_type"]?.text {
    case "stream"?:
      self = .stream(
        name: node["name"]?.text ?? "stdout", text: NotebookCell.text(node["text"]) ?? "")
    case "display_data"?: self = .display(data: data(), metadata: metadata)
    case "execute_result"?:
      self = .result(
        count: node["execution_count"]?.integer.map { Int($0) }, data: data(), metadata: metadata)
    case "error"?:
      self = .error(
        name: node["ename"]?.text ?? "", value: node["evalue"]?.text ?? "",
        traceback: (node["traceback"]?.elements ?? []).compactMap(\.text))
    case let type:
      throw NotebookError(
        "the `output_type` of \(place) is \(type.map(NotebookError.quoted) ?? "missing")",
        hint: "it is stream, display_data, execute_result or error")
    }
  }

  /// Whether the contents of a media type are JSON rather than text.
  static func isJSON(_ type: String) -> Bool {
    type == "application/json" || type.hasPrefix("application/") && type.hasSuffix("+json")
  }
}
