extension PolicyLoss {
  /// REINFORCE: the log-likelihood of each token times its advantage, without any ratio.
  ///
  /// Meant for one update a rollout. With `Advantage.leaveOneOut` it is RLOO, with
  /// `Advantage.batchStandardised` REINFORCE++, both with the KL taken off the rewards.
  public static let reinforce = PolicyLoss(
    name: "reinforce",
    summary: "Sums each token's log-likelihood times the advantage, without a ratio.",
    formula: "-(1/N) sum_i sum_t A_i log pi_it",
    source: "Williams 1992; RLOO, arXiv 2402.14740; REINFORCE++, arXiv 2501.03262"
  ) { groups, settings in
    let completions = Double(groups.completionCount)
    return LossResult.sum(groups, settings) { _ in
      1 / completions
    } objective: { logarithm, _, advantage in
      TokenObjective(value: advantage * logarithm, slope: advantage, isClipped: false)
    }
  }
}
