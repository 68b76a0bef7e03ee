import MDMPlots
import Testing

@Suite struct BrailleTests {
  private func chart(_ series: [Series], columns: Int = 40, isColored: Bool = false) throws
    -> String?
  {
    try Figure(title: "t", content: .chart(Chart(series: series))).braille(
      columns: columns, rows: 6, isColored: isColored)
  }

  @Test func aRisingLineRises() throws {
    let text = try #require(try chart([.line("", x: [0, 1], y: [0, 1])]))
    let rows = text.split(separator: "\n").filter { $0.contains("│") || $0.contains("┤") }
    #expect(rows.count == 6)
    // The first dots stand at the right end of the top row, the last ones at the left of the bottom.
    let dots = rows.map { row in row.firstIndex { ("⠁"..."⣿").contains($0) } }
    let places = zip(rows, dots).map { row, place in
      place.map { row.distance(from: row.startIndex, to: $0) } ?? -1
    }
    #expect(places == places.sorted(by: >))
  }

  @Test func everyRowFitsTheTerminal() throws {
    let series = [
      Series.line("first", x: [0, 1, 2], y: [1, 5, 2]),
      Series.scatter("second", x: [0, 1, 2], y: [3, 3, 9]),
    ]
    for columns in [30, 64, 120] {
      let text = try #require(try chart(series, columns: columns))
      #expect(text.split(separator: "\n").allSatisfy { $0.count <= columns })
      #expect(text.contains("first") && text.contains("second"))
    }
  }

  @Test func pointsThatAreNotFiniteBreakTheLine() throws {
    let whole = try #require(try chart([.line("", x: [0, 1, 2], y: [1, 1, 1])]))
    let broken = try #require(try chart([.line("", x: [0, 1, 2], y: [1, .nan, 1])]))
    func dots(_ text: String) -> Int { text.count { ("⠁"..."⣿").contains($0) } }
    #expect(dots(broken) < dots(whole) && dots(broken) == 2)
  }

  @Test func coloursAreOnlyWrittenWhereTheyAreWanted() throws {
    let series = [Series.line("a", x: [0, 1], y: [0, 1])]
    #expect(try chart(series)?.contains("\u{1b}") == false)
    #expect(try chart(series, isColored: true)?.contains("\u{1b}[38;5;33m") == true)
  }

  @Test func otherFiguresAreNotDrawnSo() throws {
    let bars = BarChart(categories: ["a"], groups: [BarChart.Group("", bars: [BarChart.Bar(1)])])
    #expect(try Figure(title: "", content: .bars(bars)).braille(columns: 80) == nil)
  }

  @Test func aFigureWithoutPointsIsRefused() {
    #expect(throws: PlotError.self) { try chart([.line("", x: [.nan], y: [1])]) }
  }
}
