/// What became of a mixture in a run: the share of each domain in what was asked for, drawn, learned
/// from and weighed by the loss.
///
/// Groups whose rewards are all equal, truncation and losses that count tokens shift a mixture without
/// a sign of it in any curve.
public struct Ledger: Sendable {
  /// One domain; shares are of all domains' sum, NaN where that is 0.
  public struct Row: Sendable, Equatable {
    public let domain: String
    /// Its weight in the mixture, or the mean of those that a mixer chose.
    public let asked: Double
    public let prompts: Int
    public let drawn: Double
    /// Its completions with a gradient, of its own scored ones.
    public let taught: Double
    /// Its completions that were cut, of its own scored ones.
    public let truncated: Double
    /// Its share of all completions with a gradient.
    public let taughtShare: Double
    /// Its share of their tokens.
    public let tokenShare: Double
    /// Its share of the loss's absolute derivatives.
    public let pullShare: Double
  }

  public let rows: [Row]

  /// The ledger of the steps that some metrics cover.
  ///
  /// - Parameter metrics: one value a step for each key, as `Run.metrics`.
  public init(mixture: [(domain: String, weight: Double)], metrics: [String: [Double]]) {
    func sum(_ key: MetricKey, _ domain: String) -> Double {
      (metrics[MetricKey.of(key, domain: domain)] ?? []).reduce(0, +)
    }
    func total(_ key: MetricKey) -> Double {
      mixture.reduce(0) { $0 + sum(key, $1.domain) }
    }
    func share(_ part: Double, _ whole: Double) -> Double { whole > 0 ? part / whole : .nan }
    rows = mixture.map { domain, weight -> Row in
      let scored = sum(.scored, domain)
      return Row(
        domain: domain, asked: Self.asked(domain, metrics) ?? weight,
        prompts: Int(sum(.drawn, domain)),
        drawn: share(sum(.drawn, domain), total(.drawn)),
        taught: share(sum(.taught, domain), scored),
        truncated: share(sum(.truncated, domain), scored),
        taughtShare: share(sum(.taught, domain), total(.taught)),
        tokenShare: share(sum(.tokens, domain), total(.tokens)),
        pullShare: share(sum(.pull, domain), total(.pull)))
    }
  }

  // A weight that never changes is not summed, so that it stays what was written.
  private static func asked(_ domain: String, _ metrics: [String: [Double]]) -> Double? {
    let values = metrics[MetricKey.of(.asked, domain: domain)] ?? []
    guard let first = values.first, values.contains(where: { $0 != first }) else { return nil }
    return values.reduce(0, +) / Double(values.count)
  }
}

extension Run {
  /// What became of the mixture.
  public var ledger: Ledger {
    Ledger(
      mixture: Array(zip(mixture.domains, mixture.weights)).map { ($0, $1) }, metrics: metrics)
  }
}
