import MDMNumerics

/// Read-and-compute MC (for MathVista, held out): a sum or difference of two bars.
struct ComputeGenerator: ExampleGenerator {
  let domain = "mathvista"
  let summary = "Choose the sum or the difference of two bars."

  static let differences = FixedOptions("1", "2", "3")
  static let sums = FixedOptions("3", "4", "5")

  var words: [String] {
    distinctWords([
      "is taller than by \(Self.differences.text)", "and together make \(Self.sums.text)",
    ]) + Color.words
  }

  func draft(_ stream: inout RandomStream) -> Draft {
    let correct = stream.integer(below: 3)
    if stream.integer(below: 2) == 0 {
      let values = Self.values(difference: correct + 1, &stream)
      let chart = BarChart(values: values, &stream)
      let (a, b) = (chart.asked[0].rawValue, chart.asked[1].rawValue)
      return Draft(
        image: chart.image,
        question: "\(a) is taller than \(b) by \(Self.differences.text)",
        answer: Self.differences.letter(correct), options: Self.differences.texts, kind: .choice)
    }
    let values = Self.values(sum: correct + 3, &stream)
    let chart = BarChart(values: values, &stream)
    let (a, b) = (chart.asked[0].rawValue, chart.asked[1].rawValue)
    return Draft(
      image: chart.image, question: "\(a) and \(b) together make \(Self.sums.text)",
      answer: Self.sums.letter(correct), options: Self.sums.texts, kind: .choice)
  }

  /// Three values of which the first exceeds the second by a given difference.
  static func values(difference: Int, _ stream: inout RandomStream) -> [Int] {
    let low = stream.integer(in: 1...(5 - difference))
    return [low + difference, low, stream.integer(in: 1...5)]
  }

  /// Three values of which the first two have a given sum of 2...6.
  static func values(sum: Int, _ stream: inout RandomStream) -> [Int] {
    let first = stream.integer(in: 1...(sum - 1))
    return [first, sum - first, stream.integer(in: 1...5)]
  }
}
