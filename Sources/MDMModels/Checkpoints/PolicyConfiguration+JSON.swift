import MDMJSON

extension PolicyConfiguration {
  /// Reads `config.json`, in the nested layout of transformers 5 and in the flat one of the Hub.
  public init(json: [UInt8]) throws(ModelError) {
    let document = try ModelError.document(json, "config.json")
    let text = document["text_config"] ?? document
    guard let vision = document["vision_config"] else {
      throw .badConfiguration(field: "vision_config", reason: "is missing")
    }
    let type = document["model_type"]?.text ?? Architecture.qwen2VL.rawValue
    guard let architecture = Architecture(rawValue: type) else {
      throw .badConfiguration(
        field: "model_type", reason: "is `\(type)`, neither `qwen2_vl` nor `qwen2_5_vl`")
    }
    self.init()
    self.architecture = architecture
    func whole(_ object: JSONNode, _ field: String, _ fallback: Int? = nil)
      throws(ModelError) -> Int
    {
      guard let value = object[field], value != .null else {
        if let fallback { return fallback }
        throw .badConfiguration(field: field, reason: "is missing")
      }
      guard let number = value.integer, number >= 0, number < 1 << 31 else {
        throw .badConfiguration(field: field, reason: "is not a whole number of a usable size")
      }
      return number
    }
    vocabularySize = try whole(text, "vocab_size")
    hiddenSize = try whole(text, "hidden_size")
    intermediateSize = try whole(text, "intermediate_size")
    contextLength = try whole(text, "max_position_embeddings", contextLength)
    layerCount = try whole(text, "num_hidden_layers")
    headCount = try whole(text, "num_attention_heads")
    keyValueHeadCount = try whole(text, "num_key_value_heads", headCount)
    rmsNormEpsilon = Float(text["rms_norm_eps"]?.number ?? 1e-6)
    func demand(_ object: JSONNode, _ field: String, _ values: [JSONNode]) throws(ModelError) {
      guard let value = object[field], value != .null, !values.contains(value) else { return }
      throw .badConfiguration(
        field: field,
        reason: "is \(String(decoding: value.compact, as: UTF8.self)), which mdm does not know")
    }
    try demand(text, "hidden_act", [.string("silu")])
    try demand(text, "use_sliding_window", [.bool(false)])
    let rope = text["rope_parameters"] ?? text["rope_scaling"] ?? document["rope_scaling"]
    if let rope {
      try demand(rope, "rope_type", [.string("default"), .string("mrope")])
      try demand(rope, "type", [.string("default"), .string("mrope")])
    }
    ropeTheta = Float(rope?["rope_theta"]?.number ?? text["rope_theta"]?.number ?? 1_000_000)
    if let sections = rope?["mrope_section"]?.elements {
      mropeSection = sections.compactMap(\.integer)
    }
    let tie = document["tie_word_embeddings"] ?? text["tie_word_embeddings"]
    tiesWordEmbeddings = tie == .bool(true)
    initializerRange = Float(text["initializer_range"]?.number ?? 0.02)
    try readVision(vision, whole)
    func token(_ field: String) throws(ModelError) -> Int32? {
      let value = try whole(document, field, -1)
      return value < 0 ? nil : Int32(value)
    }
    endToken = Int32(try whole(text, "eos_token_id", 1))
    padToken = Int32(try whole(text, "pad_token_id", Int(endToken)))
    imageToken = try token("image_token_id") ?? 2
    videoToken = try token("video_token_id")
    visionStartToken = try token("vision_start_token_id")
    visionEndToken = try token("vision_end_token_id")
    unknownToken = padToken
    try check()
    imageProcessor = ImageProcessor(factor: patchSize * spatialMergeSize)
  }

