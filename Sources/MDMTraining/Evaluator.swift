import MDMData
import MDMModels
import MDMRewards

/// Scores a policy on the test splits and benchmarks of a suite.
public struct Evaluator {
  public let suite: Suite
  /// The most examples of each split.
  public let limit: Int
  /// Completions sampled of each example.
  public let samples: Int
  public let seed: UInt64
  /// The longest completion in tokens.
  public var maxNewTokens = 12

  /// - Throws: `TrainingError.badOption` for counts below 1.
  public init(suite: Suite, limit: Int, samples: Int, seed: UInt64 = 0) throws(TrainingError) {
    guard limit >= 1 else { throw .badOption("an evaluation needs at least 1 example a split") }
    guard samples >= 1 else { throw .badOption("an evaluation needs at least 1 sample") }
    self.suite = suite
    self.limit = limit
    self.samples = samples
    self.seed = seed
  }

  /// Scores every split; the examples and random streams are the same for every policy.
  public func evaluate(
    _ policy: Policy, events: (TrainingEvent) -> Void = { _ in },
    interrupted: @escaping @Sendable () -> Bool = { false }
  ) throws(TrainingError) -> Evaluation {
    let sets = suite.tests + suite.benchmarks
    var splits: [Evaluation.Split] = []
    for (index, set) in sets.enumerated() {
      events(.evaluating(split: set.name, index: index, of: sets.count))
      let split = try score(
        policy, set, isHeldOut: index >= suite.tests.count, interrupted: interrupted)
      guard let split else {
        return Evaluation(splits: splits, samples: samples, isPartial: true)
      }
      splits.append(split)
    }
    return Evaluation(splits: splits, samples: samples, isPartial: false)
  }

  /// The scores of one split; nil where an interrupt came meanwhile.
  private func score(
    _ policy: Policy, _ set: Dataset, isHeldOut: Bool, interrupted: @escaping @Sendable () -> Bool
  ) throws(TrainingError) -> Evaluation.Split? {
    let encoder = PromptEncoder(policy: policy)
    let examples = (0..<min(limit, set.count)).map { set[$0] }
    set.prepare(0..<examples.count)
    var prompts: [Prompt] = []
    for (index, example) in examples.enumerated() {
      if interrupted() { return nil }
      prompts.append(try encoder.prompt(example, domain: set.domain, index: index))
    }
    func texts(temperature: Float, samples: Int) -> [[String]] {
      policy.generate(
        prompts, samples: samples,
        options: SamplingOptions(
          temperature: temperature, maxNewTokens: maxNewTokens, seed: seed, purpose: "evaluation"),
        interrupted: interrupted
      ).map { $0.map { encoder.text($0.tokens) } }
    }
    let greedy = texts(temperature: 0, samples: 1)
    if interrupted() { return nil }
    let sampled = texts(temperature: 1, samples: samples)
    if interrupted() { return nil }
    var scores: [Evaluation.Reading: Double] = [:]
    var errors: [Evaluation.Reading: Double] = [:]
    for reading in Evaluation.Reading.allCases {
      let verifier: any Verifier = reading.isLenient ? LenientReward() : AccuracyReward()
      let each = zip(reading.isGreedy ? greedy : sampled, examples).map { texts, example in
        texts.reduce(0.0) {
          $0 + verifier.score($1, example)
        } / Double(max(texts.count, 1))
      }
      (scores[reading], errors[reading]) = Self.meanAndError(each)
    }
    func format(_ texts: [[String]]) -> Double {
      let flags = zip(texts, examples).flatMap { texts, example in
        texts.map { FormatReward().score($0, example) }
      }
      return flags.reduce(0, +) / Double(max(flags.count, 1))
    }
    return Evaluation.Split(
      name: set.name, domain: set.domain, isHeldOut: isHeldOut, count: examples.count,
      scores: scores, errors: errors, greedyFormat: format(greedy), sampledFormat: format(sampled))
  }

  private static func meanAndError(_ values: [Double]) -> (Double, Double) {
    let count = Double(max(values.count, 1))
    let mean = values.reduce(0, +) / count
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, values.count > 1 ? (squares / (count - 1) / count).squareRoot() : 0)
  }
}
