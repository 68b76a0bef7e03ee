import MDMJSON

extension PolicyConfiguration {
  /// Reads `config.json`, in the nested layout of transformers 5 and in the flat one of the Hub.
  public init(json: [UInt8]) throws(ModelError) {
    let document = try ModelError.document(json, "config.json")
    let text = document["text_config"] ?? document
    guard let vision = document["vision_config"] else {
      throw .badConfiguration(field: "vision_config", reason: "is missing")
    }
    if let type = document["model_type"]?.text, type != "qwen2_vl" {
      throw .badConfiguration(field: "model_type", reason: "is `\(type)`, not `qwen2_vl`")
    }
    self.init()
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
    layerCount = try whole(text, "num_hidden_layers")
    headCount = try whole(text, "num_attention_heads")
    keyValueHeadCount = try whole(text, "num_key_value_heads", headCount)
    rmsNormEpsilon = Float(text["rms_norm_eps"]?.number ?? 1e-6)
    let rope = text["rope_parameters"] ?? text["rope_scaling"]
    ropeTheta = Float(rope?["rope_theta"]?.number ?? text["rope_theta"]?.number ?? 1_000_000)
    if let sections = rope?["mrope_section"]?.elements {
      mropeSection = sections.compactMap(\.integer)
    }
    let tie = document["tie_word_embeddings"] ?? text["tie_word_embeddings"]
    tiesWordEmbeddings = tie == .bool(true)
    initializerRange = Float(text["initializer_range"]?.number ?? 0.02)
    visionDepth = try whole(vision, "depth")
    visionSize = try whole(vision, "embed_dim")
    visionHeadCount = try whole(vision, "num_heads")
    visionMLPRatio = try whole(vision, "mlp_ratio", 4)
    visionActivation = vision["hidden_act"]?.text ?? "quick_gelu"
    patchSize = try whole(vision, "patch_size")
    temporalPatchSize = try whole(vision, "temporal_patch_size", 2)
    spatialMergeSize = try whole(vision, "spatial_merge_size", 2)
    if try whole(vision, "hidden_size", hiddenSize) != hiddenSize {
      throw .badConfiguration(field: "vision_config.hidden_size", reason: "is not `hidden_size`")
    }
    endToken = Int32(try whole(text, "eos_token_id", 1))
    padToken = Int32(try whole(text, "pad_token_id", 0))
    imageToken = Int32(try whole(document, "image_token_id", 2))
    unknownToken = padToken
    try check()
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
      ("mlp_ratio", visionMLPRatio, 16), ("patch_size", patchSize, 64),
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
    try demand(
      "hidden_act", ["quick_gelu", "gelu"].contains(visionActivation),
      "is `\(visionActivation)`, neither `quick_gelu` nor `gelu`")
    try demand("rms_norm_eps", rmsNormEpsilon > 0, "is not positive")
    try demand("rope_theta", ropeTheta > 0 && ropeTheta.isFinite, "is not positive")
  }

  /// The text of `config.json`, in the layout of transformers 5.
  public var json: String {
    """
    {
      "architectures": ["Qwen2VLForConditionalGeneration"],
      "dtype": "float32",
      "image_token_id": \(imageToken),
      "model_type": "qwen2_vl",
      "text_config": {
        "eos_token_id": \(endToken),
        "hidden_act": "silu",
        "hidden_size": \(hiddenSize),
        "initializer_range": \(initializerRange),
        "intermediate_size": \(intermediateSize),
        "model_type": "qwen2_vl_text",
        "num_attention_heads": \(headCount),
        "num_hidden_layers": \(layerCount),
        "num_key_value_heads": \(keyValueHeadCount),
        "pad_token_id": \(padToken),
        "rms_norm_eps": \(rmsNormEpsilon),
        "rope_parameters": {
          "mrope_section": [\(mropeSection.map(String.init).joined(separator: ", "))],
          "rope_theta": \(ropeTheta),
          "rope_type": "default"
        },
        "vocab_size": \(vocabularySize)
      },
      "tie_word_embeddings": \(tiesWordEmbeddings),
      "vision_config": {
        "depth": \(visionDepth),
        "embed_dim": \(visionSize),
        "hidden_act": "\(visionActivation)",
        "hidden_size": \(hiddenSize),
        "in_channels": 3,
        "mlp_ratio": \(visionMLPRatio),
        "model_type": "qwen2_vl_vision",
        "num_heads": \(visionHeadCount),
        "patch_size": \(patchSize),
        "spatial_merge_size": \(spatialMergeSize),
        "temporal_patch_size": \(temporalPatchSize)
      }
    }

    """
  }
}