  private mutating func readVision(
    _ vision: JSONNode, _ whole: (JSONNode, String, Int?) throws(ModelError) -> Int
  ) throws(ModelError) {
    visionDepth = try whole(vision, "depth", nil)
    visionHeadCount = try whole(vision, "num_heads", nil)
    patchSize = try whole(vision, "patch_size", nil)
    temporalPatchSize = try whole(vision, "temporal_patch_size", 2)
    spatialMergeSize = try whole(vision, "spatial_merge_size", 2)
    let output: String
    switch architecture {
    case .qwen2VL:
      output = "hidden_size"
      visionSize = try whole(vision, "embed_dim", nil)
      visionIntermediateSize = visionSize * (try whole(vision, "mlp_ratio", 4))
      visionActivation = vision["hidden_act"]?.text ?? "quick_gelu"
    case .qwen25VL:
      output = "out_hidden_size"
      visionSize = try whole(vision, "hidden_size", nil)
      visionIntermediateSize = try whole(vision, "intermediate_size", nil)
      visionActivation = vision["hidden_act"]?.text ?? "silu"
      windowSize = try whole(vision, "window_size", 112)
      fullAttentionBlocks =
        vision["fullatt_block_indexes"]?.elements?.compactMap(\.integer) ?? [7, 15, 23, 31]
    }
    if try whole(vision, "in_channels", 3) != 3 {
      throw .badConfiguration(field: "vision_config.in_channels", reason: "is not 3")
    }
    if try whole(vision, output, hiddenSize) != hiddenSize {
      throw .badConfiguration(field: "vision_config.\(output)", reason: "is not `hidden_size`")
    }
  }

  /// Whether the sizes fit together and are small enough for this engine.
  public func check() throws(ModelError) {
    func demand(_ field: String, _ holds: Bool, _ reason: String) throws(ModelError) {
      if !holds { throw .badConfiguration(field: field, reason: reason) }
    }
    let sizes = [
      ("vocab_size", vocabularySize, 1 << 20), ("hidden_size", hiddenSize, 1 << 14),
      ("intermediate_size", intermediateSize, 1 << 16), ("num_hidden_layers", layerCount, 256),
      ("num_attention_heads", headCount, 256), ("num_key_value_heads", keyValueHeadCount, 256),
      ("embed_dim", visionSize, 1 << 14), ("num_heads", visionHeadCount, 256),
      ("intermediate_size", visionIntermediateSize, 1 << 16), ("patch_size", patchSize, 64),
      ("temporal_patch_size", temporalPatchSize, 16), ("spatial_merge_size", spatialMergeSize, 8),
    ]
    for (field, value, limit) in sizes {
      try demand(field, (1...limit).contains(value), "is \(value), not from 1 to \(limit)")
    }
    try demand("depth", (0...256).contains(visionDepth), "is \(visionDepth), not from 0 to 256")
    try demand(
      "hidden_size", hiddenSize % headCount == 0 && headSize % 2 == 0,
      "does not divide into even heads")
    try demand(
      "num_key_value_heads", headCount % keyValueHeadCount == 0,
      "does not divide `num_attention_heads`")
    try demand(
      "mrope_section",
      mropeSection.count == 3 && mropeSection.allSatisfy { (0...headSize).contains($0) }
        && mropeSection.reduce(0, +) == headSize / 2,
      "does not have three numbers that sum to half a head, \(headSize / 2)")
    try demand(
      "embed_dim", visionSize % (4 * visionHeadCount) == 0,
      "does not divide into heads of a multiple of 4")
    let activations = architecture == .qwen2VL ? ["quick_gelu", "gelu"] : ["silu"]
    try demand(
      "hidden_act", activations.contains(visionActivation),
      "is `\(visionActivation)`, not `\(activations.joined(separator: "` or `"))`")
    if architecture == .qwen2VL {
      try demand(
        "mlp_ratio", visionIntermediateSize % visionSize == 0, "does not make a whole width")
    } else {
      try demand(
        "window_size", windowSize > 0 && windowSize % (patchSize * spatialMergeSize) == 0,
        "is \(windowSize), not a multiple of a merged patch, \(patchSize * spatialMergeSize)")
    }
    try demand("rms_norm_eps", rmsNormEpsilon > 0, "is not positive")
    try demand("rope_theta", ropeTheta > 0 && ropeTheta.isFinite, "is not positive")
  }

