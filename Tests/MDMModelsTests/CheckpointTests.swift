import Glibc
import MDMJSON
import MDMModels
import Testing

/// Checkpoint folders as transformers and the Hub write them.
@Suite struct CheckpointTests {
  @Test func theLayoutOfTheHubGivesTheSamePolicy() throws {
    for absent in ["merges.txt", "tokenizer.json"] {
      try withFolder(linking: ["qwen2vl-tiny-hubstyle"], leavingOut: [absent]) { folder in
        symlink(
          Golden.folder("qwen2vl-tiny") + "/model.safetensors", folder + "/model.safetensors")
        let hub = try Policy(folder: folder)
        let golden = try Golden()
        let prompt = try golden.prompts("B")[0]
        #expect(hub.nextTokenLogits(prompt) == golden.policy.nextTokenLogits(prompt))
        let text = "<|im_start|>it's 12 naïve <|image_pad|>"
        #expect(hub.tokenizer.encode(text) == golden.policy.tokenizer.encode(text))
        // Its generation_config.json has two tokens that end a completion.
        #expect(hub.configuration.endToken == 1019)
        #expect(hub.configuration.otherEndTokens == [1017])
        #expect(hub.configuration.imageProcessor == golden.policy.configuration.imageProcessor)
      }
    }
  }

  @Test func shardsOfBfloat16AreRead() throws {
    let sharded = "qwen25vl-tiny-bf16-sharded"
    try withFolder(linking: [sharded, "qwen25vl-tiny"], leavingOut: ["model.safetensors"]) {
      folder in
      let halves = try Policy(folder: folder)
      let floats = try Golden("qwen25vl-tiny").policy
      #expect(halves.tensorNames == floats.tensorNames)
      for name in floats.tensorNames {
        // The shards were made from the same floats, rounded to their upper 16 bits.
        let want = try #require(floats.values(of: name)).map { value in
          let bits = value.bitPattern
          return Float(bitPattern: (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF_0000)
        }
        #expect(halves.values(of: name) == want, "\(name)")
      }
    }
  }

  /// The halves twice: matrices left in their files, and turned into floats.
  private func withHalves(_ body: (_ stored: Policy, _ floats: Policy) throws -> Void) throws {
    let sharded = "qwen25vl-tiny-bf16-sharded"
    try withFolder(linking: [sharded, "qwen25vl-tiny"], leavingOut: ["model.safetensors"]) {
      try body(Policy(folder: $0, storedFrom: 0), Policy(folder: $0, storedFrom: .max))
    }
  }

  private func groups(_ policy: Policy) throws -> [CompletionGroup] {
    try Golden("qwen25vl-tiny").prompts("B").map {
      CompletionGroup(prompt: $0, completions: [[5, 9, 200, 31], [7], [30, 60, 90]])
    }
  }

