/// A loss with its derivative by each token's log-probability under the policy.
public struct LossResult: Sendable {
  /// The loss of all groups.
  public var loss = 0.0
  /// The mean k3 estimate over the tokens that count, before its weight.
  public var kl = 0.0
  /// The share of those tokens at which the clip held.
  public var clipped = 0.0
  /// `[group][completion][token]`.
  public var derivatives: [[[Float]]] = []

  public init() {}

  /// A completion's place in the step.
  struct Place {
    /// Counted from 0 through all groups.
    let position: Int
    /// Its tokens that count.
    let length: Int
  }

  /// The negative sum of the tokens' objectives and KL terms, each times the weight of its
  /// completion.
  ///
  /// - Parameters:
  ///   - weight: What one token of a completion counts.
  ///   - objective: What a token adds, from its log-probability, ratio and advantage.
  static func sum(
    _ groups: [LossInput], _ settings: LossSettings, weight: (Place) -> Double,
    objective: (_ logarithm: Double, _ ratio: Double, _ advantage: Double) -> TokenObjective
  ) -> LossResult {
    accumulate(groups, settings, weight: weight) { group, completion, tokens, add in
      let (policy, sampling) = (group.policy[completion], group.sampling[completion])
      for token in tokens {
        let logarithm = Double(policy[token])
        let ratio = TokenObjective.ratio(logarithm - Double(sampling[token]))
        add(token, objective(logarithm, ratio, group.advantages[completion]))
      }
    }
  }

  /// The same where all tokens of a completion share one ratio, the geometric mean of theirs.
  ///
  /// Source: GSPO, arXiv 2507.18071, equation 7.
  static func sumOfSequences(
    _ groups: [LossInput], _ settings: LossSettings, weight: (Place) -> Double
  ) -> LossResult {
    accumulate(groups, settings, weight: weight) { group, completion, tokens, add in
      let (policy, sampling) = (group.policy[completion], group.sampling[completion])
      let sum = tokens.reduce(0.0) { $0 + Double(policy[$1]) - Double(sampling[$1]) }
      let one = TokenObjective.clipped(
        ratio: TokenObjective.ratio(sum / Double(max(tokens.count, 1))),
        advantage: group.advantages[completion], settings)
      // Each of n tokens carries the value once and moves each of the n by an nth.
      for token in tokens { add(token, one) }
    }
  }

  private static func accumulate(
    _ groups: [LossInput], _ settings: LossSettings, weight: (Place) -> Double,
    _ visit: (
      _ group: LossInput, _ completion: Int, _ tokens: [Int],
      _ add: (Int, TokenObjective) -> Void
    ) -> Void
  ) -> LossResult {
    var result = LossResult()
    let count = Double(groups.tokenCount)
    var position = 0
    for group in groups {
      var derivatives: [[Float]] = []
      for (completion, policy) in group.policy.enumerated() {
        let tokens = group.counted(completion)
        let weight = weight(Place(position: position, length: tokens.count))
        position += 1
        var row = [Float](repeating: 0, count: policy.count)
        let reference = group.reference[completion]
        visit(group, completion, tokens) { token, objective in
          let (ours, theirs) = (Double(policy[token]), Double(reference[token]))
          let kl = settings.kl(policy: ours, reference: theirs)
          result.loss -= weight * (objective.value - settings.beta * kl.value)
          let k3 =
            settings.kl == .k3 ? kl.value : KLEstimator.k3(policy: ours, reference: theirs).value
          result.kl += k3 / count
          if objective.isClipped { result.clipped += 1 / count }
          row[token] = Float(-weight * (objective.slope - settings.beta * kl.derivative))
        }
        derivatives.append(row)
      }
      result.derivatives.append(derivatives)
    }
    return result
  }
}
