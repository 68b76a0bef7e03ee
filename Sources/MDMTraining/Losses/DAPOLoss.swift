extension PolicyLoss {
  /// DAPO: token objectives averaged over all tokens of the step.
  ///
  /// Every token counts alike, so a domain's share of the gradient grows with its completions'
  /// length. The paper clips higher above 1 than below: 0.28 and 0.2.
  public static let dapo = PolicyLoss(
    name: "dapo", summary: "Averages over all tokens of the step.",
    formula: "-(1/sum_i |o_i|) sum_i sum_t l_it",
    source: "DAPO, arXiv 2503.14476, equation 8"
  ) { groups, settings in
    let tokens = Double(groups.tokenCount)
    return LossResult.sum(groups, settings) { _ in
      1 / tokens
    } objective: {
      .clipped(ratio: $1, advantage: $2, settings)
    }
  }
}
