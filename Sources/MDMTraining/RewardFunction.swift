import MDMData
import MDMRewards

/// What a reward throws when an interrupt stopped it; `GRPOTraining` then gives its partial run.
public struct RewardInterruption: Error, Sendable {
  public init() {}
}

/// What pays completions: the gated reward of the paper, or a function of a script.
public struct RewardFunction {
  public let name: String
  /// The least and the greatest value.
  public let range: ClosedRange<Double>
  /// The reward of a completion's text; called on the thread that trains.
  public let score: (_ completion: String, _ example: MDMData.Example) throws -> Double

  public init(
    name: String, range: ClosedRange<Double>,
    score: @escaping (String, MDMData.Example) throws -> Double
  ) {
    self.name = name
    self.range = range
    self.score = score
  }

  /// A verifier of the catalogue.
  public init(_ verifier: any Verifier) {
    self.init(name: verifier.name, range: verifier.range, score: verifier.score)
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
}
