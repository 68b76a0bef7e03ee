import MDMData
import MDMMixtures
import MDMNumerics

/// Scores of one policy on every split of a suite.
public struct Evaluation: Sendable, Equatable, Codable {
  /// How answers are drawn and read.
  public struct Reading: Hashable, Sendable, CaseIterable, Codable {
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

  /// What a right answer is.
  public enum Metric: String, Hashable, Sendable, CaseIterable, Codable {
    /// The paper's: exact match, and the overlap itself for boxes.
    case exact
    /// The one that the benchmark was published with.
    case own
  }

  /// One example with what the policy said and how that scored.
  public struct Item: Sendable, Equatable, Codable {
    public let id: String
    public let question: String
    public let gold: String
    public let greedy: String
    public let sampled: [String]
    /// The score by the paper's metric and by the benchmark's own, for sampled readings one a sample.
    public let scores: [Metric: [Reading: [Double]]]
    public let kind: AnswerKind

    /// The mean over what was drawn.
    public func score(_ metric: Metric, _ reading: Reading) -> Double {
      Statistics.mean(scores[metric]?[reading] ?? [])
    }

    /// How many samples are right by the paper's metric; a box is from an IoU of 0.5 on.
    public func right(isLenient: Bool) -> Int {
      let reading = Reading(isGreedy: false, isLenient: isLenient)
      return (scores[.exact]?[reading] ?? []).count { BenchmarkMetric.isRight($0, kind: kind) }
    }
  }

  /// One split's figures: accuracies or mean IoUs between 0 and 1.
  public struct Split: Sendable, Equatable, Codable {
    public let name: String
    public let domain: String
    public let isHeldOut: Bool
    public let items: [Item]
    /// What the benchmark's own metric is called.
    public let ownMetric: String
    /// The paper's metric.
    public let scores: [Reading: Double]
    /// The standard error of each score over examples, an example's samples being one cluster.
    public let errors: [Reading: Double]
    /// The share of completions in the target format.
    public let greedyFormat: Double
    public let sampledFormat: Double

    /// The number of examples.
    public var count: Int { items.count }

    /// The mean over examples, with the interval of Student's t clustered by example.
    public func estimate(_ metric: Metric, _ reading: Reading, level: Double = 0.95) -> Estimate {
      Self.estimate(items.map { $0.score(metric, reading) }, level: level)
    }

    /// The chance that one of k samples is right, over examples; NaN for more than were drawn.
    public func pass(at k: Int, isLenient: Bool, level: Double = 0.95) -> Estimate {
      Self.estimate(
        items.map {
          PassAtK.estimate(right: $0.right(isLenient: isLenient), of: $0.sampled.count, k: k)
        }, level: level)
    }

    private static func estimate(_ values: [Double], level: Double) -> Estimate {
      let mean = Statistics.mean(values)
      let count = Double(values.count)
      let error = Statistics.standardDeviation(values) / count.squareRoot()
      let half =
        values.count > 1
        ? error * Distribution.studentTQuantile((1 + level) / 2, degreesOfFreedom: count - 1)
        : .infinity
      return Estimate(
        value: mean, lower: mean - half, upper: mean + half, level: level, count: values.count)
    }
  }

  public let splits: [Split]
  /// Completions sampled of each example.
  public let samples: Int
  /// Whether splits are missing: an interrupt ended it early, or only some were asked for.
  public let isPartial: Bool

  /// The score of a split by name or domain.
  public func score(_ name: String, _ reading: Reading = .standard) -> Double? {
    splits.first { $0.name == name || $0.domain == name }?.scores[reading]
  }

  /// The paper's In-Score over the training domains' test splits.
  ///
  /// - Parameter isWeighted: by the paper's numbers of test items; else every split counts alike.
  public func inScore(
    _ reading: Reading = .standard, metric: Metric = .exact, isWeighted: Bool = true
  ) throws(MixtureError) -> Double {
    try aggregate(.inScore, reading, metric, isWeighted: isWeighted).value
  }

  /// The paper's Out-Score over the held-out benchmarks.
  public func outScore(
    _ reading: Reading = .standard, metric: Metric = .exact, isWeighted: Bool = true
  ) throws(MixtureError) -> Double {
    try aggregate(.outScore, reading, metric, isWeighted: isWeighted).value
  }

  /// An aggregate with its interval: the splits' errors, which are independent, through its weights.
  ///
  /// The splits of `mini` carry the names of what they mirror in lower case. A suite of other
  /// domains has no weights in the paper: its splits count alike.
  public func aggregate(
    _ aggregate: Aggregate, _ reading: Reading, _ metric: Metric = .exact, isWeighted: Bool = true,
    level: Double = 0.95
  ) throws(MixtureError) -> Estimate {
    let isOut = aggregate == .outScore
    let part = splits.filter { $0.isHeldOut == isOut }
    let known = aggregate.parts.compactMap { wanted in
      part.first { $0.domain == wanted.benchmark.lowercased() }.map { ($0, wanted.weight) }
    }
    var used: [(split: Split, weight: Double)] = []
    if known.count < aggregate.parts.count {
      used = part.map { ($0, 1) }
      guard !used.isEmpty, !isPartial else {
        throw .missingBenchmark(
          aggregate: aggregate.name, benchmark: isOut ? "any benchmark" : "any test split",
          given: splits.map(\.name))
      }
    } else {
      used = known.map { ($0.0, isWeighted ? $0.1 : 1) }
    }
    let total = used.reduce(0) { $0 + $1.weight }
    var (value, variance, count) = (0.0, 0.0, 0)
    for (split, weight) in used {
      let share = weight / total
      let values = split.items.map { $0.score(metric, reading) }
      value += weight * (metric == .exact ? split.scores[reading] ?? .nan : Statistics.mean(values))
      variance += share * share * Statistics.variance(values) / Double(values.count)
      count += values.count
    }
    value /= total
    let half =
      variance.squareRoot()
      * Distribution.studentTQuantile(
        (1 + level) / 2, degreesOfFreedom: Double(max(count - used.count, 1)))
    return Estimate(
      value: value, lower: value - half, upper: value + half, level: level, count: count)
  }
}
