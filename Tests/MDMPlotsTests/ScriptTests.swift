import MDMPlots
import Testing

@Suite struct ScriptTests {
  @Test func theScriptOfALineChartIsThis() throws {
    let figure = Figure(
      title: "Loss",
      content: .chart(
        Chart(x: Axis("step"), series: [.line("loss", x: [0, 1, 2], y: [3, 2, 1.5])])))
    let script = try figure.gnuplotScript(terminal: .svg)
    let expected = """
      set encoding utf8
      set terminal svg noenhanced size 820,480 font 'DejaVu Sans,13' linewidth 1 rounded \
      dashlength 1 background '#FFFFFF' name 'mdm'
      """
    #expect(script.hasPrefix(expected))
    let lines = script.split(separator: "\n")
    #expect(lines.contains("$d0 << e"))
    #expect(lines.suffix(5).prefix(4) == ["0.0 3.0", "1.0 2.0", "2.0 1.5", "e"])
    #expect(
      lines.last == "plot $d0 using 1:2 with lines lc rgb '#0072B2' lw 1.8 dt solid notitle")
  }

  @Test func namesPrintLiterally() throws {
    let name = "a_b {x} 'q' `id` @m \"d\" %f\n\u{1}"
    let figure = Figure(
      title: name,
      content: .bars(BarChart(categories: [name], groups: [.init(name, bars: [.init(1)])])))
    let script = try figure.gnuplotScript(terminal: .png())
    #expect(script.contains("'a_b {x} ''q'' `id` @m \"d\" %f  '"))
    #expect(script.contains("noenhanced"))
  }

  @Test func sameFigureSameScript() throws {
    for (_, figure) in Samples.all {
      let script = try figure.gnuplotScript(terminal: .svg)
      #expect(try figure.gnuplotScript(terminal: .svg) == script)
    }
  }

  @Test func elevenSeriesDifferInColourOrDash() throws {
    let series = (0..<11).map { Series.line("m\($0)", x: [0, 1], y: [0, Double($0)]) }
    let script = try Figure(title: "", content: .chart(Chart(series: series)))
      .gnuplotScript(terminal: .png())
    let plot = try #require(script.split(separator: "\n").last)
    let styles = plot.split(separator: ",").joined().split(separator: "$d").map { part in
      part.drop { $0 != " " }
    }
    #expect(Set(styles).count == styles.count)
  }

  @Test func figuresThatContradictThemselvesAreRefused() {
    let charts = [
      Chart(series: [.line("a", x: [1], y: [])]),
      Chart(series: [.line("a", x: [1], y: [1], band: .init(low: [], high: [1]))]),
      Chart(series: []),
      Chart(x: Axis("x", range: 0...0), series: [.line("a", x: [1], y: [1])]),
      Chart(x: Axis("x", range: 0...1, isLogarithmic: true), series: [.line("a", x: [1], y: [1])]),
      Chart(series: [.line("a", x: [.nan], y: [1])]),
      Chart(series: [.line("a", x: [0, 1], y: [-1.7e308, 1.7e308])]),
    ]
    for chart in charts {
      #expect(throws: PlotError.self) {
        try Figure(title: "", content: .chart(chart)).gnuplotScript(terminal: .svg)
      }
    }
    #expect(throws: PlotError.self) {
      try Figure(title: "", content: .panels([], columns: 2)).gnuplotScript(terminal: .svg)
    }
    let map = TernaryMap(domains: ["a", "b"]) { _ in 1 }
    #expect(throws: PlotError.self) {
      try Figure(title: "", content: .ternary(map)).gnuplotScript(terminal: .svg)
    }
    let outside = TernaryMap(domains: ["a", "b", "c"], points: [.init(.init(1, 1, 0))]) { _ in 1 }
    #expect(throws: PlotError.self) {
      try Figure(title: "", content: .ternary(outside)).gnuplotScript(terminal: .svg)
    }
  }

  @Test func theLargestSampleIsFound() throws {
    let map = TernaryMap(domains: ["a", "b", "c"], resolution: 20) { $0.first * $0.second }
    let best = try #require(map.largestSample)
    #expect(best.mixture == TernaryMap.Mixture(0.5, 0.5, 0))
    #expect(best.value == 0.25)
  }
}
