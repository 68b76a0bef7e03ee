import MDMImages
import MDMNumerics

/// Captions: the skills beneath all nine families, in a wording that no benchmark uses.
///
/// One family a kind of picture. They are trained in the warm-up only, so that a held-out
/// benchmark asks for a known skill in unknown words.
struct CaptionGenerator: ExampleGenerator {
  /// A kind of picture.
  enum Family: String, CaseIterable, Sendable {
    case arrows
    case bars
    case figures
    case options
    case panels
    case scenes
  }

  /// What all caption domains' names begin with.
  static let prefix = "caption_"

  let family: Family

  /// The option lists of the suite, whose letters never change place.
  private static let lists = [
    CompositeGenerator.numbers, ComputeGenerator.sums, CompositeGenerator.colors,
    CompositeGenerator.shapes,
  ]

  var domain: String { Self.prefix + family.rawValue }

  var summary: String {
    switch family {
    case .arrows: "The letter at the end of a colour's arrow."
    case .bars: "A bar's value, the tallest or shortest bar, sums and differences."
    case .figures: "The digits at a rectangle's sides, the number of a polygon's sides."
    case .options: "The letter of an option that the question names."
    case .panels: "The number of a panel's colour, the half it is in, its letter."
    case .scenes: "The colour, shape, place, side and number of shapes."
    }
  }

  var words: [String] {
    let phrases =
      switch family {
      case .arrows: ["arrow from"]
      case .bars:
        [
          "value of bar", "name tallest bar", "name shortest bar", "minus", "plus", "letter of",
        ]
      case .figures: ["wide digit", "tall digit", "count sides"]
      case .options: ["letter of in"]
      case .panels: ["number of panel", "half of panel left right", "letter of"]
      case .scenes:
        [
          "colour of", "shape of", "column of", "row of", "side of", "count shapes",
          "letter of colour", "letter of shape", "letter of count",
        ]
      }
    return distinctWords(phrases + Self.lists.map(\.text)) + Color.words + Shape.words
      + (0...8).map(String.init)
  }

  func draft(_ stream: inout RandomStream) -> Draft {
    switch family {
    case .arrows: arrows(&stream)
    case .bars: bars(&stream)
    case .figures: figures(&stream)
    case .options: options(&stream)
    case .panels: panels(&stream)
    case .scenes: scenes(&stream)
    }
  }

  private func arrows(_ stream: inout RandomStream) -> Draft {
    let target = stream.integer(below: 3)
    let diagram = ArrowDiagram(target: target, &stream)
    return Draft(
      image: diagram.image(upper: stream.integer(below: 2) == 0),
      question: "arrow from \(diagram.sources[0].color.rawValue)",
      answer: Example.letters(3)[target], options: Example.letters(3), kind: .choice)
  }

  private func bars(_ stream: inout RandomStream) -> Draft {
    let turn = stream.integer(below: 10)
    switch turn {
    case 0...3, 9:
      // The value of a bar, as a number or as the letter of its option.
      var values = BarChart.distinctValues(&stream)
      if turn == 9 {
        let first = stream.integer(in: 1...3)
        values = [first] + stream.shuffled([1, 2, 3, 4, 5].filter { $0 != first }).prefix(2)
      }
      let chart = BarChart(values: values, &stream)
      let bar = "\(chart.asked[0].rawValue) bar"
      if turn == 9 {
        return Self.letter(of: bar, CompositeGenerator.numbers, values[0] - 1, chart.image)
      }
      return Draft(
        image: chart.image, question: "value of \(bar)", answer: String(values[0]), kind: .number)
    case 4, 5:
      let values = BarChart.distinctValues(&stream)
      let chart = BarChart(values: values, &stream)
      let tallest = turn == 4
      return Draft(
        image: chart.image, question: "name \(tallest ? "tallest" : "shortest") bar",
        answer: BarsGenerator.color(of: tallest ? values.max() : values.min(), values, chart),
        kind: .word)
    default:
      let correct = stream.integer(below: 3)
      let isSum = stream.integer(below: 2) == 0
      let values =
        isSum
        ? ComputeGenerator.values(sum: correct + 3, &stream)
        : ComputeGenerator.values(difference: correct + 1, &stream)
      let chart = BarChart(values: values, &stream)
      let (a, b) = (chart.asked[0].rawValue, chart.asked[1].rawValue)
      let text = "\(a) \(isSum ? "plus" : "minus") \(b)"
      if turn == 6 {
        return Draft(
          image: chart.image, question: text, answer: String(isSum ? correct + 3 : correct + 1),
          kind: .number)
      }
      let options = isSum ? ComputeGenerator.sums : ComputeGenerator.differences
      return Self.letter(of: text, options, correct, chart.image)
    }
  }

