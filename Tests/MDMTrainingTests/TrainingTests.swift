import MDMData
import MDMModels
import MDMTensors
import MDMTraining
import Testing

@Suite struct TrainingTests {
  private let tiny = TinyTraining()
  private let brevity = TinyTraining.brevity

  @Test func theSameSeedGivesTheSameBits() throws {
    let plan = try tiny.training([("coco", 0.5), ("sat", 0.5)], reward: brevity)
    let (first, second) = (try plan.run(), try plan.run())
    #expect(first.bits == second.bits)
    #expect(first.policy.fingerprint != plan.base.fingerprint)
  }

  @Test func aDomainOfWeightZeroChangesNothing() throws {
    let two = try tiny.training([("coco", 0.5), ("sat", 0.5)], reward: brevity).run()
    let three = try tiny.training(
      [("coco", 0.5), ("sat", 0.5), ("lisa", 0)], reward: brevity
    ).run()
    #expect(two.policy.fingerprint == three.policy.fingerprint)
    #expect(three.drawn[2] == 0)
  }

  @Test func rewardRisesWhereItCan() throws {
    let run = try tiny.training([("sat", 1)], steps: 40, reward: brevity, rate: 1e-2).run()
    let rewards = run.metrics["reward/mean"] ?? []
    let (early, late) = (rewards.prefix(5).reduce(0, +) / 5, rewards.suffix(5).reduce(0, +) / 5)
    #expect(late > early + 0.2)
  }

  @Test(arguments: PolicyLoss.all.map(\.name))
  func rewardRisesUnderEveryLoss(_ name: String) throws {
    let loss = try #require(PolicyLoss.all.first { $0.name == name })
    let run = try tiny.training([("sat", 1)], steps: 40, reward: brevity, rate: 1e-2) {
      $0.loss = loss
      $0.advantage = loss == .drGRPO ? .centred : .groupNormalised
      $0.iterations = 2
    }.run()
    let rewards = run.metrics["reward/mean"] ?? []
    let (early, late) = (rewards.prefix(5).reduce(0, +) / 5, rewards.suffix(5).reduce(0, +) / 5)
    #expect(late > early + 0.2)
  }

  @Test func equalRewardsTeachNothing() throws {
    let constant = RewardFunction(name: "constant", range: 0...1) { _, _ in 0.3 }
    let plan = try tiny.training([("sat", 1)], steps: 3, reward: constant) { $0.beta = 0 }
    let run = try plan.run()
    #expect(run.metrics["policy/gradient_norm"] == [0, 0, 0])
    #expect(run.metrics["group/zero_variance"] == [1, 1, 1])
    #expect(run.policy.fingerprint == plan.base.fingerprint)
  }

  @Test func withoutAKLTheBaseIsNotAsked() throws {
    let run = try tiny.training([("sat", 1)], steps: 2, reward: brevity) { $0.beta = 0 }.run()
    #expect((run.metrics["policy/kl"] ?? []).map(\.isNaN) == [true, true])
    #expect((run.metrics["policy/loss"] ?? []).map(\.isFinite) == [true, true])
  }

  @Test func secondUpdatesOnTheSameCompletionsLeaveThePolicyThatSampled() throws {
    let run = try tiny.training([("sat", 1)], steps: 6, reward: brevity, rate: 3e-2) {
      $0.iterations = 4
    }.run()
    #expect((run.metrics["policy/clipped"] ?? []).contains { $0 > 0 })
  }

  @Test func aSpreadScheduleKeepsToTheWeights() throws {
    let run = try tiny.training([("coco", 0.7), ("sat", 0.3)], steps: 5, reward: brevity) {
      $0.schedule = .spread
    }.run()
    #expect(run.drawn == [14, 6])
  }

