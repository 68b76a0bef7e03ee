import MDMData
import MDMModels
import MDMRewards
import MDMTensors

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
  /// The names of the only splits to score; all where nil.
  public var only: Set<String>?

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
    let all = suite.tests.map { ($0, false) } + suite.benchmarks.map { ($0, true) }
    let sets = all.filter { only?.contains($0.0.name) ?? true }
    var splits: [Evaluation.Split] = []
    for (index, (set, isHeldOut)) in sets.enumerated() {
      events(.evaluating(split: set.name, index: index, of: sets.count))
      let split = try score(
        policy, set, isHeldOut: isHeldOut, interrupted: interrupted)
      guard let split else {
        return Evaluation(splits: splits, samples: samples, isPartial: true)
      }
      splits.append(split)
    }
    return Evaluation(splits: splits, samples: samples, isPartial: only != nil)
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
    // Texts are read and scored on all threads, each example by one of them.
    var items = [Evaluation.Item?](repeating: nil, count: examples.count)
    var formats = [(greedy: Double, sampled: Double)](repeating: (0, 0), count: examples.count)
    items.withUnsafeMutableBufferPointer { items in
      formats.withUnsafeMutableBufferPointer { formats in
        nonisolated(unsafe) let (items, formats) = (items, formats)
        Workers.run(examples.count) { place in
          let (example, said) = (examples[place], greedy[place].first ?? "")
          items[place] = Self.item(example, greedy: said, sampled: sampled[place])
          let format = FormatReward()
          formats[place] = (
            format.score(said, example),
            sampled[place].reduce(0.0) { $0 + format.score($1, example) }
          )
        }
      }
    }
    let scored = items.compactMap(\.self)
    var scores: [Evaluation.Reading: Double] = [:]
    var errors: [Evaluation.Reading: Double] = [:]
    for reading in Evaluation.Reading.allCases {
      (scores[reading], errors[reading]) = Self.meanAndError(
        scored.map { $0.score(.exact, reading) })
    }
    let count = Double(max(examples.count, 1))
    return Evaluation.Split(
      name: set.name, domain: set.domain, isHeldOut: isHeldOut, items: scored,
      ownMetric: examples.first.map { BenchmarkMetric(domain: set.domain, kind: $0.kind).name }
        ?? "exact match",
      scores: scores, errors: errors,
      greedyFormat: formats.reduce(0) { $0 + $1.greedy } / count,
      sampledFormat: formats.reduce(0) { $0 + $1.sampled } / count / Double(samples))
  }

  /// An example with all its scores.
  private static func item(
    _ example: MDMData.Example, greedy: String, sampled: [String]
  ) -> Evaluation.Item {
    let own = BenchmarkMetric(domain: example.domain, kind: example.kind)
    var scores: [Evaluation.Metric: [Evaluation.Reading: [Double]]] = [.exact: [:], .own: [:]]
    for reading in Evaluation.Reading.allCases {
      let texts = reading.isGreedy ? [greedy] : sampled
      let verifier: any Verifier = reading.isLenient ? LenientReward() : AccuracyReward()
      scores[.exact]?[reading] = texts.map { verifier.score($0, example) }
      scores[.own]?[reading] = texts.map {
        own.score($0, example, isLenient: reading.isLenient)
      }
    }
    return Evaluation.Item(
      id: example.id, question: example.question, gold: example.answer, greedy: greedy,
      sampled: sampled, scores: scores, kind: example.kind)
  }

  private static func meanAndError(_ values: [Double]) -> (Double, Double) {
    let count = Double(max(values.count, 1))
    let mean = values.reduce(0, +) / count
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, values.count > 1 ? (squares / (count - 1) / count).squareRoot() : 0)
  }
}
