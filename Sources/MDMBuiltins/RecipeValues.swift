import MDMData
import MDMModels
import MDMRuntime
import MDMTraining
import Synchronization

/// A mixture's prompts in order, as scripts draw them.
final class SamplerValue: FieldedValue {
  private let sampler: Mutex<MixtureSampler>
  let data: [Dataset]

  init(_ sampler: MixtureSampler, data: [Dataset]) {
    self.sampler = Mutex(sampler)
    self.data = data
  }

  var typeName: String { "Sampler" }

  static let fields: [(name: String, read: @Sendable (SamplerValue) -> Datum)] = [
    (
      "drawn",
      { value in
        value.sampler.withLock { sampler in
          .record(zip(sampler.domains, sampler.drawn).map { ($0.name, .int($1)) })
        }
      }
    )
  ]

  func display(_ width: Int) -> String {
    "Sampler of " + data.map(\.domain).joined(separator: ", ")
  }

  /// The next prompts; fewer where the sampler ends.
  func draw(_ count: Int) -> [(example: MDMData.Example, index: Int)] {
    sampler.withLock { sampler in
      (0..<count).compactMap { _ in
        let index = sampler.step
        return sampler.next().map { (data[$0.domain][$0.index], index) }
      }
    }
  }
}

/// An example that a sampler drew.
final class DrawValue: FieldedValue {
  let example: MDMData.Example
  let index: Int

  init(_ example: MDMData.Example, index: Int) {
    self.example = example
    self.index = index
  }

  var typeName: String { "Draw" }

  static let fields: [(name: String, read: @Sendable (DrawValue) -> Datum)] = [
    ("domain", { .string($0.example.domain) }), ("index", { .int($0.index) }),
    ("example", { .domain(ExampleValue($0.example)) }),
  ]

  func display(_ width: Int) -> String { "Draw \(index): \(example.id)" }
}

/// The completions of one prompt.
final class RolloutValue: FieldedValue {
  let rollout: Rollout

  init(_ rollout: Rollout) { self.rollout = rollout }

  var typeName: String { "Rollout" }

  static let fields: [(name: String, read: @Sendable (RolloutValue) -> Datum)] = [
    ("domain", { .string($0.rollout.example.domain) }),
    ("example", { .domain(ExampleValue($0.rollout.example)) }),
    ("texts", { .strings($0.rollout.texts) }),
    (
      "logprobs",
      { .list($0.rollout.completions.map { .numbers($0.logProbabilities.map(Double.init)) }) }
    ),
    ("finished", { .list($0.rollout.completions.map { .bool($0.finished) }) }),
  ]

  var count: Int? { rollout.completions.count }

  func display(_ width: Int) -> String {
    "Rollout of \(rollout.completions.count) for \(rollout.example.id)"
  }
}

/// A policy that learns: AdamW's state with its weights.
final class TrainerValue: FieldedValue {
  // One call at a time: a script that two jobs share could learn from both.
  private struct State: @unchecked Sendable { let trainer: PolicyTrainer }
  private let state: Mutex<State>
  let policy: Policy

  init(_ trainer: PolicyTrainer) {
    policy = trainer.policy
    state = Mutex(State(trainer: trainer))
  }

  func with<T: Sendable>(_ body: (PolicyTrainer) throws -> T) throws -> T {
    try state.withLock { state in try body(state.trainer) }
  }

  private var steps: Int { (try? with { $0.stepCount }) ?? 0 }

  var typeName: String { "Trainer" }

  static let fields: [(name: String, read: @Sendable (TrainerValue) -> Datum)] = [
    ("policy", { .domain(PolicyValue($0.policy.copy(), name: "trainer")) }),
    ("steps", { .int($0.steps) }),
  ]

  func display(_ width: Int) -> String { "Trainer after \(steps) steps" }
}
