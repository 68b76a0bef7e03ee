/// How pictures are shown in a terminal.
enum PictureForm: String, CaseIterable {
  /// Pixels, as DEC's terminals and their followers take them.
  case sixel
  /// Pixels, as kitty and its followers take them.
  case kitty
  /// Dots in the cells of Braille's characters; images in half blocks.
  case braille
  /// Plain characters.
  case dumb
  /// By their title alone.
  case off

  /// The form that a terminal's answers and its environment allow.
  ///
  /// - Parameters:
  ///   - answers: what the terminal has answered to the queries, escape sequences and all.
  ///   - isUnicode: the locale is UTF-8.
  init(answers: String, isUnicode: Bool) {
    if answers.contains("\u{1b}_Gi=31;OK") {
      self = .kitty
    } else if Self.attributes(in: answers).dropFirst().contains("4") {
      self = .sixel
    } else {
      self = isUnicode ? .braille : .dumb
    }
  }

  /// The numbers of the primary device attributes, `ESC [ ? 6 2 ; 4 c`.
  private static func attributes(in answers: String) -> [Substring] {
    let scalars = Array(answers.unicodeScalars)
    guard
      let start = scalars.indices.last(where: {
        scalars[$0...].starts(with: "\u{1b}[?".unicodeScalars)
      }), let end = scalars[start...].firstIndex(of: "c")
    else { return [] }
    let text = String(String.UnicodeScalarView(scalars[(start + 3)..<end]))
    return text.split(separator: ";").map { Substring($0) }
  }
}
