import MDMData
import MDMPlots

/// Pictures of datasets.
enum DatasetFigures {
  /// The most bins of a histogram.
  private static let binLimit = 30

  /// What a dataset holds: kinds of answers, the commonest of them, lengths, sizes of pictures; nil
  /// where it is empty. What all examples share stands in the note instead of a panel.
  static func description(_ name: String, _ found: DatasetDescription) -> Figure? {
    guard found.count > 0 else { return nil }
    var panels: [Figure] = []
    var shared: [String] = []
    if found.kinds.count > 1 {
      panels.append(bars("kinds of answers", found.kinds.map { ($0.kind.rawValue, $0.count) }))
    } else {
      shared.append("answers of the kind \(found.kinds[0].kind.rawValue)")
    }
    panels.append(
      bars(
        found.answerCount > 12 ? "the 12 commonest of \(found.answerCount) answers" : "answers",
        found.answers.prefix(12).map { ($0.answer, $0.count) }))
    for (title, unit, spread) in [
      ("length of questions", "words", found.questionWords),
      ("length of answers", "words", found.answerWords),
      ("pictures of an example", "pictures", found.imagesAnExample),
    ] {
      if spread.counts.count > 1 {
        panels.append(histogram(title, unit, spread))
      } else {
        shared.append(
          "\(title): \(spread.least) \(spread.least == 1 ? String(unit.dropLast()) : unit)")
      }
    }
    if found.sizes.count > 1 {
      panels.append(sizes(found.sizes))
    } else if let size = found.sizes.first {
      shared.append("pictures of \(size.width) x \(size.height) pixels")
    }
    if !found.unreadable.isEmpty { shared.append("pictures that cannot be read are left out") }
    return Figure(
      title: "\(name): \(found.count) examples", content: .panels(panels, columns: 3),
      note: shared.joined(separator: "; "))
  }

  private static func bars(_ title: String, _ counts: [(name: String, count: Int)]) -> Figure {
    Figure(
      title: title,
      content: .bars(
        BarChart(
          categories: counts.map { shown($0.name) },
          groups: [BarChart.Group("", bars: counts.map { BarChart.Bar(Double($0.count)) })],
          axis: Axis("examples"), decimals: 0)))
  }

  /// One line of a text, cut where it is long.
  private static func shown(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.count > 22 ? line.prefix(21) + "…" : line
  }

  /// The outline of a histogram with bins of one round width.
  private static func histogram(
    _ title: String, _ unit: String, _ spread: DatasetDescription.Spread
  ) -> Figure {
    let span = spread.greatest - spread.least + 1
    let least = (span + binLimit - 1) / binLimit
    var (width, power) = (1, 1)
    while width < least {
      width = [1, 2, 5].map { $0 * power }.first { $0 >= least } ?? width
      power *= 10
    }
    let first = spread.least / width
    var bins = [Int](repeating: 0, count: spread.greatest / width - first + 1)
    for (value, count) in spread.counts { bins[value / width - first] += count }
    // A bin reaches half a word to both sides of the numbers in it.
    var (x, y): ([Double], [Double]) = ([], [])
    func add(_ edge: Int, _ count: Int) {
      x.append(Double(edge) - 0.5)
      y.append(Double(count))
    }
    add(first * width, 0)
    for (index, count) in bins.enumerated() {
      add((first + index) * width, count)
      add((first + index + 1) * width, count)
    }
    add((first + bins.count) * width, 0)
    return Figure(
      title: title,
      content: .chart(
        Chart(
          x: Axis(unit), y: Axis("examples"),
          series: [.line("", x: x, y: y, emphasis: .strong)], showsLegend: false)))
  }

  private static func sizes(_ sizes: [DatasetDescription.Size]) -> Figure {
    Figure(
      title: "sizes of pictures",
      content: .chart(
        Chart(
          x: Axis("width in pixels"), y: Axis("height in pixels"),
          series: [
            .scatter("", x: sizes.map { Double($0.width) }, y: sizes.map { Double($0.height) })
          ], showsLegend: false)))
  }
}
