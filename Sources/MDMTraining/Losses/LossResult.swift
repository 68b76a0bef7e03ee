/// A loss with its derivative by each token's log-probability under the policy.
public struct LossResult: Sendable {
  /// The loss of all groups.
  public var loss = 0.0
  /// The mean k3 estimate over the tokens that count, before its weight; NaN without a reference.
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
        add(token, objective(logarithm, ratio, group.advantages[completion]), ratio)
      }
      return false
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
      let ratio = TokenObjective.ratio(sum / Double(max(tokens.count, 1)))
      let one = TokenObjective.clipped(
        ratio: ratio, advantage: group.advantages[completion], settings)
      for token in tokens { add(token, one, ratio) }
      return true
    }
  }

  /// Where `visit` gives true, the completion's ratio is one of all its n tokens: each of them moves it,
  /// and with it every token's objective, by an nth.
  private static func accumulate(
    _ groups: [LossInput], _ settings: LossSettings, weight: (Place) -> Double,
    _ visit: (
      _ group: LossInput, _ completion: Int, _ tokens: [Int],
      _ add: (Int, TokenObjective, _ ratio: Double) -> Void
    ) -> Bool
  ) -> LossResult {
    var result = LossResult()
    if groups.contains(where: { $0.reference == nil }) { result.kl = .nan }
    let count = Double(groups.tokenCount)
    let beta = settings.beta
    var position = 0
    for group in groups {
      var derivatives: [[Float]] = []
      for (completion, policy) in group.policy.enumerated() {
        let tokens = group.counted(completion)
        let weight = weight(Place(position: position, length: tokens.count))
        position += 1
        var row = [Float](repeating: 0, count: policy.count)
        let reference = group.reference?[completion]
        // What each token adds by its own log-probability, and by the ratio.
        var own = [Double](repeating: 0, count: policy.count)
        var byRatio = own
        let isShared = visit(group, completion, tokens) { token, objective, ratio in
          let factor = group.weights?[completion][token] ?? 1
          result.loss -= weight * factor * objective.value
          if objective.isClipped { result.clipped += 1 / count }
          byRatio[token] = factor * objective.slope
          guard let reference else { return }
          let (ours, theirs) = (Double(policy[token]), Double(reference[token]))
          let kl = settings.kl(policy: ours, reference: theirs)
          let correction = settings.correctsKL ? ratio : 1
          result.loss += weight * beta * correction * kl.value
          let k3 =
            settings.kl == .k3 ? kl.value : KLEstimator.k3(policy: ours, reference: theirs).value
          result.kl += k3 / count
          own[token] = -beta * correction * kl.derivative
          if settings.correctsKL { byRatio[token] -= beta * ratio * kl.value }
        }
        let mean = isShared ? byRatio.reduce(0, +) / Double(max(tokens.count, 1)) : 0
        for token in tokens {
          row[token] = Float(-weight * ((isShared ? mean : byRatio[token]) + own[token]))
        }
        derivatives.append(row)
      }
      result.derivatives.append(derivatives)
    }
    return result
  }
}
