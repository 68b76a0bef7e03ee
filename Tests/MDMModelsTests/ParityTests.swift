import Glibc
import MDMImages
import MDMModels
import MDMTensors
import Testing

/// Numbers of Hugging Face transformers and TRL for the same weights and inputs.
@Suite struct ParityTests {
  private let tolerance: Float = 2e-5

  @Test func logitsOfAnImagePrompt() throws {
    let golden = try Golden()
    let ids = try golden.integers("A.input_ids")
    let image = try golden.image("img64.rgb")
    let positions = try golden.integers("A.logit_positions")
    let want = try golden.floats("A.logits")
    let vocabulary = golden.policy.configuration.vocabularySize
    let imageEnd = try #require(ids.lastIndex(of: golden.policy.configuration.imageToken))
    var compared = 0
    for (i, position) in positions.enumerated() where Int(position) > imageEnd {
      let prompt = Prompt(image: image, tokens: Array(ids[...Int(position)]))
      try golden.policy.check(prompt)
      let got = golden.policy.nextTokenLogits(prompt)
      let row = Array(want[(i * vocabulary)..<((i + 1) * vocabulary)])
      let (difference, at) = worst(got, row)
      #expect(difference < tolerance, "position \(position), worst at \(at): \(got[at]) \(row[at])")
      compared += 1
    }
    #expect(compared >= 3)
  }

  @Test(arguments: [("A", "img64.rgb"), ("B", "img112x84.resized_torchvision"), ("D", "")])
  func logProbabilities(_ name: String, _ imageName: String) throws {
    let golden = try Golden()
    let ids = try golden.integers("\(name).input_ids")
    let image = imageName.isEmpty ? nil : try golden.image(imageName)
    let c = golden.policy.configuration
    let start = ids.lastIndex(of: c.imageToken).map { $0 + 2 } ?? 1
    let prompt = Prompt(image: image, tokens: Array(ids[..<start]))
    try golden.policy.check(prompt)
    let got = golden.policy.logProbabilities([
      CompletionGroup(prompt: prompt, completions: [Array(ids[start...])])
    ])
    let want = try golden.floats("\(name).next_token_logprobs")
    let (difference, at) = worst(got[0][0], Array(want[(start - 1)...]))
    #expect(difference < tolerance, "worst at \(at)")
  }

  @Test func greedyCompletion() throws {
    let golden = try Golden()
    let prompt = Prompt(
      image: try golden.image("img64.rgb"), tokens: try golden.integers("A.input_ids"))
    let got = golden.policy.generate(
      [prompt], samples: 1,
      options: SamplingOptions(temperature: 0, maxNewTokens: 16, stopsAtEnd: false))
    #expect(got[0][0].tokens == (try golden.integers("A.greedy_ids")))
    let want = try golden.floats("A.greedy_logprobs")
    // The reference's log-probabilities leave the forbidden words out of the sum.
    #expect(worst(got[0][0].logProbabilities, want).relative < 5e-3)
  }

  @Test(arguments: [
    (64, 64, 64, 64), (84, 112, 80, 112), (20, 20, 32, 32), (10, 300, 16, 304), (1, 100, 16, 320),
    (37, 91, 32, 96), (42, 70, 48, 64), (14, 14, 32, 32), (1080, 1920, 416, 752),
    (3000, 4000, 480, 656),
  ])
  func smartResize(_ height: Int, _ width: Int, _ wantedHeight: Int, _ wantedWidth: Int) {
    let configuration = PolicyConfiguration()
    let grid = ImagePatches.grid(width: width, height: height, configuration: configuration)
    #expect(grid.rows * configuration.patchSize == wantedHeight)
    #expect(grid.columns * configuration.patchSize == wantedWidth)
  }

  @Test func resizingAgreesWithPillow() throws {
    let golden = try Golden()
    let got = ImagePatches.resized(try golden.image("img112x84.rgb"), width: 112, height: 80)
    let want = try golden.image("img112x84.resized_pil")
    let different = zip(got.pixels, want.pixels).filter { $0 != $1 }
    #expect(different.count * 1000 < got.pixels.count, "\(different.count) bytes differ")
    #expect(different.allSatisfy { abs(Int($0) - Int($1)) == 1 })
  }

