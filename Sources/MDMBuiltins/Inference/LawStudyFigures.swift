import MDMMixtures
import MDMNumerics
import MDMPlots

/// Pictures that show how a law behaves around a mixture, and how far it can be believed.
enum LawStudyFigures {
  /// The predicted outcome while one domain takes more or less and the others keep their proportions.
  ///
  /// Source: Cox, "A note on polynomial response functions for mixtures", Biometrika 1971.
  static func trace(_ law: LawValue, at base: Mixture, title: String) throws(MixtureError) -> Figure
  {
    let domains = law.surrogate.domains
    var series: [Series] = []
    for index in domains.indices {
      let points = (0...50).map { Double($0) / 50 }
      series.append(
        .line(
          domains[index], x: points,
          y: points.map { law.surrogate.value(cox(base.weights, index, $0)) }))
    }
    let value = law.surrogate.value(base.weights)
    let label = MixtureValue(base).label
    return Figure(
      title: title.isEmpty
        ? "\(law.target): one domain more or less, the others in proportion" : title,
      content: .chart(
        Chart(
          x: Axis("weight of the domain", range: 0...1, isPercent: true),
          y: Axis("\(law.target), predicted"), series: series,
          references: [Chart.Reference("", at: value)])),
      note: "around \(label), predicted \(Text.fixed(value, 4)) (dashed)")
  }

  /// The weights with that of one domain replaced and the others scaled to the rest.
  private static func cox(_ base: [Double], _ index: Int, _ weight: Double) -> [Double] {
    let rest = 1 - base[index]
    let others = Double(max(base.count - 1, 1))
    return base.indices.map {
      if $0 == index { return weight }
      return rest > 1e-12 ? base[$0] * (1 - weight) / rest : (1 - weight) / others
    }
  }

  /// For each pair of domains the predicted outcome while weight moves from one to the other.
  static func slices(_ law: LawValue, at base: Mixture, title: String) throws(MixtureError)
    -> Figure
  {
    let domains = law.surrogate.domains
    var panels: [Figure] = []
    for i in domains.indices {
      for j in domains.indices where j > i {
        let total = base.weights[i] + base.weights[j]
        let share = total > 1e-9 ? total : 0.5
        var (x, y, low, high): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
        for step in 0...24 {
          var weights = base.weights
          if total <= 1e-9 {  // neither has weight: half of all others' goes to the two
            weights = weights.map { $0 / 2 }
          }
          weights[i] = share * Double(step) / 24
          weights[j] = share - weights[i]
          let found = try law.surrogate.predict(
            Mixture.renormalised(domains: domains, weights: weights))
          x.append(weights[i])
          y.append(found.value)
          low.append(found.lower)
          high.append(found.upper)
        }
        var series = [Series.line("", x: x, y: y, band: Series.Interval(low: low, high: high))]
        if total > 1e-9 {
          series.append(
            .scatter(
              "", x: [base.weights[i]], y: [law.surrogate.value(base.weights)], emphasis: .strong,
              colorIndex: 1))
        }
        panels.append(
          Figure(
            title: "\(domains[i]) from \(domains[j])",
            content: .chart(
              Chart(
                x: Axis("weight of the first", isPercent: true), y: Axis(law.target),
                series: series, showsLegend: false))))
      }
    }
    guard !panels.isEmpty else {
      throw .badCount(what: "the number of domains", count: 1, allowed: "2 and above")
    }
    return Figure(
      title: title.isEmpty ? "\(law.target): weight moved between two domains" : title,
      content: .panels(
        panels, columns: panels.count <= 3 ? panels.count : panels.count <= 6 ? 3 : 4),
      note: "around \(MixtureValue(base).label) (point); bands: 95% intervals of the prediction")
  }

