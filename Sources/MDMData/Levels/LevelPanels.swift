import MDMImages
import MDMNumerics

/// Panels at a level: two, three or four panels; in the highest all digits are black.
struct LevelPanels: ExampleGenerator {
  let level: Int
  let domain = "infovqa"
  var summary: String { PanelsGenerator().summary }
  var words: [String] { PanelsGenerator().words }

  /// The picture, and the colour of the panel that is asked for.
  static func picture(
    value: Int, level: Int, _ stream: inout RandomStream
  ) -> (image: RGBImage, color: Color, place: Int) {
    let shapes = stream.shuffled(Shape.allCases)
    let colors = stream.shuffled(Color.allCases)
    let places = stream.shuffled([0, 1, 2, 3])
    let others = stream.shuffled([1, 2, 3, 4, 5].filter { $0 != value })
    var canvas = Canvas(width: 64, height: 64)
    for index in 0...level {
      let (x, y) = (places[index] % 2 * 32, places[index] / 2 * 32)
      let digit = index == 0 ? value : others[index - 1]
      canvas.draw(shapes[index], x: Double(x + 2), y: Double(y + 2), side: 14, colors[index].rgb)
      canvas.glyph(String(digit), x: x + 16, y: y + 1, level == 3 ? .black : colors[index].rgb)
      canvas.strokeRectangle(x: x, y: y, width: 32, height: 32, RGBColor(150, 150, 150))
    }
    return (canvas.image, colors[0], places[0])
  }

  func draft(_ stream: inout RandomStream) -> Draft {
    let value = stream.integer(in: 1...5)
    let (image, color, place) = Self.picture(value: value, level: level, &stream)
    if stream.integer(below: 4) == 0 {
      return Draft(
        image: image, question: "is the \(color.rawValue) number left or right",
        answer: place % 2 == 0 ? "left" : "right", kind: .word)
    }
    return Draft(
      image: image, question: "which number is next to the \(color.rawValue) shape",
      answer: String(value), kind: .number)
  }
}

/// Composite MC at a level: charts, panels and scenes of it, asked in letters.
struct LevelComposite: ExampleGenerator {
  let level: Int
  let domain = "mmmu"
  var summary: String { CompositeGenerator().summary }
  var words: [String] { CompositeGenerator().words }

  func draft(_ stream: inout RandomStream) -> Draft {
    let correct = stream.integer(below: 3)
    switch stream.integer(below: 4) {
    case 0:
      let others = stream.shuffled([1, 2, 3, 4, 5].filter { $0 != correct + 1 }).prefix(level)
      let chart = LevelChart(values: [correct + 1] + others, &stream)
      return Self.draft(
        chart.image, "how tall is the \(chart.colors[0].rawValue) bar", CompositeGenerator.numbers,
        correct)
    case 1:
      let (image, color, _) = LevelPanels.picture(value: correct + 1, level: level, &stream)
      return Self.draft(
        image, "the number next to \(color.rawValue)", CompositeGenerator.numbers, correct)
    case 2:
      let sides = (5 - level - 1)...(5 - level)
      let scene = Scene(count: 1, sides: sides, first: Color.allCases[correct], &stream)
      return Self.draft(
        scene.image, "which colour is the shape", CompositeGenerator.colors, correct)
    default:
      let sides = level == 3 ? 1...2 : 2...(5 - level)
      return Self.draft(
        Scene(count: correct + 1, sides: sides, &stream).image, "how many shapes are there",
        CompositeGenerator.numbers, correct)
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
