import MDMData
import MDMDeclarations

/// Generalised intersection over union: below 0 for boxes that are apart.
public struct GeneralizedOverlapReward: Measure {
  public let function = "giou"
  public let summary =
    "Generalised intersection over union of two boxes, -1 to 1: negative where they are apart."
  public let range = -1.0...1.0
  public let source: String? = "Rezatofighi et al., arXiv 1902.09630, algorithm 1"
  public let parameters = BoxOverlapReward.boxes
  public let examples = [
    CallExample("giou([0, 0, 1, 1], [0, 0, 1, 1])", prints: "1.0"),
    CallExample("giou([0, 0, 1, 1], [2, 0, 3, 1])", prints: "-0.3333333333333333"),
  ]

  public init() {}

  public func score(_ arguments: MeasureArguments) throws(MeasureError) -> Double {
    let gold = try arguments.box(1)
    guard let given = arguments.predictedBox(0), given.isValid, gold.isValid else { return -1 }
    let hull = Box(
      min(given.x0, gold.x0), min(given.y0, gold.y0), max(given.x1, gold.x1), max(given.y1, gold.y1)
    )
    guard hull.isValid else { return -1 }
    let overlap = given.overlap(with: gold)
    // |A| + |B| = union + shared and overlap = shared / union.
    let union = (given.area + gold.area) / (1 + overlap)
    return min(max(overlap - (hull.area - union) / hull.area, -1), 1)
  }
}
