import MDMJSON

/// What a checkpoint folder holds besides the weights.
struct CheckpointFolder {
  /// What is carried from the folder to a saved one as it is.
  struct Companions: Sendable {
    var files: [(name: String, bytes: [UInt8])] = []
    /// Whether conversations are written as Qwen2-VL does.
    var knowsTemplate = false
  }

  var configuration: PolicyConfiguration
  let tokenizer: any Tokenizer
  var companions = Companions()

  /// Reads files in the layout of transformers 5, or in the older one of the Hub.
  init(_ source: CheckpointSource) throws(ModelError) {
    configuration = try PolicyConfiguration(json: source.read("config.json"))
    let settings = try Self.companion("tokenizer_config.json", of: source, in: &companions)
    if try source.readIfPresent("tokenizer.json") == nil,
      let vocabulary = try source.readIfPresent("vocab.json")
    {
      tokenizer = try BytePairTokenizer(
        vocabulary: vocabulary, merges: source.read("merges.txt"),
        configuration: settings ?? Array("{}".utf8))
    } else {
      tokenizer = try TokenizerFile.read(
        source.read("tokenizer.json", or: "neither it nor vocab.json is there"))
    }
    try configuration.fit(tokenizer)
    for name in ["processor_config.json", "preprocessor_config.json"] {
      guard let bytes = try Self.companion(name, of: source, in: &companions) else { continue }
      let document = try ModelError.document(bytes, name)
      if name == "preprocessor_config.json" || document["image_processor"] != nil {
        configuration.imageProcessor = try ImageProcessor(
          document: document, configuration: configuration)
      }
    }
    if let bytes = try Self.companion("generation_config.json", of: source, in: &companions) {
      let ends = try ModelError.document(bytes, "generation_config.json")["eos_token_id"]
      try configuration.take(ends: ends)
    }
    try readTemplate(source, settings)
  }

  private static func companion(
    _ name: String, of source: CheckpointSource, in companions: inout Companions
  ) throws(ModelError) -> [UInt8]? {
    guard let bytes = try source.readIfPresent(name) else { return nil }
    companions.files.append((name, bytes))
    return bytes
  }

  /// Finds the chat template; without one the published one is meant.
  private mutating func readTemplate(
    _ source: CheckpointSource, _ settings: [UInt8]?
  ) throws(ModelError) {
    var template: String?
    if let bytes = settings {
      template = try ModelError.document(bytes, "tokenizer_config.json")["chat_template"]?.text
    }
    if let bytes = try Self.companion("chat_template.json", of: source, in: &companions) {
      template = try ModelError.document(bytes, "chat_template.json")["chat_template"]?.text
    }
    if let bytes = try Self.companion("chat_template.jinja", of: source, in: &companions) {
      template = String(decoding: bytes, as: UTF8.self)
    }
    companions.knowsTemplate =
      tokenizer is BytePairTokenizer && (template.map(ChatTemplate.isKnown) ?? true)
  }
}

extension PolicyConfiguration {
  /// Takes over a tokenizer's special tokens, which must be those of the network.
  mutating func fit(_ tokenizer: any Tokenizer) throws(ModelError) {
    guard vocabularySize >= tokenizer.count else {
      throw .badTokenizer(
        reason: "has \(tokenizer.count) tokens, the network \(vocabularySize)")
    }
    if tokenizer is BytePairTokenizer, imageToken != tokenizer.imageToken {
      throw .badTokenizer(
        reason: "has the image token \(tokenizer.imageToken), config.json \(imageToken)")
    }
    take(tokensOf: tokenizer)
  }

  /// Takes over which tokens end a completion: one, or several in an array.
  mutating func take(ends node: JSONNode?) throws(ModelError) {
    guard let node, node != .null else { return }
    let list = node.elements ?? [node]
    let tokens = list.compactMap(\.integer).filter { (0..<vocabularySize).contains($0) }
    guard tokens.count == list.count, let first = tokens.first else {
      throw .badConfiguration(
        field: "eos_token_id", reason: "of generation_config.json is not of the vocabulary")
    }
    if !tokens.contains(Int(endToken)) { endToken = Int32(first) }
    otherEndTokens = tokens.map { Int32($0) }.filter { $0 != endToken }
  }
}
