import MDMNumerics

/// Refer (for LISA): box the shape that is described by its place or size among the others.
struct ReferGenerator: ExampleGenerator {
  let domain = "lisa"
  let summary = "Box the shape that is described by its size or place among the others."

  private enum Criterion: String, CaseIterable {
    case largest
    case smallest
    case leftmost
    case rightmost
    case topmost
    case bottommost
    case beside
  }

  var words: [String] {
    distinctWords(["box the shape beside the"]) + Criterion.allCases.map(\.rawValue)
      + Color.words + Shape.words + (0...8).map(String.init)
  }

  func draft(_ stream: inout RandomStream) -> Draft {
    let criterion = stream.element(of: Criterion.allCases)
    if criterion == .beside {
      let scene = Scene(count: 2, &stream)
      let other = stream.integer(below: 2)
      let (named, target) = (scene.items[other], scene.items[1 - other])
      return Draft(
        image: scene.image,
        question: "box the shape beside the \(named.color.rawValue) \(named.shape.rawValue)",
        answer: target.answer, box: target.box, kind: .box)
    }
    let scene = Scene(count: stream.integer(in: 2...3), &stream) { items in
      let ranks = items.map { Self.rank($0, criterion) }.sorted()
      return ranks[0] < ranks[1]  // one shape fits best
    }
    let target =
      scene.items.min { Self.rank($0, criterion) < Self.rank($1, criterion) } ?? scene.items[0]
    return Draft(
      image: scene.image, question: "box the \(criterion.rawValue) shape",
      answer: target.answer, box: target.box, kind: .box)
  }

  /// Smaller is a better fit. Places are compared by the nearest edge.
  private static func rank(_ item: Item, _ criterion: Criterion) -> Int {
    switch criterion {
    case .largest: -item.side
    case .smallest: item.side
    case .leftmost: item.x
    case .rightmost: -(item.x + item.side)
    case .topmost: item.y
    case .bottommost: -(item.y + item.side)
    case .beside: 0
    }
  }
}
