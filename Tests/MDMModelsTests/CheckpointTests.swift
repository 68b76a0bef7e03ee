import Glibc
import MDMJSON
import MDMModels
import Testing

/// Checkpoint folders as transformers and the Hub write them.
@Suite struct CheckpointTests {
  /// A folder with links to a reference model's files and the given ones, removed at the end.
  private func withFolder(
    linking models: [String], leavingOut absent: [String] = [],
    _ body: (String) throws -> Void
  ) throws {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/mdm-checkpoint-XXXXXX".utf8CString)
    let folder = String(cString: try #require(mkdtemp(&template)))
    defer {
      for name in names(of: folder) { unlink(folder + "/" + name) }
      rmdir(folder)
    }
    for model in models {
      for name in names(of: Golden.folder(model)) where !absent.contains(name) {
        symlink(Golden.folder(model) + "/" + name, folder + "/" + name)
      }
    }
    try body(folder)
  }

  private func names(of folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var result: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { result.append(name) }
    }
    return result
  }

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
