/// Names in columns, read downwards.
public enum CandidateList {
  /// The names in as many columns as fit, at most `limit` of them.
  public static func text(_ names: [String], columns: Int, limit: Int = 120) -> String {
    let shown = Array(names.prefix(max(limit, 1)))
    let width = (shown.map(\.unicodeScalars.count).max() ?? 0) + 2
    let across = max(1, columns / max(width, 1))
    let down = (shown.count + across - 1) / max(across, 1)
    var text = ""
    for row in 0..<down {
      var line = ""
      for index in stride(from: row, to: shown.count, by: max(down, 1)) {
        let isLast = index + down >= shown.count
        let blanks = isLast ? 0 : width - shown[index].unicodeScalars.count
        line += shown[index] + String(repeating: " ", count: blanks)
      }
      text += line + "\n"
    }
    if names.count > shown.count { text += "… and \(names.count - shown.count) more\n" }
    return text
  }
}
