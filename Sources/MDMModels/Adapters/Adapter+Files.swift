import MDMJSON
import MDMTensors

// PEFT's folder of an adapter: adapter_config.json and adapter_model.safetensors.
extension Adapter {
  /// The fields of a configuration that must have one value, which is PEFT's default.
  private static let fixed: [(name: String, value: JSONNode)] = [
    ("bias", .string("none")), ("fan_in_fan_out", .bool(false)), ("use_dora", .bool(false)),
    ("lora_bias", .bool(false)), ("modules_to_save", .null), ("layer_replication", .null),
    ("trainable_token_indices", .null), ("target_parameters", .null),
  ]

  /// Reads the files that PEFT's `save_pretrained` writes.
  convenience init(_ source: CheckpointSource, network: ParameterLayout) throws(ModelError) {
    let config = try ModelError.document(
      source.read("adapter_config.json"), "adapter_config.json")
    var options = try Self.options(config)
    let file = try Safetensors(source.map("adapter_model.safetensors"))
    var names: [String: String] = [:]
    for name in file.names { names[Self.canonical(name)] = name }
    var chosen: [(tensor: ParameterLayout.Tensor, rank: Int)] = []
    for tensor in AdapterNames.candidates(network) {
      let module = AdapterNames.module(tensor.name)
      guard let name = names["\(module).lora_A.weight"] else { continue }
      let rank = file.shape(of: name)?.first ?? 0
      guard rank == options.rank else {
        throw .badAdapter(
          reason: "has the rank \(rank) at `\(module)` and \(options.rank) in its configuration")
      }
      chosen.append((tensor, rank))
    }
    let layout = AdapterLayout(network, targets: chosen)
    let weights = WeightStorage(count: layout.count)
    for tensor in layout.tensors {
      guard let name = names.removeValue(forKey: Self.canonical(tensor.name)) else {
        throw .missingTensor(name: tensor.name)
      }
      try file.read(name, shape: tensor.shape, into: weights.base + tensor.offset)
    }
    guard names.isEmpty else { throw .surplusTensors(names: names.values.sorted()) }
    guard !chosen.isEmpty else { throw .badAdapter(reason: "has no tensors") }
    options.targets = AdapterNames.list(chosen.map(\.tensor), of: network)
    self.init(options: options, layout: layout, weights: weights)
  }

  /// A tensor's name without what older and newer versions put before and into it.
  private static func canonical(_ name: String) -> String {
    var rest = Substring(name)
    if rest.hasPrefix("base_model.model.") { rest = rest.dropFirst(17) }
    // Before transformers 4.52 the parts were named as the Hub's files name them.
    for old in ["model.layers.", "visual."] where rest.hasPrefix(old) {
      return AdapterNames.module(String(rest))
        + (rest.hasSuffix(".weight") ? ".weight" : "")
    }
    return String(rest)
  }

  private static func options(_ config: JSONNode) throws(ModelError) -> LoRAOptions {
    guard let kind = config["peft_type"]?.text, kind == "LORA" else {
      throw .badAdapter(reason: "is of another kind than LORA in `peft_type`")
    }
    for field in fixed {
      if let value = config[field.name], value != .null, value != field.value {
        throw .badAdapter(
          reason:
            "has a `\(field.name)` other than \(String(decoding: field.value.compact, as: UTF8.self))"
        )
      }
    }
    for name in ["rank_pattern", "alpha_pattern"] {
      guard config[name]?.members?.isEmpty ?? true else {
        throw .badAdapter(reason: "has a `\(name)`; one rank and alpha for all modules is known")
      }
    }
    guard let rank = config["r"]?.integer, rank > 0, rank <= 1 << 16,
      let alpha = config["lora_alpha"]?.number, alpha.isFinite
    else { throw .badAdapter(reason: "needs numbers in `r` and `lora_alpha`") }
    return LoRAOptions(
      rank: rank, alpha: Float(alpha), targets: [],
      isRankStabilised: config["use_rslora"] == .bool(true))
  }

  /// Writes the folder that PEFT's `from_pretrained` reads; the weights come last.
  ///
  /// - Parameter base: What the adapter belongs to: a folder, or a name of the Hub.
  func save(folder: String, base: String, network: ParameterLayout) throws(ModelError) {
    try File.makeFolder(folder)
    let targets = AdapterNames.list(layout.targets.map(\.tensor), of: network)
    let fields: [(String, JSONNode)] =
      Self.fixed + [
        ("alpha_pattern", .object([] as [JSONNode.Member])),
        ("base_model_name_or_path", .string(base)),
        ("inference_mode", .bool(true)), ("init_lora_weights", .bool(true)),
        ("lora_alpha", .number(Double(options.alpha))), ("lora_dropout", .number(0)),
        ("peft_type", .string("LORA")), ("r", .integer(Int64(options.rank))),
        ("rank_pattern", .object([] as [JSONNode.Member])),
        ("target_modules", .array(targets.map { .string($0) })),
        ("task_type", .string("CAUSAL_LM")), ("use_rslora", .bool(options.isRankStabilised)),
      ]
    let config = JSONNode.object(
      fields.map { JSONNode.Member(name: $0.0, value: $0.1) } as [JSONNode.Member])
    try File.write(config.indented, to: folder + "/adapter_config.json")
    try WeightWriter(tensors: layout.tensors, weights: weights).write(
      file: folder + "/adapter_model.safetensors")
  }
}