  @Test func matricesThatStayInTheirFilesGiveTheSameNumbers() throws {
    try withHalves { stored, floats in
      let groups = try groups(stored)
      let scores = stored.logProbabilities(groups)
      let want = floats.logProbabilities(groups)
      for (got, want) in zip(scores.joined().joined(), want.joined().joined()) {
        #expect(abs(got - want) < 2e-5)
      }
      // A completion does not depend on what stands beside it, in no bit.
      for (i, group) in groups.enumerated() {
        for (j, completion) in group.completions.enumerated() {
          let alone = CompletionGroup(prompt: group.prompt, completions: [completion])
          #expect(stored.logProbabilities([alone])[0][0] == scores[i][j])
        }
      }
      let options = SamplingOptions(temperature: 0, maxNewTokens: 12)
      #expect(
        stored.generate(groups.map(\.prompt), samples: 2, options: options).map { $0[1].tokens }
          == floats.generate(groups.map(\.prompt), samples: 1, options: options).map {
            $0[0].tokens
          })
      #expect(stored.fingerprint == floats.fingerprint)
    }
  }

  @Test func bfloat16IsSavedAsItWasRead() throws {
    try withHalves { stored, _ in
      try withFolder(linking: []) { folder in
        try stored.save(folder: folder, mostBytesOfAFile: 100_000)
        let saved = try Policy(folder: folder, storedFrom: 0)
        #expect(saved.bytesOfAWeight == 2)
        for name in stored.tensorNames {
          #expect(saved.values(of: name) == stored.values(of: name), "\(name)")
        }
        let config = try Golden.bytes(folder + "/config.json")
        #expect(String(decoding: config, as: UTF8.self).contains("\"dtype\": \"bfloat16\""))
      }
    }
  }

  @Test func trainingTurnsStoredMatricesIntoFloats() throws {
    try withHalves { stored, floats in
      let copy = stored.copy()
      var prints: [String] = []
      for policy in [copy, floats] {
        let trainer = PolicyTrainer(policy: policy)
        trainer.accumulate(try groups(policy)) { $0.map { $0.map { $0.map { _ in -0.1 } } } }
        trainer.step(learningRate: 1e-3)
        prints.append(policy.fingerprint)
      }
      #expect(prints[0] == prints[1])
      #expect(copy.bytesOfAWeight == 4 && stored.bytesOfAWeight == 2)
      #expect(stored.fingerprint != prints[0])
    }
  }

  @Test(arguments: ParityTests.models)
  func aSavedPolicyKeepsItsFilesAndNumbers(_ model: String) throws {
    let policy = try Golden(model).policy
    try withFolder(linking: []) { folder in
      try policy.save(folder: folder)
      let read = try Policy(folder: folder)
      #expect(read.configuration == policy.configuration)
      #expect(read.fingerprint == policy.fingerprint)
      for name in ["tokenizer.json", "chat_template.jinja", "processor_config.json"] {
        #expect(
          try Golden.bytes(folder + "/" + name)
            == Golden.bytes(Golden.folder(model) + "/" + name))
      }
    }
  }

  @Test func largeWeightsAreSavedInSeveralFiles() throws {
    let policy = try Golden().policy
    try withFolder(linking: []) { folder in
      try policy.save(folder: folder, mostBytesOfAFile: 1_000_000)
      #expect(names(of: folder).contains("model-00001-of-00005.safetensors"))
      #expect(!names(of: folder).contains("model.safetensors"))
      #expect(try Policy(folder: folder).fingerprint == policy.fingerprint)
      // The next, smaller save does not leave the old index in force.
      try policy.save(folder: folder)
      #expect(try Policy(folder: folder).fingerprint == policy.fingerprint)
    }
  }

  /// A reference folder with one file changed, and what is said of it.
  private func message(_ name: String, _ part: String, _ other: String) throws -> String {
    var message = ""
    try withFolder(linking: ["qwen2vl-tiny"], leavingOut: [name]) { folder in
      let bytes = try Golden.bytes(Golden.folder("qwen2vl-tiny") + "/" + name)
      let text = String(decoding: bytes, as: UTF8.self)
      let changed = text.replacing(part, with: other)
      #expect(changed != text)
      let file = try #require(fopen(folder + "/" + name, "w"))
      _ = Array(changed.utf8).withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
      fclose(file)
      message = #expect(throws: ModelError.self) { try Policy(folder: folder) }?.message ?? ""
    }
    return message
  }

  @Test(arguments: [
    ("config.json", "\"silu\"", "\"relu\"", "`hidden_act` of config.json is \"relu\""),
    ("config.json", "\"default\"", "\"yarn\"", "`rope_type` of config.json is \"yarn\""),
    ("config.json", "qwen2_vl", "llava", "`model_type` of config.json is `llava`"),
    (
      "config.json", "\"num_hidden_layers\": 4", "\"num_hidden_layers\": 3",
      "tensors that the configuration does not name: `model.layers.3."
    ),
    (
      "config.json", "\"num_hidden_layers\": 4", "\"num_hidden_layers\": 5",
      "no tensor `model.layers.4.input_layernorm.weight`"
    ),
    ("config.json", "\"image_token_id\": 1022", "\"image_token_id\": 7", "image token 1022"),
    (
      "processor_config.json", "\"patch_size\": 8", "\"patch_size\": 14",
      "`patch_size` of the image"
    ),
    ("processor_config.json", "\"resample\": 3", "\"resample\": 2", "`resample` of the image"),
    (
      "processor_config.json", "0.26862954", "0",
      "`image_std` of the image processor is not positive"
    ),
    ("generation_config.json", "1019", "[1019, 5000]", "`eos_token_id`"),
  ])
  func foldersThatCannotBeUsedAreExplained(
    _ name: String, _ part: String, _ other: String, _ expected: String
  ) throws {
    let message = try message(name, part, other)
    #expect(message.contains(expected), "\(message)")
  }

  @Test func anotherChatTemplateIsNotGuessed() throws {
    try withFolder(linking: ["qwen2vl-tiny"], leavingOut: ["chat_template.jinja"]) { folder in
      let file = try #require(fopen(folder + "/chat_template.jinja", "w"))
      fputs("{{ messages }}", file)
      fclose(file)
      let policy = try Policy(folder: folder)
      #expect(throws: ModelError.unknownChatTemplate) {
        try policy.prompt([ChatMessage("user", "hi")])
      }
      #expect(try policy.prompt(text: "hi").tokens.count == 2)
    }
  }

  @Test(arguments: [
    ("F32", "[2]", "[0,4]", 4, "4 bytes for `a`, F32 of [2]"),
    ("F32", "[9223372036854775807,4]", "[0,4]", 4, "4 bytes for `a`"),
    ("F32", "[1]", "[4,8]", 8, "a gap or an overlap before `a`"),
    ("F32", "[1]", "[0,4]", 6, "2 bytes behind its last tensor"),
    ("Q4", "[1]", "[0,4]", 4, "4 bytes for `a`, Q4"),
    ("F32", "[1]", "[0,400]", 4, "ends before the data of `a`"),
  ])
  func lyingHeadersAreRefused(
    _ type: String, _ shape: String, _ offsets: String, _ length: Int, _ expected: String
  ) {
    let header = Array(
      "{\"a\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}}".utf8)
    var bytes: [UInt8] = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    bytes += header + [UInt8](repeating: 0, count: length)
    let error = #expect(throws: ModelError.self) { try Safetensors(bytes) }
    #expect(error?.message.contains(expected) == true, "\(error?.message ?? "")")
  }
}
