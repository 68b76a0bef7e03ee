/// Collects a run's metrics step by step.
struct MetricRecorder {
  let domains: [String]
  private(set) var series: [String: [Double]]

  /// A recorder that continues the series of an earlier one.
  init(domains: [String], series: [String: [Double]] = [:]) {
    self.domains = domains
    self.series = series
  }

  /// What a step did.
  struct Step {
    /// All groups that were drawn.
    var groups: [ScoredGroup]
    /// Those that the loss saw, in its order.
    var kept: [ScoredGroup]
    /// Theirs before any domain's factor, `[group][completion]`.
    var advantages: [[Double]]
    var loss: LossResult
    /// The mean entropy of the policy at the loss's tokens.
    var entropy: Double
    var norm: Double
    var learningRate: Double
    /// What was asked of each domain.
    var asked: [Double]
    /// What each domain's advantages were multiplied by.
    var factors: [Double]
    var masksTruncated: Bool
    /// Each domain's reward.
    var rewards: [RewardFunction]
  }

  /// Adds a step; gives its metrics by key.
  mutating func add(_ done: Step) -> [String: Double] {
    let (groups, kept, loss) = (done.groups, done.kept, done.loss)
    var step: [String: Double] = [:]
    func set(_ key: MetricKey, _ value: Double) { step[key.rawValue] = value }
    let completions = groups.flatMap(\.completions)
    set(.rewardMean, Self.mean(groups.flatMap(\.rewards)))
    set(.rewardFormat, Self.mean(groups.flatMap(\.formats)))
    set(.rewardAccuracy, Self.mean(groups.flatMap(\.accuracies)))
    set(.kl, loss.kl)
    set(.clipped, loss.clipped)
    set(.loss, loss.loss)
    set(.entropy, done.entropy)
    set(.gradientNorm, done.norm)
    set(.learningRate, done.learningRate)
    set(.magnitude, Self.mean(done.advantages.joined().map(abs)))
    set(.lengthCorrelation, Self.lengthCorrelation(groups))
    // A summand that another domain has not is a mean over those that have it.
    var sums: [String: (sum: Double, count: Double)] = [:]
    for group in groups {
      for (place, summand) in done.rewards[group.domain].summands.enumerated() {
        let values = group.parts.map { $0[place] }
        let before = sums[summand.reward.name] ?? (0, 0)
        sums[summand.reward.name] = (
          before.sum + values.reduce(0, +), before.count + Double(values.count)
        )
      }
    }
    for summand in done.rewards.flatMap(\.summands) {
      let found = sums[summand.reward.name]
      step[MetricKey.part(summand.reward.name)] = found.map { $0.sum / $0.count } ?? .nan
    }
    set(.zeroVariance, Self.zeroVariance(groups))
    set(.length, Self.mean(completions.map { Double($0.tokens.count) }))
    set(.finished, Self.mean(completions.map { $0.finished ? 1 : 0 }))
    let groupsOf = domains.indices.map { index in groups.filter { $0.domain == index } }
    for (index, domain) in domains.enumerated() {
      let own = groupsOf[index]
      step[MetricKey.of(.rewardMean, domain: domain)] = Self.mean(own.flatMap(\.rewards))
      step[MetricKey.of(.rewardFormat, domain: domain)] = Self.mean(own.flatMap(\.formats))
      step[MetricKey.of(.rewardAccuracy, domain: domain)] = Self.mean(own.flatMap(\.accuracies))
      step[MetricKey.of(.zeroVariance, domain: domain)] = Self.zeroVariance(own)
      step[MetricKey.of(.lengthCorrelation, domain: domain)] = Self.lengthCorrelation(own)
      let range = done.rewards[index].range
      step[MetricKey.of(.allRight, domain: domain)] = Self.mean(
        own.map { $0.rewards.allSatisfy { $0 >= range.upperBound } ? 1 : 0 })
      step[MetricKey.of(.allWrong, domain: domain)] = Self.mean(
        own.map { $0.rewards.allSatisfy { $0 <= range.lowerBound } ? 1 : 0 })
      step[MetricKey.of(.magnitude, domain: domain)] = Self.mean(
        zip(kept, done.advantages).flatMap { $0.domain == index ? $1.map(abs) : [] })
      step[MetricKey.of(.asked, domain: domain)] = done.asked[index]
      step[MetricKey.of(.factor, domain: domain)] = done.factors[index]
    }
    for (name, index) in [("", nil)] + domains.enumerated().map({ ("/" + $1, $0) }) {
      let own = index.map { groupsOf[$0] } ?? groups
      let taught = kept.indices.filter { index == nil || kept[$0].domain == index }
      let entry = Self.entry(own, taught.map { kept[$0] }, masksTruncated: done.masksTruncated)
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
    var (scored, truncated, taught, tokens) = (0, 0, 0, 0)
    for group in groups {
      scored += group.completions.count
      truncated += group.completions.count { !$0.finished }
    }
    for group in kept where !group.isUniform {
      for completion in group.completions where completion.finished || !masksTruncated {
        taught += 1
        tokens += completion.tokens.count
      }
    }
    return [groups.count, scored, taught, truncated, tokens].map(Double.init)
  }

  /// Pearson's correlation of lengths and rewards within groups; NaN where one of them never differs.
  ///
  /// Where some completions are in the target format, only of those: that a cut one is shorter and gets
  /// nothing says nothing about length.
  private static func lengthCorrelation(_ groups: [ScoredGroup]) -> Double {
    var (products, lengthSquares, rewardSquares) = (0.0, 0.0, 0.0)
    let hasFormat = groups.contains { $0.formats.contains { $0 > 0 } }
    for group in groups {
      let places = group.rewards.indices.filter { !hasFormat || group.formats[$0] > 0 }
      let lengths = GroupRewards.centred(places.map { Double(group.completions[$0].tokens.count) })
      for (length, reward) in zip(lengths, GroupRewards.centred(places.map { group.rewards[$0] })) {
        products += length * reward
        lengthSquares += length * length
        rewardSquares += reward * reward
      }
    }
    let scale = (lengthSquares * rewardSquares).squareRoot()
    return scale > 0 ? products / scale : .nan
  }

  private static func mean(_ values: [Double]) -> Double {
    values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
  }

  private static func zeroVariance(_ groups: [ScoredGroup]) -> Double {
    mean(groups.map { $0.isUniform ? 1 : 0 })
  }
}
