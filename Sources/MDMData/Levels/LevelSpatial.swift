import MDMNumerics

/// Spatial-NL at a level: which of two shapes is to the left, above or larger, with none, one or two
/// more shapes in the picture, and with smaller differences.
struct LevelSpatial: ExampleGenerator {
  let level: Int
  let domain = "sat"
  var summary: String { SpatialGenerator().summary }
  var words: [String] { SpatialGenerator().words }

  func draft(_ stream: inout RandomStream) -> Draft {
    switch stream.integer(below: 4) {
    case 0: return relation(horizontal: true, &stream)
    case 1: return relation(horizontal: false, &stream)
    case 2: return size(&stream)
    default: return number(&stream)
    }
  }

  private func relation(horizontal: Bool, _ stream: inout RandomStream) -> Draft {
    func start(_ item: Item) -> Int { horizontal ? item.x : item.y }
    func isBefore(_ a: Item, _ b: Item) -> Bool { start(a) + a.side <= start(b) }
    let scene = Scene(count: level + 1, sides: 1...3, &stream) { items in
      isBefore(items[0], items[1]) || isBefore(items[1], items[0])
    }
    let (a, b) = (scene.items[0], scene.items[1])
    let before = isBefore(a, b)
    let choice = horizontal ? "left or right of" : "above or below"
    return Draft(
      image: scene.image,
      question: "is the \(a.color.rawValue) shape \(choice) the \(b.color.rawValue) shape",
      answer: horizontal ? (before ? "left" : "right") : (before ? "above" : "below"), kind: .word)
  }

  private func size(_ stream: inout RandomStream) -> Draft {
    let step = level == 1 ? 2 : 1
    let scene = Scene(count: level + 1, sides: 1...3, &stream) {
      abs($0[0].side - $0[1].side) == step
    }
    let (a, b) = (scene.items[0], scene.items[1])
    return Draft(
      image: scene.image,
      question: "which shape is larger \(Self.pair(a.color, b.color, &stream))",
      answer: (a.side > b.side ? a : b).color.rawValue, kind: .word)
  }

  private func number(_ stream: inout RandomStream) -> Draft {
    let colors = stream.shuffled(Color.allCases)
    let many = stream.integer(in: (5 - level)...(6 + level / 2))
    let few = many - (4 - level)
    let places = stream.shuffled(Array(0..<16))
    let shape = stream.element(of: Shape.allCases)
    let items = (0..<(many + few)).map { i in
      Item(
        shape: shape, color: i < many ? colors[0] : colors[1], x: places[i] % 4 * 2,
        y: places[i] / 4 * 2, side: 2)
    }
    return Draft(
      image: Scene(items: items).image,
      question: "are there more \(Self.pair(colors[0], colors[1], &stream)) shapes",
      answer: colors[0].rawValue, kind: .word)
  }

  private static func pair(_ a: Color, _ b: Color, _ stream: inout RandomStream) -> String {
    let order = stream.integer(below: 2) == 0 ? [a, b] : [b, a]
    return "\(order[0].rawValue) or \(order[1].rawValue)"
  }
}
