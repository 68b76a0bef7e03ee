import MDMData
import MDMDeclarations

/// Pays for a box by its intersection over union with the gold box.
public struct BoxOverlapReward: Verifier, Measure {
  public let name = "iou"
  public let function = "iou"
  public let summary = "Intersection over union of two boxes; 0 where one is degenerate."
  public let range = 0.0...1.0
  public let kinds: Set<AnswerKind> = [.box]
  public let source: String? = "VLM-R1's single-box reward, with continuous corners"
  public let parameters = BoxOverlapReward.boxes
  public let examples = [
    CallExample("iou([0, 0, 2, 2], [1, 0, 3, 2])", prints: "0.3333333333333333"),
    CallExample("iou(\"[0, 0, 2, 2] or [1, 0, 3, 2]\", [1, 0, 3, 2])", prints: "0.0"),
  ]
  static let boxes = [
    ParameterDeclaration(
      "prediction", .either([.list, .string]),
      "A box [x0, y0, x1, y1], or a text with these four numbers."),
    ParameterDeclaration("reference", .list, "A box in the same units."),
  ]

  public init() {}

  public func score(_ completion: String, _ example: MDMData.Example) -> Double {
    guard kinds.contains(example.kind) else { return 0 }
    return AccuracyReward.accuracy(of: AnswerParser.strict(completion, for: example), example)
  }

  public func score(_ arguments: MeasureArguments) throws(MeasureError) -> Double {
    let reference = try arguments.box(1)
    return arguments.predictedBox(0)?.overlap(with: reference) ?? 0
  }
}
