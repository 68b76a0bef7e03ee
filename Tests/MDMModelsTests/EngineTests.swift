import Glibc
import MDMImages
import MDMModels
import MDMTensors
import Testing

/// What holds for every policy: sharing, reproducibility, gradients, learning.
@Suite(.serialized) struct EngineTests {
  private func groups(_ policy: Policy, _ count: Int = 3) -> [CompletionGroup] {
    prompts(count, for: policy).enumerated().map { i, prompt in
      CompletionGroup(
        prompt: prompt,
        completions: (0..<3).map { j in
          (0..<(1 + (i + 2 * j) % 5)).map { Int32(4 + (i * 7 + j * 3 + $0) % 20) }
        })
    }
  }

  @Test func sharedPromptGivesTheLogProbabilitiesOfSeparateOnes() {
    let policy = smallPolicy()
    let groups = groups(policy)
    let together = policy.logProbabilities(groups)
    for (i, group) in groups.enumerated() {
      for (j, completion) in group.completions.enumerated() {
        let alone = policy.logProbabilities([
          CompletionGroup(prompt: group.prompt, completions: [completion])
        ])
        #expect(together[i][j] == alone[0][0])
      }
    }
  }

  @Test func scoringAgreesWithGenerationBitByBit() {
    let policy = smallPolicy()
    let prompts = prompts(5, for: policy)
    let drawn = policy.generate(
      prompts, samples: 7, options: SamplingOptions(maxNewTokens: 9, seed: 11))
    let scores = policy.logProbabilities(
      zip(prompts, drawn).map { CompletionGroup(prompt: $0, completions: $1.map(\.tokens)) })
    for i in prompts.indices {
      #expect(drawn[i].count == 7)
      for (completion, score) in zip(drawn[i], scores[i]) {
        #expect(completion.logProbabilities == score)
        #expect(completion.finished == (completion.tokens.last == policy.configuration.endToken))
        #expect(!completion.tokens.contains(policy.tokenizer.imageToken))
      }
    }
    #expect(Set(drawn[0].map(\.tokens)).count > 1)
  }

  @Test func resultsDoNotDependOnTheNumberOfThreads() {
    let before = Workers.count
    defer { Workers.count = before }
    func run(_ threads: Int) -> (drawn: [[Completion]], fingerprint: String, norm: Float) {
      Workers.count = threads
      let policy = smallPolicy()
      let trainer = PolicyTrainer(policy: policy)
      let prompts = prompts(20, for: policy)
      let drawn = policy.generate(
        prompts, samples: 8, options: SamplingOptions(maxNewTokens: 6, seed: 2))
      trainer.accumulate(
        zip(prompts, drawn).map { CompletionGroup(prompt: $0, completions: $1.map(\.tokens)) }
      ) { scores in scores.map { $0.map { $0.map { _ in -0.01 } } } }
      let norm = trainer.step(learningRate: 1e-2)
      return (drawn, policy.fingerprint, norm)
    }
    let one = run(1)
    let two = run(2)
    #expect(one.drawn == two.drawn)
    #expect(one.fingerprint == two.fingerprint)
    #expect(one.norm == two.norm)
  }

