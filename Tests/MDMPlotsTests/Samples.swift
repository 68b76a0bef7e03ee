import Glibc
import MDMPlots
import Testing

/// A folder of its own for one test, removed afterwards.
final class TemporaryFolder {
  let path: String

  init() throws {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/mdm-test-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    for name in ["figure.png", "figure.svg"] { unlink(path + "/" + name) }
    rmdir(path)
  }
}

/// One small figure of each kind.
enum Samples {
  static let curves = Figure(
    title: "Reward by mixture",
    content: .chart(
      Chart(
        x: Axis("step"), y: Axis("reward"),
        series: [
          .line(
            "uniform", x: [0, 1, 2, 3], y: [0.1, 0.3, 0.4, 0.45],
            band: .init(around: [0.1, 0.3, 0.4, 0.45], halfWidth: [0.05, 0.05, 0.05, 0.05])),
          .line("sat_only {v2}", x: [0, 1, 2, 3], y: [0.1, 0.2, 0.25, 0.3]),
        ])), note: "Two seeds.")

  static let scatter = Figure(
    title: "Predicted against measured",
    content: .chart(
      Chart(
        x: Axis("measured"), y: Axis("predicted"),
        series: [
          .scatter(
            "left out", x: [0.3, 0.4, 0.6], y: [0.32, 0.38, 0.61],
            xErrors: .init(around: [0.3, 0.4, 0.6], halfWidth: [0.02, 0.02, 0.02]),
            yErrors: .init(around: [0.32, 0.38, 0.61], halfWidth: [0.03, 0.03, 0.03]),
            labels: ["a", "b", "c"])
        ], showsDiagonal: true)))

  static let ternary = Figure(
    title: "Score",
    content: .ternary(
      TernaryMap(
        domains: ["coco", "sat", "geoqa"], valueLabel: "score",
        points: [.init(.init(1, 0, 0), value: 0.4), .init(.init(0, 0.5, 0.5), value: 0.3)],
        region: 0.45, resolution: 10
      ) { 0.2 + 0.3 * $0.first + 0.5 * $0.first * $0.second }))

  static let bars = Figure(
    title: "Score by mixture",
    content: .bars(
      BarChart(
        categories: ["uniform", "fitted"],
        groups: [
          .init("in", bars: [.init(0.4, low: 0.35, high: 0.45), .init(0.6, low: 0.5, high: 0.7)]),
          .init("out", bars: [.init(0.3, low: 0.25, high: 0.35), .init(0.5, low: 0.4, high: 0.6)]),
        ], axis: Axis("score"), reference: .init("uniform", at: 0.3))))

  static let heat = Figure(
    title: "Transfer",
    content: .heat(
      HeatMap(
        rows: ["coco", "sat"], columns: ["refer", "bars", "panels"],
        values: [[0.12, -0.03, 0.01], [-0.08, 0.2, 0.05]], valueLabel: "gain", center: 0,
        decimals: 2)))

  static var panels: Figure {
    guard case .chart(let chart) = curves.content else { return curves }
    return Figure(title: "Each mixture", content: .panels(chart.facets(), columns: 2))
  }

  static let all: [(name: String, figure: Figure)] = [
    ("curves", curves), ("scatter", scatter), ("ternary", ternary), ("bars", bars),
    ("heat", heat), ("panels", panels),
  ]
}
