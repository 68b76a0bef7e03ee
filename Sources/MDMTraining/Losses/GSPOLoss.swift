extension PolicyLoss {
  /// GSPO: one ratio a completion, the geometric mean of its tokens' ratios.
  ///
  /// That mean strays little from 1, so the paper clips at 3e-4 below and 4e-4 above.
  public static let gspo = PolicyLoss(
    name: "gspo",
    summary: "Clips one ratio of the whole completion, the geometric mean of its tokens'.",
    formula: "-(1/N) sum_i min(s_i A_i, clip(s_i) A_i), s_i = exp((1/|o_i|) sum_t log rho_it)",
    source: "GSPO, arXiv 2507.18071, equation 5"
  ) { groups, settings in
    let completions = Double(groups.completionCount)
    return LossResult.sumOfSequences(groups, settings) {
      1 / (Double(max($0.length, 1)) * completions)
    }
  }
}
