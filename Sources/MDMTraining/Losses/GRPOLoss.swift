extension PolicyLoss {
  /// GRPO: token objectives averaged over each completion, then over completions.
  ///
  /// Every completion counts alike, so a token of a long one counts less.
  public static let grpo = PolicyLoss(
    name: "grpo", summary: "Averages over each completion's tokens, then over completions.",
    formula: "-(1/N) sum_i (1/|o_i|) sum_t l_it",
    source: "DeepSeekMath, arXiv 2402.03300, equation 3"
  ) { groups, settings in
    let completions = Double(groups.completionCount)
    return LossResult.sum(groups, settings) {
      1 / (Double(max($0.length, 1)) * completions)
    } objective: {
      .clipped(ratio: $1, advantage: $2, settings)
    }
  }
}
