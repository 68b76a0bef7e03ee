import Glibc
import MDMModels
import Testing

/// Saving, loading, and what is said about files that cannot be used.
@Suite struct FileTests {
  /// A folder of its own, removed at the end.
  private func withFolder(_ body: (String) throws -> Void) throws {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/mdm-models-XXXXXX".utf8CString)
    if let base = getenv("TMPDIR") {
      template = Array((String(cString: base) + "/mdm-models-XXXXXX").utf8CString)
    }
    let folder = String(cString: try #require(mkdtemp(&template)))
    defer {
      for name in ["config.json", "tokenizer.json", "model.safetensors", "file"] {
        unlink(folder + "/" + name)
        unlink(folder + "/deep/er/" + name)
      }
      for name in ["/deep/er", "/deep", ""] { rmdir(folder + name) }
    }
    try body(folder)
  }

  @Test func aSavedPolicyIsReadBackBitByBit() throws {
    try withFolder { folder in
      let policy = smallPolicy()
      try policy.save(folder: folder + "/deep/er")
      let read = try Policy(folder: folder + "/deep/er")
      #expect(read.configuration == policy.configuration)
      #expect(read.tokenizer as? WordTokenizer == policy.tokenizer as? WordTokenizer)
      #expect(read.fingerprint == policy.fingerprint)
      let prompts = prompts(2, for: policy)
      let options = SamplingOptions(seed: 9)
      #expect(
        read.generate(prompts, samples: 2, options: options)
          == policy.generate(prompts, samples: 2, options: options))
    }
  }

  @Test func fingerprintsTellPoliciesApart() {
    let policy = smallPolicy()
    #expect(policy.fingerprint.count == 16)
    #expect(policy.fingerprint == smallPolicy().fingerprint)
    #expect(policy.fingerprint != smallPolicy(seed: 2).fingerprint)
  }

  @Test func aFailingWriteIsAnErrorThatLeavesTheOldFile() throws {
    try withFolder { folder in
      let policy = smallPolicy()
      try policy.save(folder: folder)
      #expect(throws: ModelError.self) { try policy.save(folder: folder + "/config.json") }
      #expect(throws: ModelError.self) { try policy.save(folder: "/proc/nowhere") }
      let read = try Policy(folder: folder)
      #expect(read.fingerprint == policy.fingerprint)
    }
  }

  @Test func missingFilesAreNamed() {
    let error = #expect(throws: ModelError.self) { try Policy(folder: "/nowhere/at/all") }
    #expect(error?.message.contains("/nowhere/at/all/config.json") == true)
    #expect(error?.hint.isEmpty == false)
  }

  private func checkpoint() -> [String: [UInt8]] {
    let policy = smallPolicy()
    return [
      "config.json": Array(policy.configuration.json.utf8),
      "tokenizer.json": Array(policy.tokenizer.json.utf8),
      "model.safetensors": policy.safetensors,
    ]
  }

  @Test func aCheckpointInMemoryIsRead() throws {
    #expect(try Policy(files: checkpoint()).fingerprint == smallPolicy().fingerprint)
  }

  @Test func truncatedWeightsAreRefusedAtEveryLength() {
    var files = checkpoint()
    let whole = files["model.safetensors"] ?? []
    for length in [0, 7, 8, 9, 100, whole.count / 2, whole.count - 1] {
      files["model.safetensors"] = Array(whole[..<length])
      #expect(throws: ModelError.self, "length \(length)") { try Policy(files: files) }
    }
  }

  @Test func weightsOfAnotherShapeAreRefused() {
    var files = checkpoint()
    var configuration = smallPolicy().configuration
    configuration.intermediateSize = 32
    files["config.json"] = Array(configuration.json.utf8)
    #expect(
      throws: ModelError.wrongShape(
        name: "model.layers.0.mlp.gate_proj.weight", expected: [32, 16], found: [24, 16])
    ) { try Policy(files: files) }
    configuration = smallPolicy().configuration
    configuration.layerCount = 3
    files["config.json"] = Array(configuration.json.utf8)
    #expect(throws: ModelError.missingTensor(name: "model.layers.2.input_layernorm.weight")) {
      try Policy(files: files)
    }
  }

  @Test(arguments: [
    "", "{", "[]", "{\"vision_config\": {}}", "{\"model_type\": \"llama\", \"vision_config\": {}}",
  ])
  func unusableConfigurationsAreRefused(_ text: String) {
    #expect(throws: ModelError.self) { try PolicyConfiguration(json: Array(text.utf8)) }
  }

  @Test func inconsistentSizesAreRefused() {
    var configuration = PolicyConfiguration()
    configuration.mropeSection = [4, 4, 4]
    #expect(throws: ModelError.self) { try configuration.check() }
    configuration = PolicyConfiguration()
    configuration.keyValueHeadCount = 3
    #expect(throws: ModelError.self) { try configuration.check() }
  }
}
