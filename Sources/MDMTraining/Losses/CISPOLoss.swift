extension PolicyLoss {
  /// CISPO: the log-likelihood of each token times its advantage and a bounded ratio, which has no
  /// gradient of its own: no token is left out, however far its ratio has moved.
  ///
  /// The value is no antiderivative of the gradient.
  public static let cispo = PolicyLoss(
    name: "cispo",
    summary: "Weights every token's log-likelihood by a bounded ratio without gradient.",
    formula: "-(1/sum_i |o_i|) sum_i sum_t stop(min(rho_it, w)) A_i log pi_it",
    source: "MiniMax-M1, arXiv 2506.13585, equation 4"
  ) { groups, settings in
    let tokens = Double(groups.tokenCount)
    return LossResult.sum(groups, settings) { _ in
      1 / tokens
    } objective: { logarithm, ratio, advantage in
      let weight = min(ratio, settings.weightLimit) * advantage
      return TokenObjective(
        value: weight * logarithm, slope: weight, isClipped: ratio > settings.weightLimit)
    }
  }
}
