import MDMJSON

/// Notebooks as scripts: cells begin with `# %%` lines, Markdown stands in comments.
///
/// A script makes a notebook and the notebook the same script again, byte for byte: where the usual
/// layout would differ, the cell keeps its text in the metadata `mdm.text`, which counts for as long
/// as nobody changes the cell.
extension Notebook {
  /// A notebook from a script. Any text is one.
  public init(script text: String) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let isTerminated = lines.last?.isEmpty == true
    if isTerminated { lines.removeLast() }
    let first = lines.firstIndex { CellMarker($0) != nil } ?? lines.count
    // Shebang and comments before the first cell belong to the file.
    let headCount = first == lines.count && !lines.isEmpty ? 0 : Self.headCount(lines[..<first])
    let head = lines[..<headCount].map { $0 + "\n" }.joined()
    var starts: [Int] = headCount < lines.count ? [headCount] : []
    for index in lines.indices.dropFirst(headCount + 1) {
      if CellMarker(lines[index]) != nil {
        starts.append(index)
      } else if let start = starts.last, Self.leavesComment(lines, from: start, at: index) {
        starts.append(index)
      }
    }
    self.init()
    readHead(head)
    var names = CellNames()
    for (position, start) in starts.enumerated() {
      let end = position + 1 < starts.count ? starts[position + 1] : lines.count
      let isLast = end == lines.count
      let cell = Self.cell(Array(lines[start..<end]), isLast: isLast, &names)
      let raw = lines[start..<end].joined(separator: "\n") + (isLast && !isTerminated ? "" : "\n")
      cells.append(cell)
      if Self.text(of: cell, isLast: isLast, id: nil) != raw {
        cells[position].metadata["mdm"] = .object([.init(name: "text", value: .string(raw))])
      }
    }
    let isWhole = script == text
    // What is left: a head that the usual layout would write otherwise.
    if !isWhole { metadata["mdm"] = .object([.init(name: "head", value: .string(head))]) }
  }

  /// The notebook as a script; outputs have no place in it, nor have ids that were made of
  /// a cell's text.
  public var script: String {
    var text = head
    for (index, cell) in cells.enumerated() {
      let isLast = index == cells.count - 1
      let isMade = cell.id.hasPrefix(CellNames.madePrefix)
      text +=
        Self.kept(cell, isLast: isLast)
        ?? Self.text(of: cell, isLast: isLast, id: isMade ? nil : cell.id)
    }
    return text
  }

  // MARK: The head

  /// The lines before the first cell, as far as they are comments or blank.
  private static func headCount(_ lines: ArraySlice<String>) -> Int {
    let isHead = lines.allSatisfy { $0.isEmpty || $0.hasPrefix("#") }
    return isHead ? lines.count : lines.first?.hasPrefix("#!") == true ? 1 : 0
  }

  private mutating func readHead(_ head: String) {
    let marker = "# jupyter: "
    for line in head.split(separator: "\n") where line.hasPrefix(marker) {
      let text = line.dropFirst(marker.count)
      if let members = (try? JSONNode(parsing: Array(text.utf8)))?.members { metadata = members }
    }
  }

  private var head: String {
    if let head = metadata["mdm"]?["head"]?.text { return head }
    var own = metadata
    own["mdm"] = nil
    guard own != Self.languageMetadata, !own.isEmpty else { return "" }
    let text = String(decoding: JSONNode.object(own).compact, as: UTF8.self)
    return "# ---\n# jupyter: \(text)\n# ---\n\n"
  }

  // MARK: Cells

  /// Whether the comment of a Markdown or raw cell ends here: what follows is code without a marker.
  private static func leavesComment(_ lines: [String], from start: Int, at index: Int) -> Bool {
    guard let marker = CellMarker(lines[start]), marker.kind != .code else { return false }
    return !lines[index].isEmpty && !lines[index].hasPrefix("#")
  }

  private static func cell(
    _ lines: [String], isLast: Bool, _ names: inout CellNames
  ) -> NotebookCell {
    let marker = CellMarker(lines[0])
    var body = marker == nil ? lines : Array(lines.dropFirst())
    // The blank line between two cells is neither's.
    if !isLast, body.last?.isEmpty == true { body.removeLast() }
    let kind = marker?.kind ?? .code
    let source = body.map { line in
      guard kind != .code else { return Self.isEscaped(line) ? String(line.dropFirst(2)) : line }
      return line.hasPrefix("# ") ? String(line.dropFirst(2)) : line == "#" ? "" : line
    }.joined(separator: "\n")
    var metadata = marker?.options ?? []
    let id = metadata["id"]?.text
    let attachments = metadata["attachments"]
    metadata["id"] = nil
    metadata["attachments"] = nil
    if let marker, !marker.title.isEmpty {
      metadata.insert(.init(name: "title", value: .string(marker.title)), at: 0)
    }
    let taken = id.flatMap { names.take($0) ? $0 : nil }
    return NotebookCell(
      kind, id: taken ?? names.make(kind, source), source: source, metadata: metadata,
      attachments: attachments)
  }

  /// The usual text of a cell, with the blank line behind it unless it is the last one.
  private static func text(of cell: NotebookCell, isLast: Bool, id: String?) -> String {
    var options = cell.metadata
    options["mdm"] = nil
    let title = options["title"]?.text ?? ""
    if !title.isEmpty { options["title"] = nil }
    if let attachments = cell.attachments {
      options.append(.init(name: "attachments", value: attachments))
    }
    if let id { options.append(.init(name: "id", value: .string(id))) }
    var marker = CellMarker(title: title, kind: cell.kind, options: options)
    if !marker.isReadable, !title.isEmpty {
      marker.title = ""
      marker.options.insert(.init(name: "title", value: .string(title)), at: 0)
    }
    var text = marker.text + "\n"
    if !cell.source.isEmpty {
      for line in cell.source.split(separator: "\n", omittingEmptySubsequences: false) {
        if cell.kind == .code {
          text += (Self.isEscapable(line) ? "# " : "") + line + "\n"
        } else {
          text += (line.isEmpty ? "#" : "# " + line) + "\n"
        }
      }
    }
    return isLast ? text : text + "\n"
  }

  /// The text that a cell was read from, where it still says what the cell says.
  private static func kept(_ cell: NotebookCell, isLast: Bool) -> String? {
    guard let raw = cell.metadata["mdm"]?["text"]?.text else { return nil }
    var lines = raw.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last?.isEmpty == true { lines.removeLast() }
    guard !lines.isEmpty, raw.hasSuffix("\n") || isLast,
      !lines.dropFirst().contains(where: { CellMarker($0) != nil })
    else { return nil }
    var names = CellNames()
    var own = cell
    own.metadata["mdm"] = nil
    var read = Self.cell(lines, isLast: isLast, &names)
    read.id = cell.id
    return read == own.withoutOutputs ? raw : nil
  }

  /// A line of code that would begin a cell is written behind `# `.
  private static func isEscapable(_ line: Substring) -> Bool {
    var rest = line
    while rest.hasPrefix("# #") { rest = rest.dropFirst(2) }
    return CellMarker(rest) != nil
  }

  private static func isEscaped(_ line: String) -> Bool {
    line.hasPrefix("# #") && isEscapable(line.dropFirst(2))
  }
}

extension NotebookCell {
  fileprivate var withoutOutputs: NotebookCell {
    var cell = self
    cell.outputs = []
    cell.executionCount = nil
    return cell
  }
}
