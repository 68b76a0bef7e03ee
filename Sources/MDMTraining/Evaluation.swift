import MDMMixtures

/// Scores of one policy on every split of a suite.
public struct Evaluation: Sendable, Equatable {
  /// How answers are drawn and read.
  public struct Reading: Hashable, Sendable, CaseIterable {
    /// The most likely token at each place, or sampled at temperature 1.
    public let isGreedy: Bool
    /// The answer is found wherever it stands; else only in its tags.
    public let isLenient: Bool

    public init(isGreedy: Bool, isLenient: Bool) {
      self.isGreedy = isGreedy
      self.isLenient = isLenient
    }

    /// Greedy strict, greedy lenient, sampled strict, sampled lenient.
    public static let allCases = [
      Reading(isGreedy: true, isLenient: false), Reading(isGreedy: true, isLenient: true),
      Reading(isGreedy: false, isLenient: false), Reading(isGreedy: false, isLenient: true),
    ]

    /// Sampled and strict: what the reward of training pays for.
    public static let standard = Reading(isGreedy: false, isLenient: false)
  }

  /// One split's figures: accuracies or mean IoUs between 0 and 1.
  public struct Split: Sendable, Equatable {
    public let name: String
    public let domain: String
    public let isHeldOut: Bool
    /// The number of examples.
    public let count: Int
    public let scores: [Reading: Double]
    /// The standard error of each score over examples.
    public let errors: [Reading: Double]
    /// The share of completions in the target format.
    public let greedyFormat: Double
    public let sampledFormat: Double
  }

  public let splits: [Split]
  /// Completions sampled of each example.
  public let samples: Int
  /// Whether an interrupt ended it early: later splits are missing.
  public let isPartial: Bool

  /// The score of a split by name or domain.
  public func score(_ name: String, _ reading: Reading = .standard) -> Double? {
    splits.first { $0.name == name || $0.domain == name }?.scores[reading]
  }

  /// The paper's In-Score over the training domains' test splits.
  public func inScore(_ reading: Reading = .standard) throws(MixtureError) -> Double {
    try aggregate(.inScore, reading)
  }

  /// The paper's Out-Score over the held-out benchmarks.
  public func outScore(_ reading: Reading = .standard) throws(MixtureError) -> Double {
    try aggregate(.outScore, reading)
  }

  // The splits of `mini` carry the names of what they mirror in lower case. A suite of other
  // domains has no weights in the paper: its splits count alike.
  private func aggregate(_ aggregate: Aggregate, _ reading: Reading) throws(MixtureError) -> Double
  {
    let isOut = aggregate == .outScore
    let part = splits.filter { $0.isHeldOut == isOut }
    let known = aggregate.parts.allSatisfy { wanted in
      part.contains { $0.domain == wanted.benchmark.lowercased() }
    }
    guard known else {
      let used = part.compactMap { $0.scores[reading] }
      guard !used.isEmpty else {
        throw .missingBenchmark(
          aggregate: aggregate.name, benchmark: isOut ? "any benchmark" : "any test split",
          given: splits.map(\.name))
      }
      return used.reduce(0, +) / Double(used.count)
    }
    var scores: [String: Double] = [:]
    for wanted in aggregate.parts {
      scores[wanted.benchmark] =
        part.first {
          $0.domain == wanted.benchmark.lowercased()
        }?.scores[reading]
    }
    return try aggregate.score(scores)
  }
}
