import Glibc

/// Corrects for completions that another engine drew than the one that trains: each token's objective is
/// multiplied by pi_sampling / pi_rollout, bounded or dropped where it is too large.
///
/// In float32 mdm's own sampler and trainer agree to rounding; where the trainer computes in bfloat16, or
/// somebody else drew, they do not.
///
/// Source: truncated importance sampling; TRL's vllm_importance_sampling_mode, verl's rollout correction.
public struct ImportanceCorrection: Sendable, Equatable {
  /// What is bounded, and how.
  public enum Mode: String, Sendable, CaseIterable {
    case tokenTruncate = "token_truncate"
    case tokenMask = "token_mask"
    case sequenceTruncate = "sequence_truncate"
    case sequenceMask = "sequence_mask"
  }

  public var mode = Mode.tokenTruncate
  /// The greatest ratio.
  public var limit = 3.0
  /// The least ratio that is not raised or dropped.
  public var floor = 0.0

  public init(mode: Mode = .tokenTruncate, limit: Double = 3, floor: Double = 0) {
    self.mode = mode
    self.limit = limit
    self.floor = floor
  }

  /// Groups with their tokens weighed; those without rollout log-probabilities are as they were.
  public func apply(_ groups: [LossInput]) -> [LossInput] {
    groups.map { group in
      guard let rollout = group.rollout else { return group }
      let isOfSequences = mode == .sequenceTruncate || mode == .sequenceMask
      let ratios = group.policy.indices.map { completion -> [Double] in
        let counted = Set(group.counted(completion))
        let logarithms = group.policy[completion].indices.map { token -> Double in
          let difference =
            Double(group.sampling[completion][token]) - Double(rollout[completion][token])
          // A token without a probability of its own is not corrected.
          return counted.contains(token) && !difference.isNaN ? difference : 0
        }
        guard isOfSequences else { return logarithms.map(bounded) }
        let ratio = bounded(logarithms.reduce(0, +))
        return logarithms.map { _ in ratio }
      }
      return [group].weighed { _, completion, token in ratios[completion][token] }[0]
    }
  }

  private func bounded(_ logarithm: Double) -> Double {
    let ratio = exp(logarithm)
    if mode == .tokenTruncate || mode == .sequenceTruncate {
      return min(max(ratio, floor), limit)
    }
    return ratio < floor || ratio > limit ? 0 : ratio
  }
}

extension ImportanceCorrection: CustomStringConvertible {
  public var description: String { "\(mode.rawValue) at \(limit)" }
}
