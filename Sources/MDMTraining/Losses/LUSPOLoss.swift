extension PolicyLoss {
  /// LUSPO: GSPO with each completion weighted by its length, so that length costs nothing.
  public static let luspo = PolicyLoss(
    name: "luspo", summary: "GSPO with each completion weighted by its length.",
    formula: "-(1/N) sum_i |o_i| min(s_i A_i, clip(s_i) A_i)",
    source: "Length-Unbiased Sequence Policy Optimization; TRL's loss_type luspo"
  ) { groups, settings in
    let completions = Double(groups.completionCount)
    return LossResult.sumOfSequences(groups, settings) { _ in 1 / completions }
  }
}
