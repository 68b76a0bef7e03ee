import Glibc

extension PolicyLoss {
  /// SAPO: a sigmoid in the place of the clip, with a gradient that fades where the ratio strays.
  public static let sapo = PolicyLoss(
    name: "sapo", summary: "Replaces the clip by a sigmoid gate of the ratio.",
    formula: "-(1/N) sum_i (1/|o_i|) sum_t (4/tau) sigmoid(tau (rho_it - 1)) A_i",
    source: "SAPO, arXiv 2511.20347"
  ) { groups, settings in
    let completions = Double(groups.completionCount)
    return LossResult.sum(groups, settings) {
      1 / (Double(max($0.length, 1)) * completions)
    } objective: { _, ratio, advantage in
      let tau = advantage > 0 ? settings.softness.positive : settings.softness.negative
      let gate = 1 / (1 + exp(-tau * (ratio - 1)))
      return TokenObjective(
        value: 4 / tau * gate * advantage, slope: 4 * gate * (1 - gate) * ratio * advantage,
        isClipped: false)
    }
  }
}
