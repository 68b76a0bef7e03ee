import MDMData

/// Which reward pays which domain.
public struct RewardRouting {
  private let shared: RewardFunction?
  private let own: [(domain: String, reward: RewardFunction)]

  /// One reward for all domains.
  public init(_ reward: RewardFunction) {
    shared = reward
    own = []
  }

  /// A reward for each domain.
  public init(_ rewards: [(domain: String, reward: RewardFunction)]) {
    shared = nil
    own = rewards
  }

  /// What pays, as text for records of what went into a run.
  var description: String {
    shared?.name ?? own.map { "\($0.domain): \($0.reward.name)" }.joined(separator: "; ")
  }

  /// The reward of each domain, in the mixture's order.
  ///
  /// A domain of weight 0 needs none: it is never drawn.
  ///
  /// - Throws: `TrainingError` where a domain has no reward or one that cannot judge its answers, and
  ///   where a reward belongs to no domain.
  func rewards(
    of data: [Dataset], weights: [Double]
  ) throws(TrainingError) -> [RewardFunction] {
    if let stray = own.first(where: { entry in !data.contains { $0.domain == entry.domain } }) {
      throw .unreachedReward(
        stray.reward.name, domain: stray.domain, known: data.map(\.domain))
    }
    var rewards: [RewardFunction] = []
    for (set, weight) in zip(data, weights) {
      let found = shared ?? own.first { $0.domain == set.domain }?.reward
      guard let reward = found ?? (weight > 0 ? nil : .gated) else {
        throw .noReward(domain: set.domain, known: own.map(\.domain))
      }
      if weight > 0, set.count > 0 {
        let kinds = Set((0..<min(set.count, 4)).map { set[$0].kind })
        guard !kinds.isDisjoint(with: reward.kinds) else {
          throw .cannotJudge(
            reward: reward.name, domain: set.domain,
            kind: kinds.map(\.rawValue).sorted().joined(separator: ", "))
        }
      }
      rewards.append(reward)
    }
    return rewards
  }
}
