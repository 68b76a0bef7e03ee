import MDMData

/// Pays for the right number, however its digits are written.
public struct NumberReward: Verifier {
  public let name = "number"
  public let summary =
    "1 where the answer tags hold one number equal to the gold one: 3 and 3.0 agree."
  public let range = 0.0...1.0
  public let kinds: Set<AnswerKind> = [.number]

  public init() {}

  public func score(_ completion: String, _ example: Example) -> Double {
    guard kinds.contains(example.kind) else { return 0 }
    return AccuracyReward.accuracy(of: AnswerParser.strict(completion, for: example), example)
  }
}
