import CEditLine

/// The list of candidates below a prompt.
///
/// A few stand below each other, each with its type and a line of help; many stand in columns, read
/// downwards.
public struct CompletionMenu: Sendable {
  /// More candidates than these are shown by their names alone.
  public static let explained = 12

  /// The terminal's width and height.
  public var columns: Int
  public var rows: Int
  /// Whether types and help are dimmed.
  public var isColored: Bool

  /// A menu for a terminal.
  public init(columns: Int, rows: Int = 24, isColored: Bool = false) {
    self.columns = max(columns, 20)
    self.rows = max(rows, 6)
    self.isColored = isColored
  }

  /// The lines, each with its end.
  public func text(_ candidates: [Completions.Candidate]) -> String {
    let isExplained = candidates.contains { !$0.type.isEmpty || !$0.help.isEmpty }
    if candidates.count <= Self.explained && isExplained { return explained(candidates) }
    let first = candidates.filter(\.isFirst)
    guard !first.isEmpty, first.count <= rows / 2 else { return inColumns(candidates.map(\.text)) }
    // What belongs here is not lost among all that might stand here too.
    return explained(first) + more(candidates.count - first.count)
  }

  private func explained(_ candidates: [Completions.Candidate]) -> String {
    let names = min(candidates.map { Self.width($0.text) }.max() ?? 0, columns / 2)
    let types = min(candidates.map { Self.width($0.type) }.max() ?? 0, columns / 4)
    return candidates.map { candidate in
      let name = Self.padded(candidate.text, to: names)
      let type = Self.padded(Self.cut(candidate.type, to: types), to: types)
      // The last column stays free: a terminal wraps where it is written to.
      let room = columns - 1 - 2 - Self.width(name) - 2 - types - 2
      let help = room < 8 ? "" : Self.cut(candidate.help, to: room)
      let rest = Self.trimmed(types == 0 ? help : type + "  " + help)
      return Self.trimmed("  " + name + (rest.isEmpty ? "" : "  " + dimmed(rest))) + "\n"
    }.joined()
  }

  private func inColumns(_ names: [String]) -> String {
    let cut = names.map { Self.cut($0, to: columns - 1) }
    let width = (cut.map(Self.width).max() ?? 0) + 2
    let across = max(1, columns / width)
    // The prompt and the input stay on the screen.
    let shown = Array(cut.prefix(across * max(rows - 4, 4)))
    let down = (shown.count + across - 1) / across
    var text = ""
    for row in 0..<down {
      var line = ""
      for index in stride(from: row, to: shown.count, by: max(down, 1)) {
        let isLast = index + down >= shown.count
        line += isLast ? shown[index] : Self.padded(shown[index], to: width)
      }
      text += line + "\n"
    }
    return text + more(names.count - shown.count)
  }

  private func more(_ count: Int) -> String {
    count > 0 ? dimmed("… and \(count) more") + "\n" : ""
  }

  private func dimmed(_ text: String) -> String {
    isColored && !text.isEmpty ? "\u{1b}[2m\(text)\u{1b}[22m" : text
  }

  /// The columns that a text takes on a terminal.
  static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { total, scalar in
      total + max(0, Int(wcwidth(wchar_t(bitPattern: scalar.value))))
    }
  }

  private static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - self.width(text)))
  }

  /// A text of one line with at most so many columns.
  private static func cut(_ text: String, to width: Int) -> String {
    let line = text.prefix { !$0.isNewline }
    guard self.width(String(line)) > width else { return String(line) }
    var result = ""
    for character in line {
      guard self.width(result) + self.width(String(character)) < width else { break }
      result.append(character)
    }
    return result + "…"
  }

  private static func trimmed(_ text: String) -> String {
    var text = text
    while text.last == " " { text.removeLast() }
    return text
  }
}