  /// `letter of … A 1 B 2 C 3`
  private static func letter(
    of text: String, _ options: FixedOptions, _ correct: Int, _ image: RGBImage
  ) -> Draft {
    Draft(
      image: image, question: "letter of \(text) \(options.text)",
      answer: options.letter(correct), options: options.texts, kind: .choice)
  }

  private func figures(_ stream: inout RandomStream) -> Draft {
    let color = stream.element(of: Color.allCases)
    if stream.integer(below: 3) == 0 {
      let sides = stream.integer(in: 3...5)
      return Draft(
        image: Figure.polygon(sides: sides, color: color, &stream), question: "count sides",
        answer: String(sides), kind: .number)
    }
    let (w, h) = (stream.integer(in: 1...5), stream.integer(in: 1...5))
    let wide = stream.integer(below: 2) == 0
    return Draft(
      image: Figure.rectangle(width: w, height: h, color: color),
      question: wide ? "wide digit" : "tall digit", answer: String(wide ? w : h), kind: .number)
  }

  private func options(_ stream: inout RandomStream) -> Draft {
    let list = stream.element(of: Self.lists)
    let correct = stream.integer(below: 3)
    let image = Scene(count: stream.integer(in: 1...3), &stream).image
    return Self.letter(of: "\(list.texts[correct]) in", list, correct, image)
  }

  private func panels(_ stream: inout RandomStream) -> Draft {
    if stream.integer(below: 4) == 0 {
      let correct = stream.integer(below: 3)
      let others = stream.shuffled([1, 2, 3, 4, 5].filter { $0 != correct + 1 }).prefix(3)
      let place = stream.integer(below: 4)
      var values = Array(others)
      values.insert(correct + 1, at: place)
      let picture = PanelPicture(values: values, &stream)
      return Self.letter(
        of: "\(picture.panels[place].color.rawValue) panel", CompositeGenerator.numbers, correct,
        picture.image)
    }
    let picture = PanelPicture(
      values: Array(stream.shuffled([1, 2, 3, 4, 5]).prefix(4)), &stream)
    let at = stream.integer(below: 4)
    let asked = picture.panels[at]
    if stream.integer(below: 3) == 0 {
      return Draft(
        image: picture.image, question: "half of \(asked.color.rawValue) panel",
        answer: at % 2 == 0 ? "left" : "right", kind: .word)
    }
    return Draft(
      image: picture.image, question: "number of \(asked.color.rawValue) panel",
      answer: String(asked.value), kind: .number)
  }

  private func scenes(_ stream: inout RandomStream) -> Draft {
    let correct = stream.integer(below: 3)
    switch stream.integer(below: 9) {
    case 0:
      let scene = Scene(count: 1, first: Color.allCases[correct], &stream)
      return Self.letter(of: "colour", CompositeGenerator.colors, correct, scene.image)
    case 1:
      let item = Scene(count: 1, &stream).items[0]
      let shown = Item(
        shape: Shape.allCases[correct], color: item.color, x: item.x, y: item.y, side: item.side)
      return Self.letter(
        of: "shape", CompositeGenerator.shapes, correct, Scene(items: [shown]).image)
    case 2:
      let scene = Scene(count: correct + 1, &stream)
      return Self.letter(of: "count", CompositeGenerator.numbers, correct, scene.image)
    default: return sceneWords(&stream)
    }
  }

  private func sceneWords(_ stream: inout RandomStream) -> Draft {
    let scene = Scene(count: stream.integer(in: 1...3), &stream)
    let item = stream.element(of: scene.items)
    let (question, answer, kind): (String, String, AnswerKind) =
      switch stream.integer(below: 6) {
      case 0: ("colour of \(item.shape.rawValue)", item.color.rawValue, .word)
      case 1: ("shape of \(item.color.rawValue)", item.shape.rawValue, .word)
      case 2: ("column of \(item.color.rawValue)", String(item.x), .number)
      case 3: ("row of \(item.color.rawValue)", String(item.y), .number)
      case 4: ("side of \(item.color.rawValue)", String(item.side), .number)
      default: ("count shapes", String(scene.items.count), .number)
      }
    return Draft(image: scene.image, question: question, answer: answer, kind: kind)
  }
}
