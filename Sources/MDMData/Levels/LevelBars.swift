import MDMImages
import MDMNumerics

/// Charts of two to four bars of values 1...5.
struct LevelChart: Sendable {
  let colors: [Color]
  /// In the order of `colors`.
  let values: [Int]
  private let order: [Int]

  init(values: [Int], _ stream: inout RandomStream) {
    self.values = values
    colors = Array(stream.shuffled(Color.allCases).prefix(values.count))
    order = stream.shuffled(Array(values.indices))
  }

  var image: RGBImage {
    var canvas = Canvas(width: 64, height: 64)
    for value in 1...5 {
      canvas.text(String(value), x: 3, y: 62 - value * 12, .black)
      canvas.fillRectangle(x: 11, y: 62 - value * 12, width: 53, height: 1, RGBColor(215, 215, 215))
    }
    let step = 48 / values.count
    for (place, index) in order.enumerated() {
      canvas.fillRectangle(
        x: 15 + place * step, y: 62 - values[index] * 12, width: step - 2,
        height: values[index] * 12, colors[index].rgb)
    }
    canvas.fillRectangle(x: 11, y: 0, width: 2, height: 64, .black)
    canvas.fillRectangle(x: 11, y: 62, width: 53, height: 2, .black)
    return canvas.image
  }
}

/// Bars at a level: two, three or four of them.
struct LevelBars: ExampleGenerator {
  let level: Int
  let domain = "chartqa"
  var summary: String { BarsGenerator().summary }
  var words: [String] { BarsGenerator().words }

  func draft(_ stream: inout RandomStream) -> Draft {
    let values = Array(stream.shuffled([1, 2, 3, 4, 5]).prefix(level + 1))
    let chart = LevelChart(values: values, &stream)
    let kind = stream.integer(below: 4)
    if kind < 2 {
      let wanted = kind == 0 ? values.max() : values.min()
      let index = values.firstIndex { $0 == wanted } ?? 0
      return Draft(
        image: chart.image,
        question: "what colour is the \(kind == 0 ? "tallest" : "shortest") bar",
        answer: chart.colors[index].rawValue, kind: .word)
    }
    return Draft(
      image: chart.image, question: "how tall is the \(chart.colors[0].rawValue) bar",
      answer: String(values[0]), kind: .number)
  }
}

/// Read-and-compute at a level: a difference or sum of two bars among two, three or four.
struct LevelCompute: ExampleGenerator {
  let level: Int
  let domain = "mathvista"
  var summary: String { ComputeGenerator().summary }
  var words: [String] { ComputeGenerator().words }

  func draft(_ stream: inout RandomStream) -> Draft {
    let correct = stream.integer(below: 3)
    let isDifference = stream.integer(below: 2) == 0
    let two =
      isDifference
      ? ComputeGenerator.values(difference: correct + 1, &stream)
      : ComputeGenerator.values(sum: correct + 3, &stream)
    let others = (0..<(level - 1)).map { _ in stream.integer(in: 1...5) }
    let chart = LevelChart(values: Array(two.prefix(2)) + others, &stream)
    let (a, b) = (chart.colors[0].rawValue, chart.colors[1].rawValue)
    let options = isDifference ? ComputeGenerator.differences : ComputeGenerator.sums
    return Draft(
      image: chart.image,
      question: (isDifference ? "\(a) is taller than \(b) by " : "\(a) and \(b) together make ")
        + options.text,
      answer: options.letter(correct), options: options.texts, kind: .choice)
  }
}
