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
    default:
      return SpatialGenerator.number(&stream) { [level] stream in
        let many = stream.integer(in: (5 - level)...(6 + level / 2))
        return (many, many - (4 - level))
      }
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
      question: "which shape is larger \(SpatialGenerator.pair(a.color, b.color, &stream))",
      answer: (a.side > b.side ? a : b).color.rawValue, kind: .word)
  }
}
