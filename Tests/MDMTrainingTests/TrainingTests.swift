import MDMData
import MDMMixtures
import MDMModels
import MDMTraining
import Testing

@Suite struct TrainingTests {
  private let suite = Suite.mini()

  private func policy(seed: UInt64 = 0) -> Policy {
    let tokenizer = WordTokenizer(words: Vocabulary.words)
    var configuration = PolicyConfiguration(tokenizer: tokenizer)
    configuration.hiddenSize = 32
    configuration.intermediateSize = 48
    configuration.layerCount = 1
    configuration.mropeSection = [2, 1, 1]
    configuration.visionDepth = 1
    return Policy(configuration: configuration, tokenizer: tokenizer, seed: seed)
  }

  private func training(
    _ weights: [(String, Double)], steps: Int = 2, seed: UInt64 = 3,
    reward: RewardFunction = .gated,
    rate: Double = 1e-3
  ) throws -> GRPOTraining {
    var options = GRPOOptions()
    options.group = 4
    options.prompts = 4
    options.maxNewTokens = 4
    options.learningRate = rate
    return try GRPOTraining(
      base: policy(), mixture: Mixture(domains: weights.map(\.0), weights: weights.map(\.1)),
      data: suite.train, reward: reward, options: options, steps: steps, seed: seed)
  }

  /// Pays for completions by their length: something that any policy can learn.
  private let brevity = RewardFunction(name: "brevity", range: 0...1) { text, _ in
    text.split(separator: " ").count < 2 ? 1 : 0
  }

  @Test func theSameSeedGivesTheSameBits() throws {
    let plan = try training([("coco", 0.5), ("sat", 0.5)], reward: brevity)
    let (first, second) = (try plan.run(), try plan.run())
    #expect(first.policy.fingerprint == second.policy.fingerprint)
    #expect(first.metrics["reward/mean"] == second.metrics["reward/mean"])
    #expect(first.policy.fingerprint != plan.base.fingerprint)
  }

  @Test func aDomainOfWeightZeroChangesNothing() throws {
    let two = try training([("coco", 0.5), ("sat", 0.5)], reward: brevity).run()
    let three = try training([("coco", 0.5), ("sat", 0.5), ("lisa", 0)], reward: brevity).run()
    #expect(two.policy.fingerprint == three.policy.fingerprint)
    #expect(three.drawn[2] == 0)
  }

  @Test func rewardRisesWhereItCan() throws {
    let run = try training([("sat", 1)], steps: 40, reward: brevity, rate: 1e-2).run()
    let rewards = run.metrics["reward/mean"] ?? []
    let (early, late) = (rewards.prefix(5).reduce(0, +) / 5, rewards.suffix(5).reduce(0, +) / 5)
    #expect(late > early + 0.2)
  }

  @Test(arguments: [Double.nan, .infinity, 7])
  func aRewardOutsideOfItsRangeIsNamed(_ value: Double) throws {
    let bad = RewardFunction(name: "broken", range: 0...1) { _, _ in value }
    let plan = try training([("sat", 1)], reward: bad)
    #expect {
      try plan.run()
    } throws: { error in
      guard let error = error as? TrainingError else { return false }
      return error.message.contains("`broken`") && error.message.contains("sat/train/")
    }
  }

  @Test func aDomainWithoutDataIsNamed() throws {
    #expect {
      try training([("cocoo", 1)])
    } throws: { ($0 as? TrainingError)?.message.contains("`cocoo`") == true }
  }

  @Test func anInterruptGivesAPartialRun() throws {
    let run = try training([("sat", 1)], steps: 5).run(interrupted: { true })
    #expect(run.status == .interrupted)
    #expect(run.steps == 0)
  }

  @Test func warmUpLowersTheLoss() throws {
    let policy = policy()
    let losses = try WarmUp(suite: suite, steps: 80).run(policy).losses
    let (early, late): (Double, Double) = (losses[0], losses[losses.count - 1])
    #expect(late < 0.9 * early)
  }

  @Test func evaluationsRepeatExactly() throws {
    let evaluator = try Evaluator(suite: suite, limit: 4, samples: 2)
    let (first, second) = (try evaluator.evaluate(policy()), try evaluator.evaluate(policy()))
    #expect(first == second)
    #expect(first.splits.map(\.name).contains("chartqa/test"))
    #expect(try first.outScore() >= 0)
  }
}
