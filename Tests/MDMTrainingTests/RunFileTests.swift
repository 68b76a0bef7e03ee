import Foundation
import MDMModels
import MDMTraining
import Synchronization
import Testing

/// A run that is written and read in another place goes on to the same bits.
@Suite struct RunFileTests {
  private let tiny = TinyTraining()
  private let weights = [("coco", 0.5), ("sat", 0.5)]
  private let path = FileManager.default.temporaryDirectory
    .appending(path: "mdm-\(UUID().uuidString).run").path

  private func plan(_ change: (inout GRPOOptions) -> Void = { _ in }) throws -> GRPOTraining {
    try tiny.training(weights, steps: 5, reward: TinyTraining.brevity, change)
  }

  /// Writes a checkpoint at every step but the last; the file holds the last of them.
  private func interrupted(_ plan: GRPOTraining, after steps: Int) throws {
    let path = path
    let isOver = Atomic<Bool>(false)
    let run = try plan.run(
      checkpoints: CheckpointPlan<Run>(every: 1) { run in
        try? RunFile.write(run, to: path)
        if run.steps == steps { isOver.store(true, ordering: .relaxed) }
      }, interrupted: { isOver.load(ordering: .relaxed) })
    #expect(run.status == .interrupted && run.steps == steps)
  }

  @Test(arguments: [1, 4])
  func aRunGoesOnFromItsFile(_ steps: Int) throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let plan = try plan {
      $0.iterations = 2
      $0.schedule = .spread
      $0.redraws = 1
    }
    try interrupted(plan, after: steps)
    let part = try RunFile.read(path, for: plan)
    #expect(part.steps == steps && part.status == .interrupted)
    #expect(try plan.run(continuing: part).bits == plan.run().bits)
  }

  @Test func aCompleteRunIsReadAsItWas() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let plan = try plan()
    let run = try plan.run()
    try RunFile.write(run, to: path)
    let read = try RunFile.read(path, for: plan)
    #expect(read.bits == run.bits && read.seconds == run.seconds && read.ending == nil)
    // A field that the file does not know would be lost.
    #expect(
      Mirror(reflecting: run).children.compactMap(\.label).sorted() == RunFile.fields.sorted())
  }

  // Found by scripts/fuzz run: the sums of such counts ended the program.
  @Test(arguments: [
    (#""drawn":["#, #""drawn":[9223372036854775807,"#),
    (#""optimiser_steps":1"#, #""optimiser_steps":9223372036854775807"#),
  ]) func countsThatNoRunReachesAreRefused(_ own: String, _ wrong: String) throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let plan = try plan()
    try interrupted(plan, after: 1)
    let arrays = try TensorFile.read(path)
    var about = String(decoding: arrays["run"] ?? [], as: UTF8.self)
    about = about.replacing(own, with: wrong)
    if own.hasSuffix("[") { about = about.replacing(/7,[0-9]+,/, with: "7,") }
    var file = TensorFile()
    for (name, bytes) in arrays { file.put(name, "U8", name == "run" ? Array(about.utf8) : bytes) }
    try file.write(to: path)
    #expect(throws: ModelError.self) { try RunFile.read(path, for: plan) }
  }

  @Test func anotherPlanIsRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try interrupted(plan(), after: 1)
    let other = try tiny.training(weights, steps: 6, reward: TinyTraining.brevity)
    #expect(throws: TrainingError.self) { try RunFile.read(path, for: other) }
  }

  @Test func aDamagedFileIsRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let plan = try plan()
    try interrupted(plan, after: 1)
    let whole = try Data(contentsOf: URL(filePath: path))
    for place in stride(from: 3, to: whole.count, by: whole.count / 60) {
      for damaged in [
        whole.prefix(place), whole.prefix(place) + [whole[place] ^ 4] + whole[(place + 1)...],
      ] {
        try damaged.write(to: URL(filePath: path))
        #expect(throws: (any Error).self) { try RunFile.read(path, for: plan) }
      }
    }
  }

  @Test func anErrorLeavesTheStepBeforeInACheckpoint() throws {
    let calls = Atomic<Int>(0)
    let reward = RewardFunction(name: "breaks", range: 0...1) { text, _ in
      if calls.add(1, ordering: .relaxed).newValue > 40 { return .nan }
      return text.count % 2 == 0 ? 1 : 0
    }
    let plan = try tiny.training(weights, steps: 5, reward: reward)
    var kept: Run?
    #expect(throws: TrainingError.self) {
      try plan.run(checkpoints: CheckpointPlan<Run>(every: 100) { kept = $0 })
    }
    #expect(kept?.steps == 2)
  }

  @Test func theClockKeepsCheckpointsApart() throws {
    var kept = 0
    _ = try plan().run(checkpoints: CheckpointPlan<Run> { _ in kept += 1 })
    #expect(kept == 0)
  }

  @Test func aStepTellsOfItsCompletions() throws {
    var plan = try plan()
    plan.shownCompletions = 6
    var shown: [ShownCompletion] = []
    var steps: [Int] = []
    let run = try plan.run(events: {
      if case .completions(let step, let some) = $0 {
        steps.append(step)
        shown += some
      }
    })
    #expect(steps == [0, 1, 2, 3, 4] && shown.count == 30)
    #expect(
      shown.prefix(4).map(\.example.id).count == 4 && shown[0].example.id == shown[4].example.id)
    #expect(
      shown.allSatisfy { $0.reward == (try? TinyTraining.brevity.score($0.text, $0.example)) })
    plan.shownCompletions = 0
    #expect(try plan.run().bits == run.bits)
  }

  @Test func aRunEndsWhereItsMetricNoLongerRises() throws {
    var plan = try tiny.training(
      weights, steps: 40, reward: RewardFunction(name: "flat", range: 0...1) { _, _ in 1 })
    plan.earlyStopping = EarlyStopping(metric: "reward/mean", patience: 3)
    plan.earlyStopping?.window = 2
    let run = try plan.run()
    #expect(run.status == .complete && run.steps == 5)
    #expect(run.ending == "reward/mean is not better than 1.0 since step 2")
    // One that is resumed ends at the same step.
    defer { try? FileManager.default.removeItem(atPath: path) }
    try interrupted(plan, after: 4)
    #expect(try plan.run(continuing: RunFile.read(path, for: plan)).bits == run.bits)
  }

  @Test func aGradientThatIsNotFiniteNamesTheDomain() throws {
    // Once the policy has moved, the derivative by the KL is more than a Float can hold.
    let plan = try plan {
      $0.beta = 1e300
      $0.iterations = 2
    }
    do {
      _ = try plan.run()
      Issue.record("it is expected to diverge")
    } catch let error as TrainingError {
      #expect(error.message.contains("is not finite: the loss has no finite derivative for "))
      #expect(
        error.message.contains("completions of coco")
          || error.message.contains("completions of sat"))
    }
  }
}
