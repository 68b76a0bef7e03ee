import MDMNumerics

/// Detect at a level: one or two shapes, three, or four.
struct LevelDetect: ExampleGenerator {
  let level: Int
  let domain = "coco"
  var summary: String { DetectGenerator().summary }
  var words: [String] { DetectGenerator().words }

  func draft(_ stream: inout RandomStream) -> Draft {
    let count = level == 1 ? stream.integer(in: 1...2) : level + 1
    // The smaller shapes of the higher levels leave room for all of them.
    let sides = level == 1 ? 2...4 : level == 2 ? 2...3 : 1...3
    let scene = Scene(count: count, sides: sides, &stream)
    let target = stream.element(of: scene.items)
    return Draft(
      image: scene.image,
      question: "box the \(target.color.rawValue) \(target.shape.rawValue)",
      answer: target.answer, box: target.box, kind: .box)
  }
}
