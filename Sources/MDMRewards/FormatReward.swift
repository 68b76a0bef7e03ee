import MDMData

/// Pays for an answer in its tags that has the asked type, right or wrong.
public struct FormatReward: Verifier {
  public let name = "format"
  public let summary = "1 where the completion is `<answer> x </answer>` with x of the asked type."
  public let range = 0.0...1.0
  public let source: String? = "arXiv 2505.24871, section 2 (Format)"

  public init() {}

  public func score(_ completion: String, _ example: Example) -> Double {
    AnswerParser.strict(completion, for: example) == nil ? 0 : 1
  }
}
