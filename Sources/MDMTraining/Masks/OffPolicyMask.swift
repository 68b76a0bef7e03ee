/// Leaves out completions of negative advantage that the policy has moved away from.
///
/// What is unlikely by now need not be made unlikelier; the KL term stays.
///
/// Source: off-policy sequence masking, DeepSeek-V3.2, arXiv 2512.02556; TRL's off_policy_mask_threshold.
public enum OffPolicyMask {
  /// Groups whose completions weigh nothing where the advantage is negative and the mean of
  /// log pi_sampling - log pi over their tokens is above `limit`.
  public static func apply(_ groups: [LossInput], limit: Double) -> [LossInput] {
    let isOff = groups.map { group in
      let sampling = group.rollout ?? group.sampling
      return group.policy.indices.map { completion in
        let tokens = group.counted(completion)
        let sum = tokens.reduce(0.0) { sum, token in
          let difference =
            Double(sampling[completion][token]) - Double(group.policy[completion][token])
          // A token that the sampling engine could not score says nothing.
          return difference.isNaN ? sum : sum + difference
        }
        return group.advantages[completion] < 0 && sum / Double(max(tokens.count, 1)) > limit
      }
    }
    return zip(groups, isOff).map { group, isOff in
      [group].weighed { _, completion, _ in isOff[completion] ? 0 : 1 }[0]
    }
  }
}
