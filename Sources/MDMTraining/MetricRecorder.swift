/// Collects a run's metrics step by step.
struct MetricRecorder {
  let domains: [String]
  private(set) var series: [String: [Double]]

  /// A recorder that continues the series of an earlier one.
  init(domains: [String], series: [String: [Double]] = [:]) {
    self.domains = domains
    self.series = series
  }

  /// Adds a step; gives its metrics by key.
  ///
  /// - Parameters:
  ///   - groups: all that were drawn.
  ///   - kept: those that the loss saw, in its order.
  mutating func add(
    _ groups: [ScoredGroup], kept: [ScoredGroup], masksTruncated: Bool, loss: LossResult,
    norm: Double, learningRate: Double
  ) -> [String: Double] {
    var step: [String: Double] = [:]
    func set(_ key: MetricKey, _ value: Double) { step[key.rawValue] = value }
    let completions = groups.flatMap(\.completions)
    set(.rewardMean, Self.mean(groups.flatMap(\.rewards)))
    set(.rewardFormat, Self.mean(groups.flatMap(\.formats)))
    set(.rewardAccuracy, Self.mean(groups.flatMap(\.accuracies)))
    set(.kl, loss.kl)
    set(.clipped, loss.clipped)
    set(.loss, loss.loss)
    set(.gradientNorm, norm)
    set(.learningRate, learningRate)
    set(.zeroVariance, Self.zeroVariance(groups))
    set(.length, Self.mean(completions.map { Double($0.tokens.count) }))
    set(.finished, Self.mean(completions.map { $0.finished ? 1 : 0 }))
    for (index, domain) in domains.enumerated() {
      let own = groups.filter { $0.domain == index }
      step[MetricKey.of(.rewardMean, domain: domain)] = Self.mean(own.flatMap(\.rewards))
      step[MetricKey.of(.rewardFormat, domain: domain)] = Self.mean(own.flatMap(\.formats))
      step[MetricKey.of(.rewardAccuracy, domain: domain)] = Self.mean(own.flatMap(\.accuracies))
      step[MetricKey.of(.zeroVariance, domain: domain)] = Self.zeroVariance(own)
    }
    for (name, index) in [("", nil)] + domains.enumerated().map({ ("/" + $1, $0) }) {
      let own = groups.filter { index == nil || $0.domain == index }
      let taught = kept.indices.filter { index == nil || kept[$0].domain == index }
      let entry = Self.entry(own, taught.map { kept[$0] }, masksTruncated: masksTruncated)
      let pull = taught.reduce(0.0) { sum, place in
        place < loss.derivatives.count
          ? loss.derivatives[place].joined().reduce(sum) { $0 + Double(abs($1)) } : sum
      }
      for (key, value) in zip(MetricKey.ledger, entry + [pull]) {
        step[key.rawValue + name] = value
      }
    }
    for (key, value) in step { series[key, default: []].append(value) }
    return step
  }

  /// The ledger's counts of some groups, without their pull.
  private static func entry(
    _ groups: [ScoredGroup], _ kept: [ScoredGroup], masksTruncated: Bool
  ) -> [Double] {
    let completions = groups.flatMap(\.completions)
    let taught = kept.filter { !$0.isUniform }.flatMap(\.completions)
      .filter { $0.finished || !masksTruncated }
    return [
      Double(groups.count), Double(completions.count), Double(taught.count),
      Double(completions.count { !$0.finished }),
      Double(taught.reduce(0) { $0 + $1.tokens.count }),
    ]
  }

  private static func mean(_ values: [Double]) -> Double {
    values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
  }

  private static func zeroVariance(_ groups: [ScoredGroup]) -> Double {
    mean(groups.map { $0.isUniform ? 1 : 0 })
  }
}
