import Glibc

/// Keeps each domain's share of the loss's pull at its weight, by what its advantages are multiplied by.
///
/// A prompt's place in the mixture is not its place in the gradient: groups of equal rewards, length and
/// truncation take shares away. The factor of a step moves by the square root of weight over share of
/// the last steps, at most twofold a step, within 1/16 and 16. A domain that does not pull at all
/// cannot be helped by a factor: the ledger shows it.
enum GradientShare {
  private static let window = 20
  private static let memory = 0.8
  private static let bounds = 1.0 / 16...16.0

  /// What each domain's advantages are multiplied by in the next step.
  ///
  /// - Parameters:
  ///   - weights: What was asked for, in the order of `domains`.
  ///   - metrics: of the steps so far.
  static func factors(
    domains: [String], weights: [Double], metrics: [String: [Double]]
  ) -> [Double] {
    let last = domains.map { metrics[MetricKey.of(.factor, domain: $0)]?.last ?? 1 }
    let pulls = domains.map { domain in
      (metrics[MetricKey.of(.pull, domain: domain)] ?? []).suffix(window)
        .reduce(0.0) { memory * $0 + $1 }
    }
    let total = pulls.reduce(0, +)
    guard total > 0 else { return last }
    let shares = pulls.map { $0 / total }
    var next = last
    for place in domains.indices where shares[place] > 0 && weights[place] > 0 {
      let change = (weights[place] / shares[place]).squareRoot()
      next[place] = last[place] * min(max(change, 0.5), 2)
    }
    // The whole pull stays what it is.
    let scale = zip(shares, zip(next, last)).reduce(0.0) { $0 + $1.0 * $1.1.0 / $1.1.1 }
    return next.map { min(max($0 / scale, bounds.lowerBound), bounds.upperBound) }
  }
}
