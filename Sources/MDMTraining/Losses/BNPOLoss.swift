extension PolicyLoss {
  /// BNPO: the tokens' mean over each batch of completions, then the mean over batches.
  ///
  /// What it computes depends on the size of the batches: with one completion each it is GRPO, with
  /// the whole step DAPO.
  public static let bnpo = PolicyLoss(
    name: "bnpo", summary: "Averages over the tokens of each micro-batch, then over micro-batches.",
    formula: "-(1/B) sum_b (1/sum_(i in b) |o_i|) sum_(i in b) sum_t l_it",
    source: "TRL's loss_type bnpo, after arXiv 2506.02864"
  ) { groups, settings in
    let lengths = groups.flatMap { group in group.policy.indices.map { group.counted($0).count } }
    let size = settings.microBatch > 0 ? settings.microBatch : lengths.count
    let tokens = stride(from: 0, to: lengths.count, by: size).map { start in
      lengths[start..<min(start + size, lengths.count)].reduce(0, +)
    }
    return LossResult.sum(groups, settings) {
      1 / (Double(max(tokens[$0.position / size], 1)) * Double(tokens.count))
    } objective: {
      .clipped(ratio: $1, advantage: $2, settings)
    }
  }
}
