import MDMJSON
import MDMPlots
import Testing

/// Figures as the data that notebooks keep beside pictures.
@Suite struct FigureJSONTests {
  @Test(arguments: Samples.all.map(\.name)) func everyFigureComesBackWhole(_ name: String) throws {
    let figure = try #require(Samples.all.first { $0.name == name }?.figure)
    let text = figure.json.compact
    #expect(try Figure(json: JSONNode(parsing: text)) == figure)
  }

  @Test func numbersThatAreNotFiniteComeBack() throws {
    let figure = Figure(
      title: "gaps",
      content: .chart(
        Chart(series: [.line("a", x: [0, 1, 2, 3], y: [.infinity, 1, 2, -.infinity])]))
    )
    #expect(try Figure(json: JSONNode(parsing: figure.json.compact)) == figure)
    let broken = Figure(
      title: "", content: .chart(Chart(series: [.line("a", x: [0, 1], y: [.nan, 1])])))
    let read = try Figure(json: JSONNode(parsing: broken.json.compact))
    guard case .chart(let chart) = read.content else { return }
    #expect(chart.series[0].y[0].isNaN && chart.series[0].y[1] == 1)
  }

  @Test func whatHasItsDefaultIsLeftOut() {
    let figure = Figure(title: "", content: .chart(Chart(series: [.line("", x: [0], y: [1])])))
    #expect(
      String(decoding: figure.json.compact, as: UTF8.self)
        == #"{"version":1,"chart":{"series":[{"mark":"line","x":[0.0],"y":[1.0]}]}}"#)
  }

  @Test(
    arguments: [
      ("[]", "the figure is an array, not an object"),
      ("{}", "the figure has no version"),
      (#"{"version": 2}"#, "its form has version 2, this mdm reads 1"),
      (#"{"version": 1}"#, "the figure has no chart, ternary map, bars, heat map or panels"),
      (#"{"version": 1, "chart": 3}"#, "`chart` is a number, not an object"),
      (
        #"{"version": 1, "chart": {"series": [{"x": [1], "y": ["one"]}]}}"#,
        "`y` of element 0 of `series` is an array, not a list of numbers"
      ),
      (
        #"{"version": 1, "chart": {"series": [{"x": [1], "y": [1, 2]}]}}"#,
        "series '' has 1 x for 2 y"
      ),
      (
        #"{"version": 1, "ternary": {"domains": ["a"], "samples": []}}"#,
        "`ternary` has 1 domains and 0 samples of resolution 0"
      ),
      (
        #"{"version": 1, "bars": {"categories": ["a"], "groups": [{"values": [1]}]}}"#,
        "element 0 of `groups` has 1 values, but not as many intervals"
      ),
    ]
  ) func faultsNameTheirPlace(_ text: String, _ reason: String) throws {
    let node = try JSONNode(parsing: Array(text.utf8))
    #expect(throws: PlotError.invalidFigure(reason)) { try Figure(json: node) }
  }
}
