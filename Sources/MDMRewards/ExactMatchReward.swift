import MDMData

/// Pays for an answer whose text equals the gold answer's, whatever its kind.
public struct ExactMatchReward: Verifier {
  public let name = "exact_match"
  public let summary =
    "1 where the text in the answer tags equals the gold answer, white space aside."
  public let range = 0.0...1.0
  public let source: String? = "arXiv 2505.24871, section 2 (Acc, exact match only)"

  public init() {}

  public func score(_ completion: String, _ example: Example) -> Double {
    guard let text = AnswerParser.taggedText(completion) else { return 0 }
    let words = text.split(whereSeparator: \.isWhitespace)
    return words == example.answer.split(whereSeparator: \.isWhitespace) ? 1 : 0
  }
}
