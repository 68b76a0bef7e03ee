import MDMPlots
import MDMTraining

/// Pictures of runs.
enum RunFigures {
  /// No run has the metric.
  struct UnknownMetric: Error { let known: [String] }

  /// One line a mixture: the mean over its seeds of a moving average, with the range of the seeds.
  static func curves(
    _ runs: [any CurveSource], metric: String, smooth: Int, title: String
  ) throws -> Figure {
    var groups: [(label: String, curves: [[Double]])] = []
    var known: Set<String> = []
    for run in runs {
      known.formUnion(run.metricKeys)
      guard let values = run.curve(metric), !values.isEmpty else { continue }
      let smoothed = movingAverage(values, over: smooth)
      if let index = groups.firstIndex(where: { $0.label == run.curveLabel }) {
        groups[index].curves.append(smoothed)
      } else {
        groups.append((run.curveLabel, [smoothed]))
      }
    }
    guard !groups.isEmpty else { throw UnknownMetric(known: known.sorted()) }
    let series = groups.map { label, curves -> Series in
      let steps = curves.map(\.count).min() ?? 0
      let columns = (0..<steps).map { step in curves.map { $0[step] } }
      let means = columns.map { $0.reduce(0, +) / Double($0.count) }
      let band =
        curves.count > 1
        ? Series.Interval(low: columns.map { $0.min() ?? 0 }, high: columns.map { $0.max() ?? 0 })
        : nil
      return .line(
        label, x: (0..<steps).map { Double($0 + 1) }, y: means, band: band,
        emphasis: label == "uniform" ? .strong : .normal)
    }
    let seeds = groups.map(\.curves.count).max() ?? 1
    return Figure(
      title: title.isEmpty ? "\(metric) while training, by mixture" : title,
      content: .chart(Chart(x: Axis("step"), y: Axis(metric), series: series)),
      note: "mean of \(seeds) seed\(seeds == 1 ? "" : "s"), moving average over \(smooth) steps"
        + (seeds > 1 ? "; band: all seeds" : ""))
  }

  private static func movingAverage(_ values: [Double], over width: Int) -> [Double] {
    values.indices.map { index in
      let window = values[max(0, index - width + 1)...index].filter(\.isFinite)
      return window.isEmpty ? .nan : window.reduce(0, +) / Double(window.count)
    }
  }
}
