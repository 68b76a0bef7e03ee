import MDMNumerics

/// Bars (for ChartQA, held out): the value of a bar or the colour of the tallest.
struct BarsGenerator: ExampleGenerator {
  let domain = "chartqa"
  let summary = "Read a bar's value, or name the colour of the tallest or shortest bar."

  var words: [String] {
    distinctWords(["how tall is the bar", "what colour is the tallest bar shortest"]) + Color.words
      + (1...5).map(String.init)
  }

  func draft(_ stream: inout RandomStream) -> Draft {
    let values = BarChart.distinctValues(&stream)
    let chart = BarChart(values: values, &stream)
    switch stream.integer(below: 4) {
    case 0:
      return Draft(
        image: chart.image, question: "what colour is the tallest bar",
        answer: Self.color(of: values.max(), values, chart), kind: .word)
    case 1:
      return Draft(
        image: chart.image, question: "what colour is the shortest bar",
        answer: Self.color(of: values.min(), values, chart), kind: .word)
    default:
      return Draft(
        image: chart.image, question: "how tall is the \(chart.asked[0].rawValue) bar",
        answer: String(values[0]), kind: .number)
    }
  }

  static func color(of value: Int?, _ values: [Int], _ chart: BarChart) -> String {
    let index = values.firstIndex { $0 == value } ?? 0
    return chart.asked[index].rawValue
  }
}
