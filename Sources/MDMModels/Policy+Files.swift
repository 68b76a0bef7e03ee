extension Policy {
  /// Reads a checkpoint folder, as `save_pretrained` and the Hub lay it out.
  ///
  /// - Throws: `ModelError` with the file, field or tensor that cannot be used.
  public convenience init(folder: String) throws(ModelError) {
    try self.init(folder: folder, storedFrom: 1 << 27)
  }

  package convenience init(folder: String, storedFrom: Int) throws(ModelError) {
    try self.init(.folder(folder), storedFrom: storedFrom)
    origin = folder
  }

  /// Reads a checkpoint from the bytes of its files, by their names.
  public convenience init(files: [String: [UInt8]]) throws(ModelError) {
    try self.init(.memory(files), storedFrom: .max)
  }

  private convenience init(_ source: CheckpointSource, storedFrom: Int) throws(ModelError) {
    let checkpoint = try CheckpointFolder(source)
    try self.init(
      configuration: checkpoint.configuration, tokenizer: checkpoint.tokenizer,
      weights: WeightFiles(source), companions: checkpoint.companions, storedFrom: storedFrom)
  }

  /// Writes a folder that `init(folder:)` and transformers read, each file whole or not at all; the weights
  /// come last. They are float32, or bfloat16 where they stayed so, in several files beyond 5 GB.
  ///
  /// Of a policy with an adapter only the adapter is written, as PEFT does; `merged()` has the whole.
  public func save(folder: String) throws(ModelError) {
    if let adapter {
      try adapter.save(folder: folder, base: origin, network: network.layout)
    } else {
      try save(folder: folder, mostBytesOfAFile: WeightWriter.mostBytes)
    }
  }

  package func save(folder: String, mostBytesOfAFile: Int) throws(ModelError) {
    try File.makeFolder(folder)
    let type = stored == nil ? "float32" : "bfloat16"
    try File.write(Array(configuration.json(type: type).utf8), to: folder + "/config.json")
    try File.write(Array(tokenizer.json.utf8), to: folder + "/tokenizer.json")
    if tokenizer is WordTokenizer {
      try File.write(Array(WordTokenizer.settings.utf8), to: folder + "/tokenizer_config.json")
    }
    for file in companions.files {
      try File.write(file.bytes, to: folder + "/" + file.name)
    }
    try writer.write(folder: folder, mostBytes: mostBytesOfAFile)
  }

  /// The bytes of `model.safetensors`, without an adapter.
  public var safetensors: [UInt8] { writer.bytes }

  private var writer: WeightWriter {
    WeightWriter(tensors: network.layout.tensors, weights: weights, stored: stored)
  }
}
