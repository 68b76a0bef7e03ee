import MDMNumerics

/// Spatial-NL (for SAT): place, depth, size and number in words; the options stand in the question.
struct SpatialGenerator: ExampleGenerator {
  let domain = "sat"
  let summary = "Say in a word where a shape is, which is in front, larger or more frequent."

  var words: [String] {
    distinctWords([
      "is the shape left or right of above below the other", "which shape is in front or",
      "which shape is larger or", "are there more or shapes",
      "is the shape on the left middle or right",
    ]) + Color.words + Shape.words
  }

  func draft(_ stream: inout RandomStream) -> Draft {
    switch stream.integer(below: 6) {
    case 0: return relation(horizontal: true, &stream)
    case 1: return relation(horizontal: false, &stream)
    case 2: return front(&stream)
    case 3: return size(&stream)
    case 4:
      return Self.number(&stream) { stream in
        let many = stream.integer(in: 3...5)
        return (many, stream.integer(in: 1...(many - 2)))
      }
    default: return third(&stream)
    }
  }

  private func relation(horizontal: Bool, _ stream: inout RandomStream) -> Draft {
    // One shape in each half of the picture, so that the relation shows in either place alone.
    func start(_ item: Item) -> Int { horizontal ? item.x : item.y }
    func isBefore(_ item: Item) -> Bool { start(item) + item.side <= 4 }
    let scene = Scene(count: 2, &stream) { items in
      isBefore(items[0]) && start(items[1]) >= 4 || isBefore(items[1]) && start(items[0]) >= 4
    }
    let a = scene.items[0]  // places are exchangeable, so this is fair
    let before = isBefore(a)
    let choice = horizontal ? "left or right of" : "above or below"
    let answer = horizontal ? (before ? "left" : "right") : (before ? "above" : "below")
    let question = "is the \(a.color.rawValue) shape \(choice) the other"
    return Draft(image: scene.image, question: question, answer: answer, kind: .word)
  }

  private func front(_ stream: inout RandomStream) -> Draft {
    let colors = stream.shuffled(Color.allCases)
    let (x, y) = (stream.integer(in: 0...2), stream.integer(in: 0...2))
    let flip = stream.integer(below: 2) == 1
    let shapes = stream.shuffled([Shape.circle, .square])
    let back = Item(shape: shapes[0], color: colors[0], x: x, y: flip ? y + 2 : y, side: 4)
    let front = Item(shape: shapes[1], color: colors[1], x: x + 2, y: flip ? y : y + 2, side: 4)
    // Which of the two places is in front is drawn apart from the places themselves.
    let swap = stream.integer(below: 2) == 1
    let items =
      swap
      ? [
        Item(shape: back.shape, color: back.color, x: front.x, y: front.y, side: 4),
        Item(shape: front.shape, color: front.color, x: back.x, y: back.y, side: 4),
      ] : [back, front]
    return Draft(
      image: Scene(items: items).image,
      question: "which shape is in front \(Self.pair(colors[0], colors[1], &stream))",
      answer: colors[1].rawValue, kind: .word)
  }

  private func size(_ stream: inout RandomStream) -> Draft {
    let scene = Scene(count: 2, &stream) { abs($0[0].side - $0[1].side) == 2 }
    let (a, b) = (scene.items[0], scene.items[1])
    return Draft(
      image: scene.image,
      question: "which shape is larger \(Self.pair(a.color, b.color, &stream))",
      answer: (a.side > b.side ? a : b).color.rawValue, kind: .word)
  }

  /// Which of two colours is more frequent, with shapes on the squares of the 16-pixel grid.
  ///
  /// - Parameter counts: Draws how many there are of the one and of the other.
  static func number(
    _ stream: inout RandomStream, counts: (inout RandomStream) -> (many: Int, few: Int)
  ) -> Draft {
    let colors = stream.shuffled(Color.allCases)
    let (many, few) = counts(&stream)
    let places = stream.shuffled(Array(0..<16))
    let shape = stream.element(of: Shape.allCases)
    let items = (0..<(many + few)).map { i in
      Item(
        shape: shape, color: i < many ? colors[0] : colors[1], x: places[i] % 4 * 2,
        y: places[i] / 4 * 2, side: 2)
    }
    return Draft(
      image: Scene(items: items).image,
      question: "are there more \(pair(colors[0], colors[1], &stream)) shapes",
      answer: colors[0].rawValue, kind: .word)
  }

  private func third(_ stream: inout RandomStream) -> Draft {
    let place = stream.integer(below: 3)
    let side = stream.integer(in: 2...3)
    let x = place == 0 ? 0 : place == 2 ? 8 - side : (side == 2 ? 3 : stream.integer(in: 2...3))
    let item = Item(
      shape: stream.element(of: Shape.allCases), color: stream.element(of: Color.allCases), x: x,
      y: stream.integer(in: 0...(8 - side)), side: side)
    return Draft(
      image: Scene(items: [item]).image,
      question: "is the \(item.shape.rawValue) on the left middle or right",
      answer: ["left", "middle", "right"][place], kind: .word)
  }

  /// `red or blue`, either first.
  static func pair(_ a: Color, _ b: Color, _ stream: inout RandomStream) -> String {
    let order = stream.integer(below: 2) == 0 ? [a, b] : [b, a]
    return "\(order[0].rawValue) or \(order[1].rawValue)"
  }
}
