extension PolicyLoss {
  /// Dr. GRPO: the sum of the token objectives over a constant, N times the longest completion.
  ///
  /// A token's weight depends on no completion's length; meant for `Advantage.centred`.
  public static let drGRPO = PolicyLoss(
    name: "dr_grpo", summary: "Sums tokens and divides by N times the longest completion allowed.",
    formula: "-(1/(N L)) sum_i sum_t l_it",
    source: "Dr. GRPO, arXiv 2503.20783, section 3"
  ) { groups, settings in
    let constant = Double(groups.completionCount) * Double(max(settings.longest, 1))
    return LossResult.sum(groups, settings) { _ in
      1 / constant
    } objective: {
      .clipped(ratio: $1, advantage: $2, settings)
    }
  }
}
