import Glibc

extension PolicyLoss {
  /// VESPO: the log-likelihood of each token times its advantage and a smooth weight of the whole
  /// completion's ratio, which has no gradient of its own: 1 on policy, and fading on both sides.
  ///
  /// The value is no antiderivative of the gradient.
  public static let vespo = PolicyLoss(
    name: "vespo",
    summary: "Weights log-likelihoods by a gamma density of the completion's ratio.",
    formula: "-(1/sum_i |o_i|) sum_i sum_t stop(e^l w_i^k e^(-l w_i)) A_i log pi_it, "
      + "w_i = prod_t rho_it",
    source: "VESPO, arXiv 2602.10693"
  ) { groups, settings in
    let tokens = Double(groups.tokenCount)
    let weighed = groups.map { group in
      var weighed = group
      weighed.weights = group.policy.indices.map { completion in
        let logarithm = group.counted(completion).reduce(0.0) { sum, token in
          let difference =
            Double(group.policy[completion][token]) - Double(group.sampling[completion][token])
          return sum + min(max(difference, -KLEstimator.clamp), KLEstimator.clamp)
        }
        // The paper's code takes ratios below 1e-8 for it.
        let bounded = min(max(logarithm, log(1e-8)), KLEstimator.clamp)
        let (power, decay) =
          group.advantages[completion] >= 0 ? settings.vespo.positive : settings.vespo.negative
        let weight = exp(decay + power * bounded - decay * exp(bounded))
        let earlier = group.weights?[completion]
        return group.policy[completion].indices.map { weight * (earlier?[$0] ?? 1) }
      }
      return weighed
    }
    return LossResult.sum(weighed, settings) { _ in
      1 / tokens
    } objective: { logarithm, _, advantage in
      TokenObjective(value: advantage * logarithm, slope: advantage, isClipped: false)
    }
  }
}
