import Glibc

/// Estimates of KL(policy || reference) from one sampled token, with d = log ref - log policy.
///
/// Source: Schulman, "Approximating KL divergence", joschu.net/blog/kl-approx.html.
public enum KLEstimator: String, Sendable, CaseIterable {
  /// -d: without bias, and negative as often as not.
  case k1
  /// d^2 / 2: biased, of low variance; its gradient is that of the KL itself.
  case k2
  /// exp(d) - d - 1: without bias and at least 0; GRPO's.
  case k3
  /// The value of k3 with the gradient of k2: without bias in both. verl's `k3+`.
  case k3Plus = "k3+"

  /// Beyond this |d| the exponential would overflow; the estimate is constant there.
  public static let clamp = 20.0

  /// The estimate and its derivative by log policy.
  public func callAsFunction(
    policy: Double, reference: Double
  ) -> (value: Double, derivative: Double) {
    switch self {
    case .k1: return (policy - reference, 1)
    case .k2:
      let d = min(max(reference - policy, -Self.clamp), Self.clamp)
      return (d * d / 2, -d)
    case .k3, .k3Plus:
      let d = reference - policy
      let bounded = min(max(d, -Self.clamp), Self.clamp)
      let ratio = exp(bounded)
      if self == .k3Plus { return (ratio - bounded - 1, -bounded) }
      return (ratio - bounded - 1, d == bounded ? 1 - ratio : 0)
    }
  }
}
