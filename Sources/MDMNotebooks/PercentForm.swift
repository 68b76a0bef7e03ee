import MDMJSON

/// Notebooks as scripts: cells begin with `# %%` lines, Markdown stands in comments.
///
/// A script makes a notebook and the notebook the same script again, byte for byte: where the usual
/// layout would differ, the cell keeps its text in the metadata `mdm.text`, which counts for as long
/// as nobody changes the cell.
extension Notebook {
  /// A notebook from a script. Any text is one; lines may end as Windows ends them.
  ///
  /// A byte order mark, which some editors put first, is no part of the first cell.
  public init(script file: String) {
    if let rest = ScriptLines.withoutMark(file) {
      self.init(script: rest)
      var layout = metadata["mdm"]?.members ?? []
      layout["byte_order_mark"] = .bool(true)
      metadata["mdm"] = .object(layout)
      return
    }
    let bare = ScriptLines.endWithReturns(file) ? ScriptLines.withoutReturns(file) : file
    // Two returns before every line feed are nobody's line ends.
    let hasReturns = bare.utf8.count < file.utf8.count && !ScriptLines.endWithReturns(bare)
    let text = hasReturns ? bare : file
    var lines = ScriptLines.of(text)
    let isTerminated = lines.last?.isEmpty == true
    if isTerminated { lines.removeLast() }
    let (headCount, starts) = Self.parts(of: lines)
    let isAll = headCount == lines.count
    let head =
      lines[..<headCount].joined(separator: "\n")
      + (headCount == 0 || isAll && !isTerminated ? "" : "\n")
    self.init()
    if let members = ScriptHead.metadata(in: head) { metadata = members }
    var names = CellNames()
    for (position, start) in starts.enumerated() {
      let end = position + 1 < starts.count ? starts[position + 1] : lines.count
      let isLast = end == lines.count
      let cell = NotebookCell(scriptLines: Array(lines[start..<end]), isLast: isLast, &names)
      let raw = lines[start..<end].joined(separator: "\n") + (isLast && !isTerminated ? "" : "\n")
      cells.append(cell)
      if !cell.usualText(isLast: isLast).isSame(as: raw) {
        cells[position].metadata["mdm"] = .object([.init(name: "text", value: .string(raw))])
      }
    }
    // What is left: a head that the usual layout would write otherwise.
    var layout: [JSONNode.Member] = []
    if !composed(.asRead).isSame(as: text) {
      layout.append(.init(name: "head", value: .string(head)))
    }
    if hasReturns { layout.append(.init(name: "line_end", value: .string("\r\n"))) }
    if !layout.isEmpty { metadata["mdm"] = .object(layout) }
  }

  /// How many lines the head has, and where the cells begin.
  private static func parts(of lines: [String]) -> (head: Int, starts: [Int]) {
    let head = ScriptHead.count(lines)
    var starts: [Int] = head < lines.count ? [head] : []
    for index in lines.indices.dropFirst(head + 1) {
      if CellMarker(lines[index]) != nil {
        starts.append(index)
      } else if let start = starts.last, leavesComment(lines, from: start, at: index) {
        starts.append(index)
      }
    }
    return (head, starts)
  }

  /// The lines of a script, from 1, on which the sources of its cells begin.
  public static func firstLines(ofScript file: String) -> [Int] {
    let file = ScriptLines.withoutMark(file) ?? file
    var lines = ScriptLines.of(
      ScriptLines.endWithReturns(file) ? ScriptLines.withoutReturns(file) : file)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return parts(of: lines).starts.map { CellMarker(lines[$0]) == nil ? $0 + 1 : $0 + 2 }
  }

  /// Whether the comment of a Markdown or raw cell ends here: what follows is code without a marker.
  private static func leavesComment(_ lines: [String], from start: Int, at index: Int) -> Bool {
    guard !lines[index].isEmpty, lines[index].utf8.first != UInt8(ascii: "#"),
      let marker = CellMarker(lines[start])
    else { return false }
    return marker.kind != .code
  }

  // MARK: Writing

  /// The notebook as a script; outputs have no place in it, nor have ids that were made of
  /// a cell's text.
  public var script: String {
    var text = ""
    for layout in [Layout.asRead, .asReadWithMarkers, .usual] {
      text = composed(layout)
      // Cells that came or went may have joined what was read apart.
      if Notebook(script: text).saysTheSame(as: self) { break }
    }
    let hasReturns = metadata["mdm"]?["line_end"]?.text?.isSame(as: "\r\n") == true
    let mark = metadata["mdm"]?["byte_order_mark"] == .bool(true) ? ScriptLines.mark : ""
    return mark + (hasReturns ? ScriptLines.withReturns(text) : text)
  }

  /// Which texts stay as they were read.
  private enum Layout { case asRead, asReadWithMarkers, usual }

  private func composed(_ layout: Layout) -> String {
    var own = metadata
    own["mdm"] = nil
    let kept = layout == .usual ? nil : metadata["mdm"]?["head"]?.text
    var text = ScriptHead.text(of: own, kept: kept)
    for (index, cell) in cells.enumerated() {
      let isLast = index == cells.count - 1
      let kept = layout == .usual ? nil : cell.keptText(isLast: isLast)
      if let kept, layout == .asRead || CellMarker(ScriptLines.of(kept)[0]) != nil {
        text += kept
      } else {
        text += cell.usualText(isLast: isLast)
      }
    }
    return text
  }

  /// Whether all but outputs, layout and made ids are the same.
  private func saysTheSame(as other: Notebook) -> Bool {
    func own(_ members: [JSONNode.Member]) -> JSONNode {
      let own = members.filter { $0.name != "mdm" }
      return JSONNode.object(own.isEmpty ? Self.languageMetadata : own).sorted
    }
    return cells.count == other.cells.count && own(metadata) == own(other.metadata)
      && zip(cells, other.cells).allSatisfy { $0.saysTheSame(as: $1) }
  }
}
