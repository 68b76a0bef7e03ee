import MDMData

/// The paper's reward: format and accuracy, nothing at all without the format.
public struct GatedReward: Verifier {
  public let name = "gated"
  public let summary = "F * (1 + 2 A): 1 for the format and 2 for accuracy, 0 without the format."
  public let range = 0.0...3.0
  public let source: String? = "arXiv 2505.24871, section 2: weights 1.0 and 2.0, hard gate"

  public init() {}

  public func score(_ completion: String, _ example: Example) -> Double {
    guard let value = AnswerParser.strict(completion, for: example) else { return 0 }
    return 1 + 2 * AccuracyReward.accuracy(of: value, example)
  }
}