  @Test func activationsComputedAgainAndGroupsInPiecesGiveTheSameBits() {
    func trained(_ recomputes: Bool = false, pieces: Int = 1) -> String {
      let policy = smallPolicy()
      let trainer = PolicyTrainer(policy: policy)
      trainer.recomputesActivations = recomputes
      trainer.pieces = pieces
      for _ in 0..<2 {
        trainer.accumulate(groups(policy, 30)) { scores in
          scores.map { $0.map { $0.map { _ in -0.01 } } }
        }
        trainer.step(learningRate: 1e-2)
      }
      return policy.fingerprint
    }
    let plain = trained()
    #expect(trained(true) == plain)
    for pieces in [2, 3, 100] { #expect(trained(pieces: pieces) == plain) }
    #expect(trained(true, pieces: 2) == plain)
  }

  @Test func bfloat16ProductsAreNearFloat32() throws {
    let policy = smallPolicy()
    let groups = groups(policy)
    let trainers = ComputePrecision.allCases.map { precision in
      let trainer = PolicyTrainer(policy: policy.copy())
      trainer.precision = precision
      return trainer
    }
    let scores = trainers.map { trainer in
      trainer.accumulate(groups) { $0.map { $0.map { $0.map { _ in -0.01 } } } }
        .flatMap { $0.flatMap(\.self) }
    }
    #expect(scores[0] != scores[1])
    for (a, b) in zip(scores[0], scores[1]) { #expect(abs(a - b) < 0.1) }
    #expect(
      scores[1]
        == policy.logProbabilities(groups, precision: .bfloat16).flatMap { $0.flatMap(\.self) })
    for name in policy.tensorNames {
      let (a, b) = (
        try #require(trainers[0].gradient(of: name)), try #require(trainers[1].gradient(of: name))
      )
      let distance = zip(a, b).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
      let norm = a.reduce(0.0) { $0 + Double($1 * $1) }
      #expect(distance.squareRoot() <= 0.15 * norm.squareRoot(), "\(name)")
    }
  }

  @Test func samplesDoNotDependOnOtherPrompts() {
    let policy = smallPolicy()
    let prompts = prompts(6, for: policy)
    let options = SamplingOptions(maxNewTokens: 8, seed: 4)
    let all = policy.generate(prompts, samples: 4, options: options)
    let some = policy.generate([prompts[4], prompts[1]], samples: 2, options: options)
    #expect(some[0] == Array(all[4].prefix(2)))
    #expect(some[1] == Array(all[1].prefix(2)))
  }

  @Test(arguments: [PolicyConfiguration.Architecture.qwen2VL, .qwen25VL])
  func gradientsAgreeWithDifferences(_ architecture: PolicyConfiguration.Architecture) throws {
    let policy = smallPolicy(architecture: architecture)
    var groups = groups(policy)
    // One prompt has two images, of which one is no square.
    let c = policy.configuration
    let second = RGBImage(
      width: 64, height: 48, pixels: (0..<(64 * 48 * 3)).map { UInt8($0 * 37 % 251) })
    groups[1].prompt.images.append(second)
    groups[1].prompt.tokens += [Int32](
      repeating: c.imageToken, count: c.imageTokenCount(width: 64, height: 48))
    groups[1].prompt.tokens += [7, 9]
    func slope(_ i: Int, _ j: Int, _ t: Int) -> Float { Float((i + 2 * j + 3 * t) % 5) - 2 }
    func upstream(_ scores: [[[Float]]]) -> [[[Float]]] {
      scores.enumerated().map { i, group in
        group.enumerated().map { j, row in row.indices.map { slope(i, j, $0) } }
      }
    }
    func loss(_ policy: Policy) -> Double {
      var sum = 0.0
      for (i, group) in policy.logProbabilities(groups).enumerated() {
        for (j, row) in group.enumerated() {
          for (t, score) in row.enumerated() { sum += Double(score) * Double(slope(i, j, t)) }
        }
      }
      return sum
    }
    let trainer = PolicyTrainer(policy: policy)
    trainer.accumulate(groups, upstream: upstream)
    for name in policy.tensorNames {
      let gradient = try #require(trainer.gradient(of: name))
      let squares = gradient.map { Double($0) * Double($0) }
      let norm = squares.reduce(0, +).squareRoot()
      // A step along the gradient changes the loss by the gradient's length.
      let length = 2e-3
      func moved(_ sign: Double) -> Double {
        let copy = policy.copy()
        copy.change(name, by: gradient.map { Float(sign * length * Double($0) / norm) })
        return loss(copy)
      }
      let want = (moved(1) - moved(-1)) / (2 * length)
      #expect(abs(want - norm) < 0.02 * norm + 2e-3, "\(name): \(norm), differences \(want)")
    }
  }

  @Test func trainingRaisesTheProbabilityOfTheAnswers() {
    let policy = smallPolicy()
    let trainer = PolicyTrainer(policy: policy)
    let groups = prompts(6, for: policy).enumerated().map { i, prompt in
      CompletionGroup(prompt: prompt, completions: [[Int32(4 + i), Int32(9 + i), 1]])
    }
    for _ in 0..<150 {
      trainer.accumulate(groups) { scores in scores.map { $0.map { $0.map { _ in -1.0 / 18 } } } }
      trainer.step(learningRate: 1e-2)
    }
    let answers = policy.generate(
      groups.map(\.prompt), samples: 1, options: SamplingOptions(temperature: 0))
    #expect(answers.map { $0[0].tokens } == groups.map { $0.completions[0] })
    #expect(answers.allSatisfy { $0[0].finished })
  }

  @Test func frozenVisionStaysAsItIs() {
    let policy = smallPolicy()
    let before = policy.copy()
    let trainer = PolicyTrainer(policy: policy, optimiser: AdamWOptions(freezesVision: true))
    trainer.accumulate(groups(policy)) { scores in scores.map { $0.map { $0.map { _ in 1 } } } }
    trainer.step(learningRate: 1e-2)
    let (tower, text) = ("visual.merger.mlp.0.weight", "model.norm.weight")
    #expect(policy.values(of: tower) == before.values(of: tower))
    #expect(policy.values(of: text) != before.values(of: text))
  }

  @Test func interruptionEndsGenerationEarly() {
    let policy = smallPolicy()
    let drawn = policy.generate(
      prompts(2, for: policy), samples: 2,
      options: SamplingOptions(maxNewTokens: 50, stopsAtEnd: false), interrupted: { true })
    #expect(drawn.map(\.count) == [2, 2])
    #expect(drawn.allSatisfy { $0.allSatisfy { !$0.finished && $0.tokens.count < 50 } })
  }

  @Test func oddInputsAreAccepted() {
    let policy = smallPolicy()
    let odd = [
      Prompt(tokens: []), Prompt(tokens: [-5, 100_000]), Prompt(tokens: [2, 2, 2]),
      Prompt(images: [RGBImage(width: 33, height: 20)], tokens: [4, 2, 5]),
      Prompt(images: [RGBImage(width: 0, height: 0, pixels: [])], tokens: [4]),
    ]
    let scores = policy.logProbabilities(
      odd.map { CompletionGroup(prompt: $0, completions: [[], [4, -7, 5]]) })
    #expect(scores.allSatisfy { $0[0].isEmpty && $0[1].count == 3 })
    #expect(scores.allSatisfy { $0[1].allSatisfy(\.isFinite) })
    for prompt in odd { #expect(throws: ModelError.self) { try policy.check(prompt) } }
    #expect(policy.generate([], samples: 3, options: SamplingOptions()).isEmpty)
    let none = policy.generate(odd, samples: 0, options: SamplingOptions())
    #expect(none.map(\.count) == [0, 0, 0, 0, 0])
  }
}
