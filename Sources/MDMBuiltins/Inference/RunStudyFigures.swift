import MDMMixtures
import MDMNumerics
import MDMPlots
import MDMTraining

/// Pictures of runs beside each other.
enum RunStudyFigures {
  /// Differences from the reference with their own intervals, and those that hold for all at once.
  static func forest(_ found: Contrasts, title: String) -> Figure {
    let order = found.rows.sorted { $0.difference.value > $1.difference.value }
    let isOne = order.count == 1
    // An open interval is drawn as its value alone.
    func bar(_ estimate: Estimate) -> BarChart.Bar {
      estimate.upper.isFinite
        ? BarChart.Bar(estimate.value, low: estimate.lower, high: estimate.upper)
        : BarChart.Bar(estimate.value)
    }
    var groups = [
      BarChart.Group(
        "by itself",
        bars: order.map { bar($0.difference) })
    ]
    if !isOne {
      groups.append(
        BarChart.Group(
          "all at once",
          bars: order.map { bar($0.simultaneous) }))
    }
    return Figure(
      title: title.isEmpty ? "\(found.target): difference from \(found.reference)" : title,
      content: .bars(
        BarChart(
          categories: order.map(\.mixture), groups: groups,
          axis: Axis("difference of \(found.target)"), mark: .point,
          reference: Chart.Reference(found.reference, at: 0), decimals: 4)),
      note: "\(Text.percent(found.level)) intervals"
        + (found.isMatched ? " over matched seeds" : ", seeds not matched"))
  }

  /// What training on one domain alone does to every benchmark, as gain over a baseline.
  ///
  /// - Returns: nil where no run is of a single domain.
  static func transfer(
    _ runs: [RunValue], baseline: Evaluation?, title: String
  ) -> Figure? {
    let single = runs.filter { run in
      run.evaluation != nil && run.mixture.mixture.weights.count { $0 > 0 } == 1
    }
    guard let first = single.first?.evaluation?.evaluation else { return nil }
    let splits = first.splits.map(\.name)
    var rows: [String] = []
    for run in single where !rows.contains(run.mixture.label) { rows.append(run.mixture.label) }
    let values = rows.map { row in
      splits.map { split -> Double in
        let scores = single.filter { $0.mixture.label == row }.compactMap {
          $0.evaluation?.evaluation.score(split)
        }
        guard !scores.isEmpty else { return .nan }
        let mean = Statistics.mean(scores)
        guard let baseline else { return mean }
        return baseline.score(split).map { mean - $0 } ?? .nan
      }
    }
    let seeds = Set(single.map(\.run.seed)).count
    return Figure(
      title: title.isEmpty ? "What one domain alone teaches" : title,
      content: .heat(
        HeatMap(
          rows: rows, columns: splits.map { $0.hasSuffix("/test") ? String($0.dropLast(5)) : $0 },
          values: values,
          valueLabel: baseline == nil ? "score" : "gain", center: baseline == nil ? nil : 0)),
      note: "rows: trained on; columns: scored on, sampled, strict; mean of "
        + "\(seeds) seed\(seeds == 1 ? "" : "s")")
  }

  /// Two outcomes against each other; the mixtures that no other beats in both are joined.
  static func pareto(
    x: SeedPanel, y: SeedPanel, title: String
  ) -> Figure {
    let names = x.mixtures.filter { y.mixtures.contains($0) }
    func mean(_ panel: SeedPanel, _ name: String) -> Double {
      panel.mixtures.firstIndex(of: name).map { Statistics.mean(panel.scores($0)) } ?? .nan
    }
    func deviation(_ panel: SeedPanel, _ name: String) -> Double {
      let scores = panel.mixtures.firstIndex(of: name).map(panel.scores) ?? []
      return scores.count > 1 ? Statistics.standardDeviation(scores) : 0
    }
    let (xs, ys) = (names.map { mean(x, $0) }, names.map { mean(y, $0) })
    let front = names.indices.filter { i in
      !names.indices.contains { j in
        xs[j] >= xs[i] && ys[j] >= ys[i] && (xs[j] > xs[i] || ys[j] > ys[i])
      }
    }.sorted { xs[$0] < xs[$1] }
    let others = names.indices.filter { !front.contains($0) }
    func points(_ name: String, _ chosen: [Int], _ color: Int) -> Series {
      .scatter(
        name, x: chosen.map { xs[$0] }, y: chosen.map { ys[$0] },
        xErrors: Series.Interval(
          around: chosen.map { xs[$0] }, halfWidth: chosen.map { deviation(x, names[$0]) }),
        yErrors: Series.Interval(
          around: chosen.map { ys[$0] }, halfWidth: chosen.map { deviation(y, names[$0]) }),
        labels: chosen.map { names[$0] }, emphasis: color == 1 ? .strong : .normal,
        colorIndex: color)
    }
    var series = [
      Series.line("", x: front.map { xs[$0] }, y: front.map { ys[$0] }, colorIndex: 1),
      points("beaten by none in both", front, 1),
    ]
    if !others.isEmpty { series.append(points("beaten", others, 0)) }
    return Figure(
      title: title.isEmpty ? "\(y.target) against \(x.target)" : title,
      content: .chart(Chart(x: Axis(x.target), y: Axis(y.target), series: series)),
      note: "means over seeds; bars: standard deviation of a run")
  }

  /// What became of the mixture of some runs: the shares of each domain on the way to the loss.
  static func ledger(_ runs: [RunValue], title: String) -> Figure? {
    guard let mixture = runs.first?.run.mixture else { return nil }
    let domains = zip(mixture.domains, mixture.weights).filter { $0.1 > 0 }.map(\.0)
    let ledgers = runs.map(\.run.ledger)
    let parts: [(String, (Ledger.Row) -> Double)] = [
      ("asked", \.asked), ("drawn", \.drawn), ("taught", \.taughtShare), ("tokens", \.tokenShare),
      ("pull on the loss", \.pullShare),
    ]
    let groups = parts.map { name, read in
      BarChart.Group(
        name,
        bars: domains.map { domain in
          let shares = ledgers.compactMap { ledger in
            ledger.rows.first { $0.domain == domain }.map(read)
          }.filter(\.isFinite)
          return BarChart.Bar(shares.isEmpty ? .nan : Statistics.mean(shares))
        })
    }
    let label = runs[0].mixture.label
    return Figure(
      title: title.isEmpty ? "What became of the mixture" : title,
      content: .bars(
        BarChart(
          categories: domains, groups: groups, axis: Axis("share", isPercent: true), decimals: 0)),
      note: "\(label), mean of \(runs.count) run\(runs.count == 1 ? "" : "s")")
  }
}
