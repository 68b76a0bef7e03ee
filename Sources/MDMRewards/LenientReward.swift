import MDMData

/// Measures skill apart from format: accuracy of whatever answer can be found.
public struct LenientReward: Verifier {
  public let name = "lenient"
  public let summary = "Accuracy of the last answer of the asked type, with or without tags."
  public let range = 0.0...1.0
  public let resistsHedging = false

  public init() {}

  public func score(_ completion: String, _ example: Example) -> Double {
    AccuracyReward.accuracy(of: AnswerParser.lenient(completion, for: example), example)
  }
}
