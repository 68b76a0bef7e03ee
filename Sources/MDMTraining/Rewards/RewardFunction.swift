import MDMData
import MDMRewards

/// What a reward throws when an interrupt stopped it; `GRPOTraining` then gives its partial run.
public struct RewardInterruption: Error, Sendable {
  public init() {}
}

/// What pays completions: a verifier, a function of a script, or a weighted sum of several.
public struct RewardFunction {
  public let name: String
  /// The least and the greatest value.
  public let range: ClosedRange<Double>
  /// The kinds of answer that it can judge.
  public let kinds: Set<AnswerKind>
  /// Whether it may be called from several threads at once; others are called on the thread that trains.
  public let isConcurrent: Bool
  /// The rewards that it is the sum of, with their weights; empty where it is no sum.
  public let summands: [(weight: Double, reward: RewardFunction)]
  /// The reward of a completion's text.
  public let score: (_ completion: String, _ example: MDMData.Example) throws -> Double

  public init(
    name: String, range: ClosedRange<Double>,
    score: @escaping (String, MDMData.Example) throws -> Double
  ) {
    self.name = name
    self.range = range
    kinds = Set(AnswerKind.allCases)
    isConcurrent = false
    summands = []
    self.score = score
  }

  /// A verifier of the catalogue.
  public init(_ verifier: any Verifier) {
    name = verifier.name
    range = verifier.range
    kinds = verifier.kinds
    isConcurrent = true
    summands = []
    score = verifier.score
  }

  /// A weighted sum; each summand keeps to its own range.
  public init(sum summands: [(weight: Double, reward: RewardFunction)]) {
    self.summands = summands
    name = summands.map { $0.weight == 1 ? $0.reward.name : "\($0.weight) \($0.reward.name)" }
      .joined(separator: " + ")
    let ends = summands.map { weight, reward in
      (weight * reward.range.lowerBound, weight * reward.range.upperBound)
    }
    let limit = Double.greatestFiniteMagnitude
    let least = ends.reduce(0) { $0 + min($1.0, $1.1) }
    let most = ends.reduce(0) { $0 + max($1.0, $1.1) }
    range = max(least, -limit)...min(max(most, least), limit)
    kinds = summands.reduce([]) { $0.union($1.reward.kinds) }
    isConcurrent = summands.allSatisfy(\.reward.isConcurrent)
    score = { completion, example in
      try summands.reduce(0.0) { sum, part in
        sum + part.weight * (try part.reward.checked(completion, example))
      }
    }
  }

  /// R = F (1 + 2 A), or F (1 + 2 IoU) for boxes. Source: MoDoMoDo, section 4.
  public static var gated: RewardFunction { RewardFunction(GatedReward()) }

  /// The score, checked to be a finite number in range.
  public func checked(_ completion: String, _ example: MDMData.Example) throws -> Double {
    let value = try score(completion, example)
    guard value.isFinite, range.contains(value) else {
      throw TrainingError.badReward(
        name: name, value: "\(value), outside of \(range.lowerBound)..\(range.upperBound)",
        domain: example.domain, example: example.id, completion: completion)
    }
    return value
  }

  /// The score with its weighted summands, each called once: one part for a reward that is no sum.
  func parts(_ completion: String, _ example: MDMData.Example) throws -> [Double] {
    if summands.isEmpty { return [try checked(completion, example)] }
    return try summands.map { $0.weight * (try $0.reward.checked(completion, example)) }
  }
}
