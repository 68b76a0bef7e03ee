import MDMNumerics

/// Refer at a level: the shape that fits best among two, three or four.
///
/// The target's box is drawn before the criterion, of one size and off the edges, where each
/// criterion can be met: `leftmost` says nothing of where the box is.
struct LevelRefer: ExampleGenerator {
  let level: Int
  let domain = "lisa"
  var summary: String { ReferGenerator().summary }
  var words: [String] { ReferGenerator().words }

  private static let criteria = [
    "largest", "smallest", "leftmost", "rightmost", "topmost", "bottommost",
  ]

  func draft(_ stream: inout RandomStream) -> Draft {
    let side = 2
    let shapes = stream.shuffled(Shape.allCases)
    let colors = stream.shuffled(Color.allCases)
    let target = Item(
      shape: shapes[0], color: colors[0], x: stream.integer(in: 1...5),
      y: stream.integer(in: 1...5), side: side)
    let criterion = stream.element(of: Self.criteria)
    var items = [target]
    while items.count < level + 1 {
      let other = Self.other(
        than: target, criterion, shapes[items.count], colors[items.count], &stream)
      if !items.contains(where: other.overlaps) {
        items.append(other)
      } else if stream.integer(below: 60) == 0 {
        // Others may stand in each other's way: they are placed anew, the target stays.
        items = [target]
      }
    }
    return Draft(
      image: Scene(items: stream.shuffled(items)).image, question: "box the \(criterion) shape",
      answer: target.answer, box: target.box, kind: .box)
  }

  /// Another shape that fits a criterion worse than the target.
  private static func other(
    than target: Item, _ criterion: String, _ shape: Shape, _ color: Color,
    _ stream: inout RandomStream
  ) -> Item {
    let sides =
      criterion == "largest" ? 1...1 : criterion == "smallest" ? 3...3 : 1...2
    let side = stream.integer(in: sides)
    var (xs, ys) = (0...(8 - side), 0...(8 - side))
    switch criterion {
    case "leftmost": xs = (target.x + 1)...(8 - side)
    case "rightmost": xs = 0...(target.x + target.side - 1 - side)
    case "topmost": ys = (target.y + 1)...(8 - side)
    case "bottommost": ys = 0...(target.y + target.side - 1 - side)
    default: break
    }
    return Item(
      shape: shape, color: color, x: stream.integer(in: xs), y: stream.integer(in: ys), side: side)
  }
}
