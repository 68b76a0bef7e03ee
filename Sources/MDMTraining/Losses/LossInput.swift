/// One group's tokens as a loss sees them: `[completion][token]`.
public struct LossInput: Sendable {
  /// Log-probabilities of the policy that is trained.
  public var policy: [[Float]]
  /// Those of the policy that sampled.
  public var sampling: [[Float]]
  /// Those of the reference policy; nil where no KL is asked for.
  public var reference: [[Float]]?
  /// One advantage a completion.
  public var advantages: [Double]
  /// The tokens that count; all where nil.
  public var mask: [[Bool]]?
  /// The entropy, in nats, that the policy had at each token; only masks by entropy read it.
  public var entropies: [[Float]]?
  /// The log-probabilities that the tokens were drawn by, where that was another engine than the one
  /// that gave `sampling`.
  public var rollout: [[Float]]?
  /// What each token's objective is multiplied by, its KL term not: masks and corrections, without a
  /// gradient of their own. 1 where nil.
  var weights: [[Double]]?

  public init(
    policy: [[Float]], sampling: [[Float]], reference: [[Float]]?, advantages: [Double],
    mask: [[Bool]]? = nil
  ) {
    self.policy = policy
    self.sampling = sampling
    self.reference = reference
    self.advantages = advantages
    self.mask = mask
  }

  /// The places of the tokens of a completion that count.
  func counted(_ completion: Int) -> [Int] {
    guard let mask = mask?[completion] else { return Array(policy[completion].indices) }
    return policy[completion].indices.filter { mask[$0] }
  }
}

extension [LossInput] {
  /// The same groups with their tokens' objectives multiplied once more.
  ///
  /// - Parameter factor: of a token that counts, from its group, completion and place.
  func weighed(_ factor: (LossInput, Int, Int) -> Double) -> [LossInput] {
    map { group in
      var weighed = group
      weighed.weights = group.policy.indices.map { completion in
        var row =
          group.weights?[completion]
          ?? [Double](repeating: 1, count: group.policy[completion].count)
        for token in group.counted(completion) { row[token] *= factor(group, completion, token) }
        return row
      }
      return weighed
    }
  }

  /// N, the number of completions of all groups, those without a token that counts included.
  var completionCount: Int { reduce(0) { $0 + $1.policy.count } }

  /// The number of tokens that count.
  var tokenCount: Int {
    reduce(0) { sum, group in
      sum
        + (group.mask.map { $0.reduce(0) { $0 + $1.count { $0 } } }
          ?? group.policy.reduce(0) { $0 + $1.count })
    }
  }
}
