import MDMJSON

/// What stands before the first cell of a script: shebang, comments, and the notebook's metadata
/// where they are not the usual ones.
enum ScriptHead {
  private static let fence = "# ---"
  private static let marker = "# jupyter: "

  /// How many lines of a script are its head.
  static func count(_ lines: [String]) -> Int {
    let first = lines.firstIndex { CellMarker($0) != nil } ?? lines.count
    let before = lines[..<first]
    let isComment = before.allSatisfy { $0.isEmpty || $0.utf8.first == UInt8(ascii: "#") }
    guard first < lines.count else {
      // A script without a marker is one cell.
      return isComment && before.contains { metadata(of: $0) != nil } ? lines.count : 0
    }
    return isComment ? first : before.first?.hasPrefix("#!") == true ? 1 : 0
  }

  /// The metadata that a head names.
  static func metadata(in head: String) -> [JSONNode.Member]? {
    ScriptLines.of(head).lazy.compactMap(metadata(of:)).first
  }

  private static func metadata(of line: String) -> [JSONNode.Member]? {
    guard line.utf8.starts(with: marker.utf8) else { return nil }
    let text = Array(line.utf8.dropFirst(marker.utf8.count))
    var members = (try? JSONNode(parsing: text))?.sorted.members
    members?["mdm"] = nil
    return members
  }

  /// The head of a notebook with some metadata.
  ///
  /// - Parameter kept: the head that it was read with.
  static func text(of metadata: [JSONNode.Member], kept: String?) -> String {
    let own = JSONNode.object(metadata).sorted
    let usual = JSONNode.object(Notebook.languageMetadata).sorted
    let isUsual = metadata.isEmpty || own == usual
    guard let kept, ScriptLines.of(kept).allSatisfy({ CellMarker($0) == nil }) else {
      return isUsual ? "" : block(own)
    }
    let named = self.metadata(in: kept).map { JSONNode.object($0) } ?? usual
    if named == own || named == usual && isUsual { return kept }
    // What else the head says stays before the new metadata.
    var lines = ScriptLines.of(kept)
    if let index = lines.firstIndex(where: { self.metadata(of: $0) != nil }) {
      let isFenced =
        index > 0 && index + 1 < lines.count && lines[index - 1] == fence
        && lines[index + 1] == fence
      lines.removeSubrange(isFenced ? index - 1...index + 1 : index...index)
    }
    let rest = lines.joined(separator: "\n")
    return rest + (isUsual ? "" : block(own))
  }

  private static func block(_ metadata: JSONNode) -> String {
    let text = String(decoding: metadata.compact, as: UTF8.self)
    return "\(fence)\n\(marker)\(text)\n\(fence)\n\n"
  }
}
