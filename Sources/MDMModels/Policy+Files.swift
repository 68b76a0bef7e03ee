extension Policy {
  /// Reads a checkpoint folder, as `save_pretrained` and the Hub lay it out.
  ///
  /// - Throws: `ModelError` with the file, field or tensor that cannot be used.
  public convenience init(folder: String) throws(ModelError) {
    let checkpoint = try CheckpointFolder(folder)
    try self.init(
      configuration: checkpoint.configuration, tokenizer: checkpoint.tokenizer,
      weights: WeightFiles(folder: folder), companions: checkpoint.companions)
  }

  /// Reads a checkpoint from the bytes of its three files.
  public convenience init(
    config: [UInt8], tokenizer: [UInt8], safetensors: [UInt8]
  ) throws(ModelError) {
    let tokenizer = try TokenizerFile.read(tokenizer)
    var configuration = try PolicyConfiguration(json: config)
    try configuration.fit(tokenizer)
    try self.init(
      configuration: configuration, tokenizer: tokenizer,
      weights: WeightFiles(Safetensors(safetensors)))
  }

  /// Writes a folder that `init(folder:)` and transformers read, each file whole or not at all; the weights
  /// come last. They are float32, in several files beyond 5 GB.
  public func save(folder: String) throws(ModelError) {
    try save(folder: folder, mostBytesOfAFile: WeightWriter.mostBytes)
  }

  package func save(folder: String, mostBytesOfAFile: Int) throws(ModelError) {
    try File.makeFolder(folder)
    try File.write(Array(configuration.json.utf8), to: folder + "/config.json")
    try File.write(Array(tokenizer.json.utf8), to: folder + "/tokenizer.json")
    if tokenizer is WordTokenizer {
      try File.write(Array(WordTokenizer.settings.utf8), to: folder + "/tokenizer_config.json")
    }
    for file in companions.files {
      try File.write(file.bytes, to: folder + "/" + file.name)
    }
    try WeightWriter.write(
      network.layout, weights: weights, folder: folder, mostBytes: mostBytesOfAFile)
  }

  /// The bytes of `model.safetensors`.
  public var safetensors: [UInt8] { WeightWriter.bytes(of: network.layout, weights: weights) }
}
