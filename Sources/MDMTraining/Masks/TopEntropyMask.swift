import MDMNumerics

/// Lets only the tokens of a step teach at which the policy was least sure.
///
/// The KL term and the divisors of the losses keep all tokens.
///
/// Source: "Beyond the 80/20 rule", arXiv 2506.01939; TRL's top_entropy_quantile.
public enum TopEntropyMask {
  /// Groups whose tokens below the quantile 1 - `share` of all entropies weigh nothing; groups without
  /// entropies are as they were.
  public static func apply(_ groups: [LossInput], share: Double) -> [LossInput] {
    let all = groups.flatMap { group in
      (group.entropies ?? []).enumerated().flatMap { completion, row in
        group.counted(completion).map { Double(row[$0]) }
      }
    }
    let least = Statistics.quantile(all, 1 - share)
    return groups.weighed { group, completion, token in
      guard let entropies = group.entropies else { return 1 }
      return Double(entropies[completion][token]) >= least ? 1 : 0
    }
  }
}
