import MDMData

/// Pays for naming the right option, and no other, by its letter.
public struct ChoiceReward: Verifier {
  public let name = "choice"
  public let summary = "1 where the answer tags hold exactly the right option letter."
  public let range = 0.0...1.0
  public let kinds: Set<AnswerKind> = [.choice]
  public let source: String? = "against Visual-RFT issue 79: `A or B or C` scored 1 there"

  public init() {}

  public func score(_ completion: String, _ example: Example) -> Double {
    guard kinds.contains(example.kind) else { return 0 }
    return AccuracyReward.accuracy(of: AnswerParser.strict(completion, for: example), example)
  }
}
