import MDMData

/// A parsed answer.
public enum AnswerValue: Sendable, Equatable {
  /// A box in cells of the image (0...8 along each axis).
  case box(Box)
  /// An option letter.
  case choice(String)
  /// Lower-cased words separated by single spaces.
  case word(String)
  case number(Double)

  /// The value of an example's own gold answer.
  public static func gold(of example: Example) -> AnswerValue? {
    AnswerParser.value(of: example.answer, kind: example.kind, letters: example.letters)
  }
}
