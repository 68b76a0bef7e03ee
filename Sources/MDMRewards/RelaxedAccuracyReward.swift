import MDMData

/// ChartQA's measure: numbers may be off by 5 percent, other texts must agree but for case.
public struct RelaxedAccuracyReward: Verifier {
  public let name = "relaxed_accuracy"
  public let summary =
    "1 for a number within 5 % of the gold one or for the same text but for case."
  public let range = 0.0...1.0
  public let kinds: Set<AnswerKind> = [.word, .number]
  public let source: String? = "ChartQA, arXiv 2203.10244, section 5.1, as lmms-eval computes it"

  public init() {}

  public func score(_ completion: String, _ example: Example) -> Double {
    guard kinds.contains(example.kind), let text = AnswerParser.taggedText(completion) else {
      return 0
    }
    if let gold = Self.number(example.answer), gold != 0, let given = Self.number(text) {
      return abs(given - gold) / abs(gold) <= 0.05 ? 1 : 0
    }
    return text.lowercased() == example.answer.lowercased() ? 1 : 0
  }

  private static func number(_ text: String) -> Double? {
    if text.hasSuffix("%") { return AnswerParser.decimal(String(text.dropLast())).map { $0 / 100 } }
    return AnswerParser.decimal(text)
  }
}