  /// Two groups of four completions, GRPO with clipping and a KL term, as TRL computes it.
  @Test func gradientsAndOneAdamWStep() throws {
    let golden = try Golden()
    let ids = try golden.integers("grpo.prompt_ids")
    let mask = try golden.integers("grpo.prompt_mask")
    let completionIDs = try golden.integers("grpo.completion_ids")
    let completionMask = try golden.integers("grpo.completion_mask")
    let lengths = (0..<8).map { i in
      completionMask[(i * 8)..<(i * 8 + 8)].reduce(0) { $0 + Int($1) }
    }
    let images = [
      try golden.image("img64.rgb"), try golden.image("img112x84.resized_torchvision"),
    ]
    let groups = (0..<2).map { g in
      let row = g * 4 * 66
      let tokens = (row..<(row + 66)).filter { mask[$0] == 1 }.map { ids[$0] }
      return CompletionGroup(
        prompt: Prompt(image: images[g], tokens: tokens),
        completions: (0..<4).map { j in
          Array(completionIDs[((g * 4 + j) * 8)...].prefix(lengths[g * 4 + j]))
        })
    }
    let advantages = try golden.floats("grpo.advantages")
    let old = try golden.floats("grpo.old_per_token_logps")
    let reference = try golden.floats("grpo.ref_per_token_logps")
    let trainer = PolicyTrainer(
      policy: golden.policy, optimiser: AdamWOptions(weightDecay: 0.01, decaysVectors: true))
    let scores = trainer.accumulate(groups) { scores in
      scores.enumerated().map { g, group in
        group.enumerated().map { j, row in
          row.enumerated().map { t, score in
            let i = g * 4 + j
            let advantage = advantages[i]
            let ratio = expf(score - old[i * 8 + t])
            let clipped = min(max(ratio, 0.8), 1.28)
            let active = ratio * advantage <= clipped * advantage
            let d = reference[i * 8 + t] - score
            let k3 = expf(d) - d - 1
            let slope = (active ? -advantage * ratio : 0) + 0.04 * ratio * (1 - expf(d) + k3)
            return slope / Float(8 * lengths[i])
          }
        }
      }
    }
    func compare(_ got: [[[Float]]], _ name: String) throws {
      let want = try golden.floats(name)
      let flat = (0..<8).flatMap { i in want[(i * 8)..<(i * 8 + lengths[i])] }
      let (difference, at) = worst(got.flatMap { $0.flatMap(\.self) }, flat)
      #expect(difference < tolerance, "\(name), worst at \(at): \(difference)")
    }
    try compare(scores, "grpo.per_token_logps")
    let names = [
      "model.layers.0.self_attn.q_proj.bias": "model.language_model.layers.0.self_attn.q_proj.bias",
      "model.layers.3.mlp.down_proj.weight": "model.language_model.layers.3.mlp.down_proj.weight",
      "model.norm.weight": "model.language_model.norm.weight",
      "visual.blocks.0.attn.qkv.bias": "model.visual.blocks.0.attn.qkv.bias",
      "visual.merger.ln_q.weight": "model.visual.merger.ln_q.weight",
    ]
    for (ours, theirs) in names {
      // The reference's gradients are those after clipping to the norm 1.
      let got = try #require(trainer.gradient(of: ours)).map { $0 / 16.152509689331055 }
      let want = try golden.floats("grpo.grad.\(theirs)")
      let (difference, at) = worst(Array(got.prefix(want.count)), want)
      #expect(difference < 1e-4, "\(ours), worst at \(at): \(difference)")
    }
    #expect(abs(trainer.step(learningRate: 1e-3) - 16.152509689331055) < 1e-3)
    // AdamW's first step is the gradient's sign where it is far above epsilon, noise elsewhere.
    let after = golden.policy.logProbabilities(groups)
    let want = try golden.floats("grpo.per_token_logps_after_adamw")
    let flat = (0..<8).flatMap { i in want[(i * 8)..<(i * 8 + lengths[i])] }
    #expect(worst(after.flatMap { $0.flatMap(\.self) }, flat).relative < 1e-3)
  }
}