  /// Each domain's effect along its Cox direction, with the prediction at both ends.
  static func effects(_ law: LawValue, at base: Mixture, title: String) throws(MixtureError)
    -> Figure
  {
    let domains = law.surrogate.domains
    let value = law.surrogate.value(base.weights)
    var groups: [[BarChart.Bar]] = [[], []]
    for index in domains.indices {
      for (place, weight) in [0.0, 1.0].enumerated() {
        let weights = cox(base.weights, index, weight)
        let found = try law.surrogate.predict(
          Mixture.renormalised(domains: domains, weights: weights))
        groups[place].append(
          BarChart.Bar(
            found.value - value, low: found.lower - value, high: found.upper - value))
      }
    }
    return Figure(
      title: title.isEmpty ? "\(law.target): without a domain, and with nothing else" : title,
      content: .bars(
        BarChart(
          categories: domains,
          groups: [
            BarChart.Group("without it", bars: groups[0]),
            BarChart.Group("nothing else", bars: groups[1]),
          ], axis: Axis("predicted change of \(law.target)"), mark: .point,
          reference: Chart.Reference("", at: 0))),
      note: "from \(MixtureValue(base).label), predicted \(Text.fixed(value, 4)); 95% intervals")
  }

  /// What is left of each run when it is predicted by a law fitted without its mixture: against the
  /// prediction, and against what normal noise would leave.
  static func residuals(_ law: LawValue, title: String) throws(MixtureError) -> Figure {
    let predictions =
      law.surrogate.validation?.predictions
      ?? law.mixtures.map { law.surrogate.value($0.mixture.weights) }
    let isLeftOut = law.surrogate.validation != nil
    let gaps = zip(law.scores, predictions).map { $0 - $1 }
    let order = gaps.indices.sorted { gaps[$0] < gaps[$1] }
    let count = Double(gaps.count)
    // Blom's plotting positions.
    let normal = order.indices.map {
      Distribution.normalQuantile((Double($0) + 0.625) / (count + 0.25))
    }
    let spread = Statistics.standardDeviation(gaps)
    // Names for the three farthest only.
    let far = Set(gaps.indices.sorted { abs(gaps[$0]) > abs(gaps[$1]) }.prefix(3))
    let labels = gaps.indices.map { far.contains($0) ? law.mixtures[$0].label : "" }
    let against = Figure(
      title: "against the prediction",
      content: .chart(
        Chart(
          x: Axis("predicted"), y: Axis("measured less predicted"),
          series: [.scatter("", x: predictions, y: gaps, labels: labels)],
          references: [Chart.Reference("", at: 0)], showsLegend: false)),
      size: nil)
    let quantiles = Figure(
      title: "against normal noise",
      content: .chart(
        Chart(
          x: Axis("normal quantile"), y: Axis("measured less predicted"),
          series: [
            .line(
              "", x: [normal.first ?? -1, normal.last ?? 1],
              y: [(normal.first ?? -1) * spread, (normal.last ?? 1) * spread], emphasis: .context),
            .scatter("", x: normal, y: order.map { gaps[$0] }, colorIndex: 0),
          ], showsLegend: false)))
    return Figure(
      title: title.isEmpty ? "\(law.target): what the law leaves" : title,
      content: .panels([against, quantiles], columns: 2),
      note: isLeftOut
        ? "each mixture predicted by a law fitted without it"
        : "the law has no left-out predictions: these are of the fit itself, and too small",
      size: Figure.Size(width: 900, height: 420))
  }

  /// How many measured scores lie in intervals of each level by laws fitted without their mixture.
  static func calibration(_ law: LawValue, title: String) throws(MixtureError) -> Figure? {
    guard let runs = law.surrogate.leftOutRuns else { return nil }
    let reached = runs.map(\.level)
    let levels = (1..<20).map { Double($0) / 20 }
    let shares = levels.map { level in
      Double(reached.count { $0 <= level }) / Double(reached.count)
    }
    // Where a calibrated law's share lies in 95% of studies of this size, if runs were independent.
    let count = Double(runs.count)
    let half = levels.map { 1.96 * ($0 * (1 - $0) / count).squareRoot() }
    return Figure(
      title: title.isEmpty ? "\(law.target): do the intervals hold?" : title,
      content: .chart(
        Chart(
          x: Axis("level of the interval", range: 0...1, isPercent: true),
          y: Axis("share of left-out runs inside", range: 0...1, isPercent: true),
          series: [
            .line(
              "calibrated", x: levels, y: levels,
              band: Series.Interval(
                low: zip(levels, half).map { max(0, $0 - $1) },
                high: zip(levels, half).map { min(1, $0 + $1) }), colorIndex: 7),
            .line("the law", x: levels, y: shares, emphasis: .strong, colorIndex: 0),
          ], showsDiagonal: true)),
      note: "\(runs.count) runs; below the diagonal: too sure of itself; band: chance")
  }
}
