/// What an answer is made of.
public enum AnswerKind: String, Sendable, Hashable, CaseIterable, Codable {
  /// Four cell coordinates: left, top, right, bottom.
  case box
  /// One option letter.
  case choice
  /// One word.
  case word
  /// One whole number.
  case number

  /// The word by which a prompt asks for this kind: `tags letter`.
  public var hintWord: String { self == .choice ? "letter" : rawValue }
}
