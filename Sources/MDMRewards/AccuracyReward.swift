import MDMData

/// Pays for the right answer in the right format: exact match, or the overlap of boxes.
public struct AccuracyReward: Verifier {
  public let name = "accuracy"
  public let summary =
    "1 for the exact answer, the intersection over union for a box; 0 without the format."
  public let range = 0.0...1.0
  public let source: String? = "arXiv 2505.24871, section 2 (Acc and IoU)"

  public init() {}

  public func score(_ completion: String, _ example: Example) -> Double {
    Self.accuracy(of: AnswerParser.strict(completion, for: example), example)
  }

  /// How right a parsed answer is, 0...1; nil is wrong.
  static func accuracy(of value: AnswerValue?, _ example: Example) -> Double {
    guard let value else { return 0 }
    if case .box(let cells) = value {
      guard let gold = example.box else { return 0 }
      return example.pixelBox(ofCells: cells).overlap(with: gold)
    }
    return value == AnswerValue.gold(of: example) ? 1 : 0
  }
}
