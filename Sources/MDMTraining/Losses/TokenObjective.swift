import Glibc

/// What one token, or one whole completion, adds to the objective that is maximised, apart from KL.
struct TokenObjective {
  let value: Double
  /// The derivative of `value` by the logarithm of the ratio.
  let slope: Double
  /// Whether the clip held, so that the advantage has no slope.
  let isClipped: Bool

  /// rho = policy / sampling probability, kept finite as the KL estimators are.
  static func ratio(_ logarithm: Double) -> Double {
    exp(min(max(logarithm, -KLEstimator.clamp), KLEstimator.clamp))
  }

  /// l = min(rho A, clip(rho, 1 - low, 1 + high) A).
  ///
  /// Source: DeepSeekMath (arXiv 2402.03300), equation 3; `high` above `low`: DAPO (2503.14476).
  static func clipped(
    ratio: Double, advantage: Double, _ settings: LossSettings
  ) -> TokenObjective {
    let isBeyond = settings.ratioLimit.map { ratio > $0 } ?? false
    let limited = isBeyond ? settings.ratioLimit ?? ratio : ratio
    let bounded = min(max(ratio, 1 - settings.clipLow), 1 + settings.clipHigh)
    if bounded * advantage < limited * advantage {
      return TokenObjective(value: bounded * advantage, slope: 0, isClipped: true)
    }
    if let least = settings.dualClip, advantage < 0, limited > least {
      return TokenObjective(value: least * advantage, slope: 0, isClipped: true)
    }
    return TokenObjective(
      value: limited * advantage, slope: isBeyond ? 0 : ratio * advantage, isClipped: isBeyond)
  }
}
