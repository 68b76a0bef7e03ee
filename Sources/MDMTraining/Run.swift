import MDMMixtures
import MDMModels

/// What a training run gave.
public struct Run: Sendable {
  public enum Status: String, Sendable {
    /// All steps were done, or a domain was used up where that ends a run.
    case complete
    /// An interrupt ended it early; what was learned so far is in the policy.
    case interrupted
    /// The steps or the time of a budget ended it early.
    case budget
  }

  public var status: Status
  public let mixture: Mixture
  public let seed: UInt64
  public let options: GRPOOptions
  /// The steps that were asked for.
  public let plannedSteps: Int
  /// One value a step for each metric key.
  public let metrics: [String: [Double]]
  /// How many prompts of each domain were drawn, in the mixture's order.
  public let drawn: [Int]
  public let policy: Policy
  /// What went in: base, data, mixture, reward, options, seed.
  public let inputs: String
  /// The seconds that its steps took, those of a run that it continues included.
  public let seconds: Double
  /// Why it ended before its last step where nobody interrupted it: early stopping.
  public var ending: String?
  /// What AdamW needs to go on; nil once the run is complete.
  let optimiser: PolicyTrainer.State?

  /// The steps that were done.
  public var steps: Int { metrics[MetricKey.rewardMean.rawValue]?.count ?? 0 }
}
