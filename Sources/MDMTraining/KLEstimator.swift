import Glibc

/// Estimates of KL(policy || reference) from one sampled token, with d = log ref - log policy.
///
/// Source: Schulman, "Approximating KL divergence", joschu.net/blog/kl-approx.html.
public enum KLEstimator {
  /// Beyond this |d| the exponential would overflow; the estimate is constant there.
  public static let clamp = 20.0

  /// k3 = exp(d) - d - 1, at least 0, and its derivative by log policy, 1 - exp(d).
  public static func k3(policy: Double, reference: Double) -> (value: Double, derivative: Double) {
    let d = reference - policy
    let bounded = min(max(d, -clamp), clamp)
    let ratio = exp(bounded)
    return (ratio - bounded - 1, d == bounded ? 1 - ratio : 0)
  }

  /// k2 = d^2 / 2 and its derivative, -d.
  public static func k2(policy: Double, reference: Double) -> (value: Double, derivative: Double) {
    let d = min(max(reference - policy, -clamp), clamp)
    return (d * d / 2, -d)
  }

  /// k1 = -d and its derivative, 1.
  public static func k1(policy: Double, reference: Double) -> (value: Double, derivative: Double) {
    (policy - reference, 1)
  }
}
