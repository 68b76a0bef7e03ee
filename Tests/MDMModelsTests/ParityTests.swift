import Glibc
import MDMImages
import MDMModels
import MDMTensors
import Testing

/// Numbers of Hugging Face transformers and TRL for the same weights and inputs.
@Suite struct ParityTests {
  /// PyTorch's own distance from float64 is a fourth of it.
  private let tolerance: Float = 2e-5
  static let models = ["qwen2vl-tiny", "qwen25vl-tiny"]

  @Test(arguments: Self.models)
  func logitsOfAnImagePrompt(_ model: String) throws {
    let golden = try Golden(model)
    let prompt = try golden.prompts("A")[0]
    let positions = try golden.integers("A.logit_positions")
    let want = try golden.floats("A.logits")
    let vocabulary = golden.policy.configuration.vocabularySize
    let image = golden.policy.configuration.imageToken
    let imageEnd = try #require(prompt.tokens.lastIndex(of: image))
    var compared = 0
    for (i, position) in positions.enumerated() where Int(position) > imageEnd {
      var part = prompt
      part.tokens = Array(prompt.tokens[...Int(position)])
      let got = golden.policy.nextTokenLogits(part)
      let row = Array(want[(i * vocabulary)..<((i + 1) * vocabulary)])
      let (difference, at) = worst(got, row)
      #expect(difference < tolerance, "position \(position), worst at \(at): \(got[at]) \(row[at])")
      compared += 1
    }
    #expect(compared >= 3)
  }

  /// One image, text around an image, two images, text alone, and a batch of three conversations.
  @Test(arguments: Self.models, ["A", "B", "C", "D", "E"])
  func logProbabilities(_ model: String, _ name: String) throws {
    let golden = try Golden(model)
    let image = golden.policy.configuration.imageToken
    let prompts = try golden.prompts(name)
    let want = try golden.floats("\(name).next_token_logprobs")
    let width = want.count / prompts.count
    for (i, prompt) in prompts.enumerated() {
      // Padding stands left of the shorter prompts of a batch.
      let pad = width + 1 - prompt.tokens.count
      let start = prompt.tokens.lastIndex(of: image).map { $0 + 2 } ?? 1
      var part = prompt
      part.tokens = Array(prompt.tokens[..<start])
      let got = golden.policy.logProbabilities([
        CompletionGroup(prompt: part, completions: [Array(prompt.tokens[start...])])
      ])
      let row = Array(want[(i * width + pad + start - 1)..<((i + 1) * width)])
      let (difference, at) = worst(got[0][0], row)
      #expect(difference < tolerance, "prompt \(i), worst at \(at)")
    }
  }

  @Test(arguments: Self.models, ["A", "E"])
  func greedyCompletions(_ model: String, _ name: String) throws {
    let golden = try Golden(model)
    let prompts = try golden.prompts(name)
    let got = golden.policy.generate(
      prompts, samples: 1,
      options: SamplingOptions(temperature: 0, maxNewTokens: 16, stopsAtEnd: false))
    let want = try golden.floats("\(name).greedy_logprobs")
    for i in prompts.indices {
      #expect(got[i][0].tokens == (try golden.integers("\(name).greedy_ids", row: i)))
      // The reference's log-probabilities leave the forbidden words out of the sum.
      let row = Array(want[(i * 16)..<((i + 1) * 16)])
      #expect(worst(got[i][0].logProbabilities, row).relative < 5e-3)
    }
  }

  @Test(arguments: Self.models, ["img64", "img112x84"])
  func imageFeatures(_ model: String, _ image: String) throws {
    let golden = try Golden(model)
    let got = golden.policy.features(of: try golden.image(image + ".rgb"))
    let (difference, at) = worst(got, try golden.floats(image + ".features"))
    #expect(difference < tolerance, "worst at \(at)")
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
    let images = [try golden.image("img64.rgb"), try golden.image("img112x84.rgb")]
    let groups = (0..<2).map { g in
      let row = g * 4 * 66
      let tokens = (row..<(row + 66)).filter { mask[$0] == 1 }.map { ids[$0] }
      return CompletionGroup(
        prompt: Prompt(images: [images[g]], tokens: tokens),
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
    // The reference's gradient slices are those after clipping to the norm 1.
    let total: Float = 16.152509689331055
    let losses = try #require(golden.facts["grpo"]?["losses"]?.elements)
    let norms = try #require(losses.lazy.compactMap { $0["gradient_norms"] }.first?.members)
    #expect(norms.count == golden.policy.tensorNames.count)
    for norm in norms {
      let ours = norm.name.replacing("model.language_model.", with: "model.")
        .replacing("model.visual.", with: "visual.")
      let gradient = try #require(trainer.gradient(of: ours))
      let got = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      let want = try #require(norm.value.number)
      #expect(abs(got - want) < 1e-4 * want, "\(ours): \(got), not \(want)")
      if golden.file.shape(of: "grpo.grad.\(norm.name)") != nil {
        let slice = try golden.floats("grpo.grad.\(norm.name)")
        let (difference, at) = worst(gradient.prefix(slice.count).map { $0 / total }, slice)
        #expect(difference < 1e-4, "\(ours), worst at \(at): \(difference)")
      }
    }
    #expect(abs(trainer.step(learningRate: 1e-3) - total) < 1e-3)
    // AdamW's first step is the gradient's sign where it is far above epsilon, noise elsewhere.
    let after = golden.policy.logProbabilities(groups)
    let want = try golden.floats("grpo.per_token_logps_after_adamw")
    let flat = (0..<8).flatMap { i in want[(i * 8)..<(i * 8 + lengths[i])] }
    #expect(worst(after.flatMap { $0.flatMap(\.self) }, flat).relative < 1e-3)
  }
}
