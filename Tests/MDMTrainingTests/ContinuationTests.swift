import MDMTraining
import Synchronization
import Testing

/// Interrupts, and going on after them.
@Suite struct ContinuationTests {
  private let tiny = TinyTraining()
  private let weights = [("coco", 0.5), ("sat", 0.5)]

  /// A flag that is set while a run goes on.
  private final class Flag: Sendable {
    private let value = Atomic<Bool>(false)
    private let asked = Atomic<Int>(0)
    /// How often the flag is asked until it says yes of itself.
    let limit: Int
    init(limit: Int = .max) { self.limit = limit }
    func set() { value.store(true, ordering: .relaxed) }
    var isSet: Bool {
      let count = asked.add(1, ordering: .relaxed).newValue
      return count > limit || value.load(ordering: .relaxed)
    }
  }

  private func interrupted(_ plan: GRPOTraining, after steps: Int) throws -> Run {
    let flag = Flag()
    return try plan.run(
      events: { if case .step(let index, _, _) = $0, index + 1 == steps { flag.set() } },
      interrupted: { flag.isSet })
  }

  @Test func anInterruptGivesAPartialRun() throws {
    let run = try tiny.training(weights, steps: 5).run(interrupted: { true })
    #expect(run.status == .interrupted)
    #expect(run.steps == 0 && run.drawn == [0, 0])
    #expect(run.policy.fingerprint == tiny.policy().fingerprint)
  }

  @Test(arguments: [1, 3])
  func aContinuedRunEqualsOneWithoutInterrupt(_ steps: Int) throws {
    let plan = try tiny.training(weights, steps: 5, reward: TinyTraining.brevity)
    let whole = try plan.run()
    let part = try interrupted(plan, after: steps)
    #expect(part.status == .interrupted && part.steps == steps)
    #expect(part.drawn.reduce(0, +) == steps * 4)
    #expect(try plan.run(continuing: part).bits == whole.bits)
  }

  // The flag turns at a certain question, so the interrupt falls anywhere within a step.
  @Test(arguments: [2, 7, 19, 23, 31])
  func anInterruptWithinAStepLosesOnlyThatStep(_ questions: Int) throws {
    let plan = try tiny.training(weights, steps: 3, reward: TinyTraining.brevity)
    let flag = Flag(limit: questions)
    let part = try plan.run(interrupted: { flag.isSet })
    #expect(part.status == .interrupted)
    #expect(part.drawn.reduce(0, +) == part.steps * 4)
    #expect(try plan.run(continuing: part).bits == plan.run().bits)
  }

  @Test func aRunCanBeInterruptedTwiceAndContinuedTwice() throws {
    let plan = try tiny.training(weights, steps: 4, reward: TinyTraining.brevity) {
      $0.iterations = 2
      $0.schedule = .spread
      $0.redraws = 2
    }
    let first = try interrupted(plan, after: 1)
    let kept = first.bits
    let flag = Flag()
    let second = try plan.run(
      continuing: first, events: { _ in flag.set() }, interrupted: { flag.isSet })
    #expect(second.status == .interrupted && second.steps == 2)
    let whole = try plan.run().bits
    #expect(try plan.run(continuing: second).bits == whole)
    #expect(try plan.run(continuing: first).bits == whole)
    #expect(first.bits == kept)
  }

  /// A reward that stops at one of its calls, once.
  private final class Stopping: Sendable {
    private let calls = Atomic<Int>(0)
    let call: Int
    init(call: Int) { self.call = call }
    var reward: RewardFunction {
      RewardFunction(name: "stops", range: 0...1) { text, _ in
        if self.calls.add(1, ordering: .relaxed).newValue == self.call {
          throw RewardInterruption()
        }
        return text.count % 2 == 0 ? 1 : 0
      }
    }
  }

  // A script's own loop is interrupted where it stands: its reward throws.
  @Test func anInterruptWithinARewardGivesThePartialRun() throws {
    let plan = try tiny.training(weights, steps: 3, reward: Stopping(call: 24).reward)
    let part = try plan.run()
    #expect(part.status == .interrupted && part.steps == 1)
    #expect(try plan.run(continuing: part).bits == plan.run().bits)
  }

  @Test func anotherPlanCannotContinueARun() throws {
    let part = try interrupted(tiny.training(weights, steps: 3), after: 1)
    #expect {
      try tiny.training(weights, steps: 3, seed: 4).run(continuing: part)
    } throws: { ($0 as? TrainingError)?.message.contains("seed 4") == true }
    #expect(throws: TrainingError.self) {
      try tiny.training(weights, steps: 3, rate: 2e-3).run(continuing: part)
    }
  }

  @Test func aCompleteRunCannotBeContinued() throws {
    let plan = try tiny.training(weights, steps: 1)
    let run = try plan.run()
    #expect {
      try plan.run(continuing: run)
    } throws: { ($0 as? TrainingError)?.message.contains("complete") == true }
  }
}