  /// The text of `config.json`, in the layout of transformers 5.
  public var json: String { json(type: "float32") }

  /// The text of `config.json` beside weights of a type.
  func json(type: String) -> String {
    let model = architecture == .qwen2VL ? "Qwen2VL" : "Qwen2_5_VL"
    var members: [(String, JSONNode)] = [
      ("architectures", .array([.string("\(model)ForConditionalGeneration")])),
      ("dtype", .string(type)), ("image_token_id", .integer(Int64(imageToken))),
      ("model_type", .string(architecture.rawValue)), ("text_config", textDocument),
      ("tie_word_embeddings", .bool(tiesWordEmbeddings)), ("vision_config", visionDocument),
    ]
    for (name, token) in [
      ("video_token_id", videoToken), ("vision_start_token_id", visionStartToken),
      ("vision_end_token_id", visionEndToken),
    ] {
      if let token { members.append((name, .integer(Int64(token)))) }
    }
    return String(decoding: JSONNode.object(members).indented, as: UTF8.self)
  }

  private var textDocument: JSONNode {
    .object([
      ("bos_token_id", .integer(Int64(padToken))), ("eos_token_id", .integer(Int64(endToken))),
      ("hidden_act", .string("silu")),
      ("hidden_size", .integer(Int64(hiddenSize))),
      ("initializer_range", .number(exactly: initializerRange)),
      ("intermediate_size", .integer(Int64(intermediateSize))),
      ("max_position_embeddings", .integer(Int64(contextLength))),
      ("model_type", .string("\(architecture.rawValue)_text")),
      ("num_attention_heads", .integer(Int64(headCount))),
      ("num_hidden_layers", .integer(Int64(layerCount))),
      ("num_key_value_heads", .integer(Int64(keyValueHeadCount))),
      ("pad_token_id", .integer(Int64(padToken))),
      ("rms_norm_eps", .number(exactly: rmsNormEpsilon)),
      (
        "rope_parameters",
        .object([
          ("mrope_section", .array(mropeSection.map { .integer(Int64($0)) })),
          ("rope_theta", .number(exactly: ropeTheta)), ("rope_type", .string("default")),
        ])
      ), ("vocab_size", .integer(Int64(vocabularySize))),
    ])
  }

  private var visionDocument: JSONNode {
    var members: [(String, JSONNode)] = [
      ("depth", .integer(Int64(visionDepth))), ("hidden_act", .string(visionActivation)),
      ("in_channels", .integer(3)), ("model_type", .string("\(architecture.rawValue)_vision")),
      ("num_heads", .integer(Int64(visionHeadCount))), ("patch_size", .integer(Int64(patchSize))),
      ("spatial_merge_size", .integer(Int64(spatialMergeSize))),
      ("temporal_patch_size", .integer(Int64(temporalPatchSize))),
    ]
    switch architecture {
    case .qwen2VL:
      members += [
        ("embed_dim", .integer(Int64(visionSize))), ("hidden_size", .integer(Int64(hiddenSize))),
        ("mlp_ratio", .integer(Int64(visionIntermediateSize / max(1, visionSize)))),
      ]
    case .qwen25VL:
      members += [
        ("fullatt_block_indexes", .array(fullAttentionBlocks.map { .integer(Int64($0)) })),
        ("hidden_size", .integer(Int64(visionSize))),
        ("intermediate_size", .integer(Int64(visionIntermediateSize))),
        ("out_hidden_size", .integer(Int64(hiddenSize))),
        ("window_size", .integer(Int64(windowSize))),
      ]
    }
    return .object(members)
  }
}

extension JSONNode {
  /// An object of members in this order.
  static func object(_ members: [(String, JSONNode)]) -> JSONNode {
    .object(members.map { Member(name: $0.0, value: $0.1) })
  }

  /// A number that reads back as the same `Float`, in its shortest decimal form.
  fileprivate static func number(exactly value: Float) -> JSONNode {
    .number(Double("\(value)") ?? Double(value))
  }
}
