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
  mutating func add(
    _ groups: [ScoredGroup], loss: LossResult, norm: Double, learningRate: Double
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
    for (key, value) in step { series[key, default: []].append(value) }
    return step
  }

  private static func mean(_ values: [Double]) -> Double {
    values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
  }

  private static func zeroVariance(_ groups: [ScoredGroup]) -> Double {
    mean(groups.map { $0.isUniform ? 1 : 0 })
  }
}
