import MDMData
import MDMTraining
import Testing

/// Runs at the edges: one prompt, nothing said, nothing to learn, nothing left.
@Suite struct HostileTests {
  private let tiny = TinyTraining()

  @Test func onePromptTwoCompletionsOneToken() throws {
    let run = try tiny.training([("sat", 1)], reward: TinyTraining.brevity) {
      ($0.prompts, $0.group, $0.maxNewTokens) = (1, 2, 1)
    }.run()
    #expect(run.steps == 2 && run.status == .complete)
    #expect(run.metrics.values.allSatisfy { $0.count == 2 })
  }

  @Test func aLargeGroup() throws {
    let run = try tiny.training([("sat", 1)], steps: 1, reward: TinyTraining.brevity) {
      ($0.prompts, $0.group, $0.maxNewTokens) = (1, 600, 2)
    }.run()
    #expect(run.metrics["ledger/scored"] == [600])
    #expect(run.metrics["policy/loss"]?[0].isFinite == true)
  }

  // All rewards equal, everything truncated and masked, all masks on: no step may move a weight.
  @Test(arguments: PolicyLoss.all.map(\.name))
  func nothingToLearnMovesNothing(_ name: String) throws {
    let loss = try #require(PolicyLoss.all.first { $0.name == name })
    for advantage in Advantage.all {
      let constant = RewardFunction(name: "constant", range: 0...1) { _, _ in 0.1 }
      let plan = try tiny.training([("sat", 1)], steps: 1, reward: constant) {
        ($0.loss, $0.advantage, $0.beta, $0.prompts, $0.maxNewTokens) = (loss, advantage, 0, 1, 1)
        ($0.masksTruncated, $0.topEntropy, $0.offPolicyLimit, $0.redraws) = (true, 0.2, 0, 1)
        $0.holdsShare = true
      }
      let run = try plan.run()
      #expect(run.policy.fingerprint == plan.base.fingerprint, "\(advantage)")
      #expect(run.metrics["policy/gradient_norm"] == [0], "\(advantage)")
    }
  }

  @Test(arguments: [1e300, -1e300, 1e-300])
  func rewardsOfAnySizeKeepTheRunFinite(_ size: Double) throws {
    let limit = Double.greatestFiniteMagnitude
    let wild = RewardFunction(name: "wild", range: -limit...limit) { text, _ in
      text.count % 2 == 0 ? size : 0
    }
    for advantage in Advantage.all {
      do {
        let run = try tiny.training([("sat", 1)], steps: 1, reward: wild) {
          ($0.advantage, $0.prompts) = (advantage, 1)
        }.run()
        #expect(run.metrics["policy/gradient_norm"]?[0].isFinite == true, "\(advantage)")
      } catch TrainingError.diverged(let step, _) {
        // Advantages that are not scaled cannot take such rewards: the step is named, no weight moves.
        #expect(step == 1 && abs(size) > 1, "\(advantage)")
      }
    }
  }

  @Test func aUsedUpDomainEndsTheRunWhereThatIsAsked() throws {
    let few = tiny.suite.train.map { $0.domain == "sat" ? $0.prefix(10) : $0 }
    let plan = try tiny.training([("sat", 1)], steps: 9) { $0.exhaustion = .stop }
    let run = try GRPOTraining(
      base: plan.base, mixture: plan.mixture, data: few, options: plan.options, steps: 9, seed: 1
    ).run()
    // Ten examples make two steps of four; the started third counts nowhere.
    #expect(run.status == .complete && run.steps == 2 && run.drawn == [8])
  }

  @Test func passesBoundRepetition() throws {
    let few = tiny.suite.train.map { $0.domain == "sat" ? $0.prefix(4) : $0 }
    let plan = try tiny.training([("sat", 0.5), ("coco", 0.5)]) { $0.passes = 2 }
    let run = try GRPOTraining(
      base: plan.base, mixture: plan.mixture, data: few, options: plan.options, steps: 8, seed: 1
    ).run()
    #expect(run.steps == 8 && run.drawn == [8, 24])
  }

  @Test(arguments: [
    (0, 2, "prompts"), (1, 1, "group"), (1, 0, "group"), (-1, -1, "group"),
    (1 << 17, 1 << 17, "completions"),
    (.max, .max, "completions"),
  ])
  func countsWithoutAMeaningAreRefused(_ prompts: Int, _ group: Int, _ name: String) {
    #expect {
      try tiny.training([("sat", 1)]) { ($0.prompts, $0.group) = (prompts, group) }
    } throws: { ($0 as? TrainingError)?.message.contains(name) == true }
  }
}