  @Test(arguments: [Double.nan, .infinity, 7])
  func aRewardOutsideOfItsRangeIsNamed(_ value: Double) throws {
    let bad = RewardFunction(name: "broken", range: 0...1) { _, _ in value }
    let plan = try tiny.training([("sat", 1)], reward: bad)
    #expect {
      try plan.run()
    } throws: { error in
      guard let error = error as? TrainingError else { return false }
      return error.message.contains("`broken`") && error.message.contains("sat/train/")
    }
  }

  @Test func aDomainWithoutDataIsNamed() throws {
    #expect {
      try tiny.training([("cocoo", 1)])
    } throws: { ($0 as? TrainingError)?.message.contains("`cocoo`") == true }
  }

  @Test func warmUpLowersTheLoss() throws {
    let losses = try WarmUp(suite: tiny.suite, steps: 80).run(tiny.policy()).losses
    let (early, late): (Double, Double) = (losses[0], losses[losses.count - 1])
    #expect(late < 0.9 * early)
  }

  // AdamW's first step moves each weight by the rate against its gradient's sign, so the loss falls by the
  // rate times the sum of the gradient's absolute values: a finite difference along that direction.
  @Test func warmUpDescendsTheGradientOfItsLoss() throws {
    let policy = tiny.policy()
    let warmUp = WarmUp(suite: tiny.suite, steps: 1)
    let batch = try warmUp.groups(policy, step: 0)
    func loss(_ policy: Policy) -> Double {
      let all = policy.logProbabilities(batch).joined().joined()
      return -all.reduce(0.0) { $0 + Double($1) } / Double(all.count)
    }
    let before = loss(policy)
    var still = policy.copy()
    let report = try warmUp.run(still)
    #expect(abs(report.losses[0] - before) < 1e-4)
    still = policy.copy()
    var options = AdamWOptions()
    (options.gradientClipNorm, options.weightDecay, options.freezesVision) = (0, 0, false)
    let trainer = PolicyTrainer(policy: still, optimiser: options)
    let tokens = Float(batch.reduce(0) { $0 + $1.completions[0].count })
    trainer.accumulate(batch) { scores in
      scores.map { $0.map { $0.map { _ in -1 / tokens } } }
    }
    let size = policy.tensors.reduce(0.0) { sum, tensor in
      (trainer.gradient(of: tensor.name) ?? []).reduce(sum) { $0 + Double(abs($1)) }
    }
    let rate: Float = 1e-5
    trainer.step(learningRate: rate)
    let fall = (before - loss(still)) / (Double(rate) * size)
    #expect(abs(fall - 1) < 0.05, "\(fall)")
  }

  @Test func evaluationsRepeatExactly() throws {
    let evaluator = try Evaluator(suite: tiny.suite, limit: 4, samples: 2)
    let first = try evaluator.evaluate(tiny.policy())
    #expect(try first == evaluator.evaluate(tiny.policy()))
    #expect(first.splits.map(\.name).contains("chartqa/test"))
    #expect(try first.outScore() >= 0)
  }

  @Test func theLedgerAddsUp() throws {
    let run = try TinyTraining().training(
      [("coco", 0.25), ("sat", 0.75)], steps: 4, reward: TinyTraining.brevity
    ) { $0.redraws = 1 }.run()
    let ledger = run.ledger
    #expect(
      ledger.rows.map(\.domain) == ["coco", "sat"] && ledger.rows.map(\.asked) == [0.25, 0.75])
    #expect(ledger.rows.map(\.prompts) == run.drawn)
    func total(_ key: MetricKey) -> Double { (run.metrics[key.rawValue] ?? []).reduce(0, +) }
    // Four completions a prompt; those of groups with equal rewards teach nothing.
    #expect(total(.scored) == 4 * total(.drawn) && total(.taught) <= total(.scored))
    #expect(total(.taught) > 0 && total(.tokens) >= total(.taught) && total(.pull) > 0)
    for share in [\Ledger.Row.drawn, \.taughtShare, \.tokenShare, \.pullShare] {
      #expect(abs(ledger.rows.reduce(0) { $0 + $1[keyPath: share] } - 1) < 1e-9)
    }
    for key in [MetricKey.drawn, .scored, .taught, .truncated, .tokens, .pull] {
      let parts = ["coco", "sat"].map { run.metrics[MetricKey.of(key, domain: $0)] ?? [] }
      #expect(zip(parts[0], parts[1]).map { $0 + $1 }.count == 4)
      for (step, sum) in zip(parts[0], parts[1]).map({ $0 + $1 }).enumerated() {
        #expect(abs(sum - (run.metrics[key.rawValue]?[step] ?? .nan)) < 1e-9)
      }
    }
  }
}
