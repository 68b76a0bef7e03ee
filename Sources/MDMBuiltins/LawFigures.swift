import MDMMixtures
import MDMPlots

/// Pictures of laws.
enum LawFigures {
  /// Measured outcomes against the predictions of laws fitted without them, and further runs
  /// against the law itself; points are means over seeds, error bars their standard deviations.
  static func predictedAgainstMeasured(
    _ law: LawValue, further: [(RunValue, Double)], title: String
  ) throws(MixtureError) -> Figure {
    let predictions =
      law.surrogate.validation?.predictions
      ?? law.mixtures.map { law.surrogate.value($0.mixture.weights) }
    var groups: [(label: String, predicted: Double, scores: [Double])] = []
    for (index, mixture) in law.mixtures.enumerated() {
      let label = mixture.label
      if let known = groups.firstIndex(where: { $0.label == label }) {
        groups[known].scores.append(law.scores[index])
      } else {
        groups.append((label, predictions[index], [law.scores[index]]))
      }
    }
    var series = [Self.series("left out of the fit", groups)]
    var fresh: [(label: String, predicted: Double, scores: [Double])] = []
    for (run, score) in further {
      let isNamed = run.mixture.label != run.mixture.mixture.summary
      let label = isNamed ? run.mixture.label : "recommended"
      if let known = fresh.firstIndex(where: { $0.label == label }) {
        fresh[known].scores.append(score)
      } else {
        let value = try law.surrogate.predict(run.mixture.mixture).value
        fresh.append((label, value, [score]))
      }
    }
    if !fresh.isEmpty { series.append(Self.series("fresh seeds", fresh)) }
    return Figure(
      title: title.isEmpty ? "\(law.target): predicted against measured" : title,
      content: .chart(
        Chart(
          x: Axis("predicted"), y: Axis("measured"), series: series, showsDiagonal: true)),
      note:
        "\(law.surrogate.family.name), \(law.surrogate.runs) runs; bars: standard deviation over seeds"
    )
  }

  private static func series(
    _ name: String, _ groups: [(label: String, predicted: Double, scores: [Double])]
  ) -> Series {
    let means = groups.map { $0.scores.reduce(0, +) / Double($0.scores.count) }
    let deviations = zip(groups, means).map { group, mean in
      let squares = group.scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return group.scores.count > 1 ? (squares / Double(group.scores.count - 1)).squareRoot() : 0
    }
    return .scatter(
      name, x: groups.map(\.predicted), y: means,
      yErrors: Series.Interval(around: means, halfWidth: deviations), labels: groups.map(\.label))
  }

  /// A law over three domains.
  ///
  /// - Parameters:
  ///   - measured: mixtures to mark, coloured by the mean score of the law's own runs there.
  ///   - region: the distance from the maximum within which mixtures are outlined; 0 outlines none.
  static func ternary(
    _ law: LawValue, over names: [String], measured: [Mixture], region: Double, title: String
  ) -> Figure {
    let domains = law.surrogate.domains
    let places = names.map { domains.firstIndex(of: $0) ?? 0 }
    var marks: [TernaryMap.Point] = []
    for mixture in measured where mixture.domains == domains {
      let weights = mixture.weights
      let inside = places.reduce(0) { $0 + weights[$1] }
      let mark = TernaryMap.Mixture(weights[places[0]], weights[places[1]], weights[places[2]])
      guard inside > 1 - 1e-9, !marks.contains(where: { $0.mixture == mark }) else { continue }
      let own = zip(law.mixtures, law.scores).filter { $0.0.mixture == mixture }.map(\.1)
      marks.append(
        TernaryMap.Point(
          mark, value: own.isEmpty ? nil : own.reduce(0, +) / Double(own.count)))
    }
    var map = TernaryMap(domains: names, valueLabel: law.target, points: marks) { mixture in
      var weights = [Double](repeating: 0, count: domains.count)
      weights[places[0]] = mixture.first
      weights[places[1]] = mixture.second
      weights[places[2]] = mixture.third
      return law.surrogate.value(weights)
    }
    if region > 0, let best = map.largestSample { map.region = best.value - region }
    return Figure(
      title: title.isEmpty ? "\(law.target) predicted over three domains" : title,
      content: .ternary(map),
      note: region > 0 ? "outlined: predicted within \(Text.fixed(region, 4)) of the maximum" : "")
  }
}
