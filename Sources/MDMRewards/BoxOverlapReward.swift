import MDMData

/// Pays for a box by its intersection over union with the gold box.
public struct BoxOverlapReward: Verifier {
  public let name = "iou"
  public let summary = "Intersection over union of the one box in the answer tags."
  public let range = 0.0...1.0
  public let kinds: Set<AnswerKind> = [.box]
  public let source: String? = "VLM-R1's single-box reward, with continuous corners"

  public init() {}

  public func score(_ completion: String, _ example: Example) -> Double {
    guard kinds.contains(example.kind) else { return 0 }
    return AccuracyReward.accuracy(of: AnswerParser.strict(completion, for: example), example)
  }
}
