import MDMImages
import MDMNumerics

/// Composite MC (for MMMU, held out): charts, panels, scenes and diagrams asked in letters.
struct CompositeGenerator: ExampleGenerator {
  let domain = "mmmu"
  let summary = "Choose among fixed options what other families ask for in words or numbers."

  static let numbers = FixedOptions("1", "2", "3")
  static let colors = FixedOptions("red", "green", "blue")
  static let shapes = FixedOptions("circle", "square", "triangle")

  var words: [String] {
    distinctWords([
      "how tall is the bar \(Self.numbers.text)", "the number next to \(Self.numbers.text)",
      "which colour is the shape \(Self.colors.text)", "which shape is there \(Self.shapes.text)",
      "how many shapes are there \(Self.numbers.text)",
    ]) + Color.words + Shape.words
  }

  func draft(_ stream: inout RandomStream) -> Draft {
    let correct = stream.integer(below: 3)
    switch stream.integer(below: 5) {
    case 0:
      let others = stream.shuffled([1, 2, 3, 4, 5].filter { $0 != correct + 1 })
      let chart = BarChart(values: [correct + 1, others[0], others[1]], &stream)
      return Self.draft(
        chart.image, "how tall is the \(chart.asked[0].rawValue) bar", Self.numbers, correct)
    case 1:
      let others = stream.shuffled([1, 2, 3, 4, 5].filter { $0 != correct + 1 }).prefix(3)
      let place = stream.integer(below: 4)
      var values = Array(others)
      values.insert(correct + 1, at: place)
      let picture = PanelPicture(values: values, &stream)
      return Self.draft(
        picture.image, "the number next to \(picture.panels[place].color.rawValue)",
        Self.numbers, correct)
    case 2:
      let scene = Scene(count: 1, first: Color.allCases[correct], &stream)
      return Self.draft(scene.image, "which colour is the shape", Self.colors, correct)
    case 3:
      let item = Scene(count: 1, sides: 3...4, &stream).items[0]
      let shown = Item(
        shape: Shape.allCases[correct], color: item.color, x: item.x, y: item.y, side: item.side)
      return Self.draft(
        Scene(items: [shown]).image, "which shape is there", Self.shapes, correct)
    default:
      return Self.draft(
        Scene(count: correct + 1, &stream).image, "how many shapes are there", Self.numbers, correct
      )
    }
  }

  private static func draft(
    _ image: RGBImage, _ question: String, _ options: FixedOptions, _ correct: Int
  ) -> Draft {
    Draft(
      image: image, question: "\(question) \(options.text)", answer: options.letter(correct),
      options: options.texts, kind: .choice)
  }
}
