import Glibc
import MDMData
import MDMModels
import MDMNumerics
import MDMTensors

/// Supervised training on mixed answer formats: what makes the base policy of a suite.
///
/// The base shall know answers better than the target format, so that reinforcement learning has
/// both to teach, as in the paper.
public struct WarmUp {
  public let suite: Suite
  public var format = WarmUpFormat()
  public var steps: Int
  /// Examples of each step.
  public var batch = 64
  /// AdamW's learning rate after 50 steps, cosine decay to a fiftieth.
  public var learningRate = 1e-3
  public var seed: UInt64 = 0
  /// How often warm-up and caption sets are drawn relative to the others of their kind; 1 where
  /// not named. The hard ones come more often.
  public var repeats: [String: Int] = [
    "coco": 2, "lisa": 2, "sat": 2, "caption_bars": 2, "caption_panels": 2,
  ]
  /// Draws of captions for each round of the sets.
  public var captionDraws = 6

  public init(suite: Suite, steps: Int) {
    self.suite = suite
    self.steps = steps
  }

  /// A warm-up as it stands after some steps.
  public struct Progress: Sendable {
    /// The mean loss of each step in nats a token.
    public let losses: [Double]
    public let policy: Policy
    /// What AdamW needs to go on; nil once all steps are done.
    let optimiser: PolicyTrainer.State?
  }

  /// What a warm-up did.
  public struct Report: Sendable {
    public let progress: Progress
    public let isInterrupted: Bool
    /// The mean loss of each step in nats a token.
    public var losses: [Double] { progress.losses }
  }

  /// Trains a policy in place.
  ///
  /// - Parameters:
  ///   - earlier: An interrupted warm-up with the same settings, whose policy this is: it goes on to the
  ///     bits of one that was never interrupted.
  ///   - checkpoints: Keeps the warm-up as it stands now and then.
  /// - Throws: `TrainingError` for a suite without warm-up sets, unknown words and divergence; `ModelError`
  ///   for want of memory.
  public func run(
    _ policy: Policy, continuing earlier: Progress? = nil,
    checkpoints: CheckpointPlan<Progress>? = nil, events: (TrainingEvent) -> Void = { _ in },
    interrupted: @escaping @Sendable () -> Bool = { false }
  ) throws -> Report {
    guard !suite.warmup.isEmpty else {
      throw TrainingError.badOption("the suite `\(suite.name)` has no warm-up sets")
    }
    guard steps >= 1, batch >= 1 else {
      throw TrainingError.badOption("a warm-up needs at least 1 step of 1")
    }
    try PolicyTrainer.checkMemory(policy)
    let encoder = PromptEncoder(policy: policy)
    let trainer =
      earlier?.optimiser.map {
        PolicyTrainer(policy: policy, optimiser: AdamWOptions(), continuing: $0)
      } ?? PolicyTrainer(policy: policy)
    var losses = earlier?.losses ?? []
    var checkpoints = checkpoints
    func progress(isDone: Bool) -> Progress {
      Progress(losses: losses, policy: policy, optimiser: isDone ? nil : trainer.state)
    }
    for step in losses.count..<max(steps, losses.count) {
      if interrupted() { return Report(progress: progress(isDone: false), isInterrupted: true) }
      let groups = try self.groups(encoder, step: step)
      let tokens = groups.reduce(0) { $0 + $1.completions[0].count }
      var loss = 0.0
      trainer.accumulate(groups) { scores in
        scores.map { group in
          group.map { row in
            for value in row { loss -= Double(value) / Double(tokens) }
            return [Float](repeating: -1 / Float(tokens), count: row.count)
          }
        }
      }
      let rate = learningRate(step)
      let norm = Double(trainer.step(learningRate: Float(rate)))
      guard norm.isFinite else {
        throw TrainingError.diverged(step: step + 1, cause: "the loss is \(loss)")
      }
      losses.append(loss)
      events(
        .step(
          index: step, of: steps,
          metrics: [
            "warmup/loss": loss, MetricKey.gradientNorm.rawValue: norm,
            MetricKey.learningRate.rawValue: rate,
          ]))
      if step + 1 < steps { checkpoints?.stepIsDone(step + 1) { progress(isDone: false) } }
    }
    return Report(progress: progress(isDone: true), isInterrupted: false)
  }

  /// The pairs of prompt and target of a step, counted from 0.
  package func groups(_ policy: Policy, step: Int) throws -> [CompletionGroup] {
    try groups(PromptEncoder(policy: policy), step: step)
  }

  private func groups(_ encoder: PromptEncoder, step: Int) throws -> [CompletionGroup] {
    func repeated(_ sets: [Dataset]) -> [Dataset] {
      sets.flatMap { [Dataset](repeating: $0, count: max(1, repeats[$0.domain] ?? 1)) }
    }
    let policy = encoder.policy
    let rounds = repeated(suite.warmup)
    let captionRounds = repeated(suite.captions)
    let captions = captionRounds.isEmpty ? 0 : captionDraws
    var pairs: [CompletionGroup] = []
    for slot in 0..<batch {
      let index = step * batch + slot
      let (round, place) = index.quotientAndRemainder(dividingBy: rounds.count + captions)
      let set =
        place < rounds.count
        ? rounds[place]
        : captionRounds[(round * captions + place - rounds.count) % captionRounds.count]
      let example = set[index % set.count]
      var stream = RandomStream(seed: seed, purpose: "format", domain: set.domain, index: index)
      let pair = format.pair(for: example, &stream)
      let prompt = try encoder.prompt(
        example, words: pair.prompt, domain: set.domain, index: index)
      let target = policy.tokenizer.encode(pair.target.joined(separator: " "))
      pairs.append(
        CompletionGroup(
          prompt: prompt, completions: [target + [policy.configuration.endToken]]))
    }
    return pairs
  }

  private func learningRate(_ step: Int) -> Double {
    let rise = min(1, Double(step + 1) / 50)
    let wave = (1 + cos(Double.pi * Double(step) / Double(steps))) / 2
    return learningRate * rise * (0.02 + 0.98 * wave)
  }
}
