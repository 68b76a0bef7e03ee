import Glibc

/// One group's tokens as a loss sees them: `[completion][token]`.
public struct LossInput: Sendable {
  /// Log-probabilities of the policy that is trained.
  public var policy: [[Float]]
  /// Those of the policy that sampled.
  public var sampling: [[Float]]
  /// Those of the reference policy.
  public var reference: [[Float]]
  /// One advantage a completion.
  public var advantages: [Double]

  public init(
    policy: [[Float]], sampling: [[Float]], reference: [[Float]], advantages: [Double]
  ) {
    self.policy = policy
    self.sampling = sampling
    self.reference = reference
    self.advantages = advantages
  }
}

/// A loss with its derivative by each token's log-probability under the policy.
public struct LossResult: Sendable {
  /// The loss, summed over the groups given so far.
  public var loss = 0.0
  /// The mean k3 estimate over tokens, before its weight.
  public var kl = 0.0
  /// The share of tokens at which the clip held.
  public var clipped = 0.0
  /// `[group][completion][token]`.
  public var derivatives: [[[Float]]] = []

  public init() {}
}

/// The policy losses.
public enum PolicyLoss {
  /// GRPO: the clipped token objective less beta times k3, averaged over each completion's tokens
  /// and then over completions; the loss is its negative.
  ///
  /// l = min(rho A, clip(rho, 1 - e, 1 + e) A) - beta k3, rho = policy / sampling probability.
  /// Source: DeepSeekMath (arXiv 2402.03300), equation 3.
  ///
  /// - Parameters:
  ///   - groups: The groups of one step.
  ///   - beta: The weight of the KL term.
  ///   - clip: e, the half-width of the ratio's range.
  public static func grpo(_ groups: [LossInput], beta: Double, clip: Double) -> LossResult {
    var result = LossResult()
    let completions = groups.reduce(0) { $0 + $1.policy.count }
    let tokens = groups.reduce(0) { $0 + $1.policy.reduce(0) { $0 + $1.count } }
    guard completions > 0, tokens > 0 else { return result }
    for group in groups {
      var derivatives: [[Float]] = []
      for (index, policy) in group.policy.enumerated() {
        let advantage = group.advantages[index]
        let weight = 1 / (Double(max(policy.count, 1)) * Double(completions))
        var row = [Float](repeating: 0, count: policy.count)
        for token in policy.indices {
          let current = Double(policy[token])
          let ratio = exp(min(max(current - Double(group.sampling[index][token]), -20), 20))
          let bounded = min(max(ratio, 1 - clip), 1 + clip)
          let isClipped = bounded * advantage < ratio * advantage
          let objective = isClipped ? bounded * advantage : ratio * advantage
          let slope = isClipped ? 0 : ratio * advantage
          let kl = KLEstimator.k3(
            policy: current, reference: Double(group.reference[index][token]))
          result.loss -= weight * (objective - beta * kl.value)
          result.kl += kl.value / Double(tokens)
          if isClipped { result.clipped += 1 / Double(tokens) }
          row[token] = Float(-weight * (slope - beta * kl.derivative))
        }
        derivatives.append(row)
      }
      result.derivatives.append(derivatives)
    }
    return result
  }
}
