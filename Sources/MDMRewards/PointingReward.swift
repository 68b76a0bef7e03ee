import MDMData
import MDMDeclarations

/// Pays for a point on the thing that was asked for.
public struct PointingReward: Measure {
  public let function = "pointing"
  public let summary = "1 where a point lies in a box, or in one of several; edges belong to it."
  public let source: String? = "the pointing game, Zhang et al., arXiv 1608.00507"
  public let parameters = [
    ParameterDeclaration(
      "prediction", .either([.list, .string]), "A point [x, y], or a text with these two numbers."),
    ParameterDeclaration("reference", .list, "A box [x0, y0, x1, y1] or a list of boxes."),
  ]
  public let examples = [
    CallExample("pointing([1, 1], [0, 0, 2, 2])", prints: "1.0"),
    CallExample("pointing(\"(5, 1)\", [[0, 0, 2, 2], [4, 0, 6, 2]])", prints: "1.0"),
  ]

  public init() {}

  public func score(_ arguments: MeasureArguments) throws(MeasureError) -> Double {
    let boxes = try arguments.detections(1, isReference: true)
    guard let point = MeasureArguments.numbers(arguments[0], count: 2) else { return 0 }
    let isHit = boxes.contains { detection in
      let box = detection.box
      return box.isValid && point[0] >= box.x0 && point[0] <= box.x1 && point[1] >= box.y0
        && point[1] <= box.y1
    }
    return isHit ? 1 : 0
  }
}
