import Glibc
import MDMModels
import MDMTensors
import Testing

/// Adapters of low rank: what they change, what learns, and PEFT's files.
@Suite struct AdapterTests {
  private func groups(_ policy: Policy) -> [CompletionGroup] {
    prompts(3, for: policy).enumerated().map { i, prompt in
      CompletionGroup(
        prompt: prompt, completions: [[Int32(4 + i), 9, 7], [Int32(11 + i)], [6, 5, 4, 3]])
    }
  }

  /// A policy whose adapter changes something: one step was taken.
  private func adapted(
    _ architecture: PolicyConfiguration.Architecture = .qwen2VL, targets: [String] = ["text"]
  ) throws -> Policy {
    let policy = try smallPolicy(architecture: architecture).lora(
      LoRAOptions(rank: 4, targets: targets), seed: 3)
    for tensor in policy.tensorNames.filter({ $0.hasSuffix("lora_B.weight") }) {
      let count = try #require(policy.values(of: tensor)).count
      policy.change(tensor, by: (0..<count).map { Float(($0 * 7) % 11 - 5) * 0.03 })
    }
    return policy
  }

  private func expectClose(_ a: [[[Float]]], _ b: [[[Float]]]) {
    for (x, y) in zip(a.joined().joined(), b.joined().joined()) { #expect(abs(x - y) < 2e-5) }
  }

  @Test func aNewAdapterChangesNothing() throws {
    let base = smallPolicy()
    let policy = try base.lora(LoRAOptions(rank: 4))
    #expect(policy.logProbabilities(groups(base)) == base.logProbabilities(groups(base)))
    // Seven matrices in each of two layers.
    #expect(policy.tensorNames.count == base.tensorNames.count + 2 * 7 * 2)
  }

  @Test(arguments: [["text"], ["all-linear"], ["q_proj", "v_proj", "attn.qkv", "mlp.0"]])
  func mergingGivesTheNumbersOfTheAdapter(_ targets: [String]) throws {
    for architecture in [PolicyConfiguration.Architecture.qwen2VL, .qwen25VL] {
      let policy = try adapted(architecture, targets: targets)
      let plain = smallPolicy(architecture: architecture).logProbabilities(groups(policy))
      let merged = policy.merged()
      #expect(!merged.hasAdapter)
      let scores = policy.logProbabilities(groups(policy))
      expectClose(merged.logProbabilities(groups(policy)), scores)
      #expect(scores != plain)
    }
  }

  @Test(arguments: [PolicyConfiguration.Architecture.qwen2VL, .qwen25VL])
  func gradientsAgreeWithDifferences(_ architecture: PolicyConfiguration.Architecture) throws {
    let policy = try adapted(architecture, targets: ["all-linear"])
    let groups = groups(policy)
    func loss(_ policy: Policy) -> Double {
      policy.logProbabilities(groups).joined().joined().enumerated().reduce(0) {
        $0 + Double($1.element) * Double($1.offset % 3 - 1)
      }
    }
    let trainer = PolicyTrainer(policy: policy)
    trainer.accumulate(groups) { scores in
      var i = -1
      return scores.map {
        $0.map {
          $0.map { _ in
            i += 1
            return Float(i % 3 - 1)
          }
        }
      }
    }
    for name in policy.tensorNames.filter({ $0.contains("lora_") }) {
      let gradient = try #require(trainer.gradient(of: name))
      let norm = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      let length = 2e-3
      func moved(_ sign: Double) -> Double {
        let copy = policy.copy()
        copy.change(name, by: gradient.map { Float(sign * length * Double($0) / norm) })
        return loss(copy)
      }
      let want = (moved(1) - moved(-1)) / (2 * length)
      #expect(abs(want - norm) < 0.02 * norm + 3e-3, "\(name): \(norm), differences \(want)")
    }
  }

  @Test func onlyTheAdapterLearns() throws {
    let policy = try smallPolicy().lora(LoRAOptions(rank: 4))
    let before = policy.copy()
    let trainer = PolicyTrainer(policy: policy)
    for _ in 0..<40 {
      trainer.accumulate(groups(policy)) { $0.map { $0.map { $0.map { _ in -0.05 } } } }
      trainer.step(learningRate: 1e-2)
    }
    for name in policy.tensorNames {
      let isSame = policy.values(of: name) == before.values(of: name)
      #expect(isSame != name.contains("lora_"), "\(name)")
    }
    let rise = zip(
      policy.logProbabilities(groups(policy)).joined().joined(),
      before.logProbabilities(groups(policy)).joined().joined()
    ).map { $0 - $1 }.reduce(0, +)
    #expect(rise > 5)
  }

  @Test func aFrozenTowerKeepsItsAdapter() throws {
    let policy = try adapted(targets: ["all-linear"])
    let before = policy.copy()
    let trainer = PolicyTrainer(policy: policy, optimiser: AdamWOptions(freezesVision: true))
    trainer.accumulate(groups(policy)) { $0.map { $0.map { $0.map { _ in -1 } } } }
    trainer.step(learningRate: 1e-2)
    for name in policy.tensorNames where name.contains("lora_") {
      let isSame = policy.values(of: name) == before.values(of: name)
      #expect(isSame == name.contains("visual"), "\(name)")
    }
  }

  @Test func recomputedActivationsGiveTheSameBits() throws {
    func trained(_ recomputes: Bool) throws -> String {
      let policy = try adapted(targets: ["all-linear"])
      let trainer = PolicyTrainer(policy: policy)
      trainer.recomputesActivations = recomputes
      trainer.accumulate(groups(policy)) { $0.map { $0.map { $0.map { _ in -0.05 } } } }
      trainer.step(learningRate: 1e-2)
      return policy.fingerprint
    }
    #expect(try trained(true) == trained(false))
  }

  @Test func aStoredBaseGivesTheNumbersOfFloats() throws {
    let parts = ["qwen25vl-tiny-bf16-sharded", "qwen25vl-tiny"]
    try withFolder(linking: parts, leavingOut: ["model.safetensors"]) { folder in
      var gradients: [[Float]] = []
      for storedFrom in [0, Int.max] {
        let policy = try Policy(folder: folder, storedFrom: storedFrom).lora(
          LoRAOptions(rank: 4, targets: ["all-linear"]))
        let golden = try Golden("qwen25vl-tiny").prompts("B").map {
          CompletionGroup(prompt: $0, completions: [[5, 9, 200], [31]])
        }
        let trainer = PolicyTrainer(policy: policy)
        trainer.accumulate(golden) { $0.map { $0.map { $0.map { _ in -1 } } } }
        let names = policy.tensorNames.filter { $0.contains("lora_B") }
        gradients.append(names.flatMap { trainer.gradient(of: $0) ?? [] })
        #expect(policy.bytesOfAWeight == (storedFrom == 0 ? 2 : 4))
      }
      let scale = gradients[1].map(abs).max() ?? 0
      #expect(scale > 0.01)
      for (a, b) in zip(gradients[0], gradients[1]) { #expect(abs(a - b) < 1e-4 * scale) }
    }
  }

  @Test(arguments: [
    ["text"], ["all-linear"], ["q_proj"], ["mlp.0", "model.language_model.layers.1.mlp.up_proj"],
  ])
  func aSavedAdapterComesBack(_ targets: [String]) throws {
    for architecture in [PolicyConfiguration.Architecture.qwen2VL, .qwen25VL] {
      let policy = try adapted(architecture, targets: targets)
      try withFolder(linking: []) { folder in
        try policy.save(folder: folder)
        #expect(names(of: folder).sorted() == ["adapter_config.json", "adapter_model.safetensors"])
        let base = smallPolicy(architecture: architecture)
        #expect(try base.adapted(folder: folder).fingerprint == policy.fingerprint)
      }
    }
  }

  @Test(arguments: [
    ("nothing", "finds no module `nothing`"), ("embed_tokens", "cannot change"),
    ("lm_head", "finds no module"), ("patch_embed.proj", "cannot change"),
  ])
  func targetsThatCannotBeAdaptedAreNamed(_ target: String, _ part: String) {
    let error = #expect(throws: ModelError.self) {
      try smallPolicy().lora(LoRAOptions(rank: 4, targets: [target]))
    }
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    #expect(error?.message.contains(target) == true)
  }

  @Test func aRankBeyondTheMatrixIsRefused() {
    let error = #expect(throws: ModelError.self) { try smallPolicy().lora(LoRAOptions(rank: 9)) }
    // The smallest matrix is that of the keys: 8 x 16.
    #expect(error?.message.contains("k_proj") == true, "\(error?.message ?? "")")
  }
}
