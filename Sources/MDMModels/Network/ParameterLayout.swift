import MDMTensors

/// Where each tensor of a network lies in one flat buffer, under its name on disk.
///
/// Tensors that are multiplied together (query, key and value; gate and up) are neighbours, so that one
/// product serves them.
package struct ParameterLayout: Sendable {
  /// One tensor of the buffer.
  package struct Tensor: Sendable {
    package let name: String
    package let shape: [Int]
    package let offset: Int
    package var count: Int { shape.reduce(1, *) }
    package var range: Range<Int> { offset..<(offset + count) }
    /// Norms and biases are vectors; they start at 1 or 0 and do not decay.
    package var isMatrix: Bool { shape.count > 1 }
    /// Whether it belongs to the vision tower.
    var isVision: Bool { name.contains("visual.") }
  }

  /// The offsets of one transformer block; the text blocks lack most biases.
  struct Block: Sendable {
    var norm1 = 0
    var norm1Bias: Int?
    var query = Matrix()
    var keyValue = Matrix()
    var qkvBias = 0
    var out = Matrix()
    var outBias: Int?
    var norm2 = 0
    var norm2Bias: Int?
    var up = Matrix()
    var upBias: Int?
    var down = Matrix()
    var downBias: Int?

    /// Queries, keys and values as one matrix, which has no panels of its own.
    var qkv: Matrix {
      Matrix(
        weight: query.weight, inputs: query.inputs, outputs: query.outputs + keyValue.outputs)
    }
  }

  /// A matrix of `outputs` x `inputs` that a product reads; it may hold several tensors, or a part of one.
  struct Matrix: Sendable {
    /// Where it starts in the buffer.
    var weight = 0
    /// Where its panels start among all panels.
    var panels = 0
    var inputs = 0
    var outputs = 0
    /// The places of its weights in the buffer.
    var range: Range<Int> { weight..<(weight + inputs * outputs) }
  }

  package private(set) var tensors: [Tensor] = []
  package private(set) var count = 0
  /// The matrices in panels; that of the patches, whose slices are summed, is `patch`.
  private(set) var matrices: [Matrix] = []
  private(set) var panelCount = 0
  var patch = Matrix()
  var visionBlocks: [Block] = []
  var mergerNorm = 0
  var mergerNormBias: Int?
  var merger0 = Matrix()
  var merger0Bias = 0
  var merger2 = Matrix()
  var merger2Bias = 0
  var embedding = 0
  var blocks: [Block] = []
  var norm = 0
  var head = Matrix()

  /// The layout of a configuration.
  package init(_ c: PolicyConfiguration) {
    addVision(c)
    let width = c.hiddenSize
    let kv = c.keyValueHeadCount * c.headSize
    embedding = add("model.embed_tokens.weight", [c.vocabularySize, width])
    for i in 0..<c.layerCount {
      let s = "model.layers.\(i)."
      var block = Block()
      block.norm1 = add(s + "input_layernorm.weight", [width])
      let query = add(s + "self_attn.q_proj.weight", [width, width])
      let keyValue = add(s + "self_attn.k_proj.weight", [kv, width])
      _ = add(s + "self_attn.v_proj.weight", [kv, width])
      block.query = matrix(query, inputs: width, outputs: width)
      block.keyValue = matrix(keyValue, inputs: width, outputs: 2 * kv)
      block.qkvBias = add(s + "self_attn.q_proj.bias", [width])
      _ = add(s + "self_attn.k_proj.bias", [kv])
      _ = add(s + "self_attn.v_proj.bias", [kv])
      block.out = addMatrix(s + "self_attn.o_proj.weight", [width, width])
      block.norm2 = add(s + "post_attention_layernorm.weight", [width])
      let up = add(s + "mlp.gate_proj.weight", [c.intermediateSize, width])
      _ = add(s + "mlp.up_proj.weight", [c.intermediateSize, width])
      block.up = matrix(up, inputs: width, outputs: 2 * c.intermediateSize)
      block.down = addMatrix(s + "mlp.down_proj.weight", [width, c.intermediateSize])
      blocks.append(block)
    }
    norm = add("model.norm.weight", [width])
    let head =
      c.tiesWordEmbeddings ? embedding : add("lm_head.weight", [c.vocabularySize, width])
    self.head = matrix(head, inputs: width, outputs: c.vocabularySize)
  }

  /// Notes a matrix that starts at a tensor.
  private mutating func matrix(_ weight: Int, inputs: Int, outputs: Int) -> Matrix {
    let result = Matrix(weight: weight, panels: panelCount, inputs: inputs, outputs: outputs)
    matrices.append(result)
    panelCount += Linear.panelCount(inputs: inputs, outputs: outputs)
    return result
  }

  private mutating func addMatrix(_ name: String, _ shape: [Int]) -> Matrix {
    matrix(add(name, shape), inputs: shape[1], outputs: shape[0])
  }

  private mutating func addVision(_ c: PolicyConfiguration) {
    let e = c.visionSize
    let inner = c.visionIntermediateSize
    let isNew = c.architecture == .qwen25VL
    let merged = e * c.spatialMergeSize * c.spatialMergeSize
    patch.weight = add(
      "visual.patch_embed.proj.weight", [e, 3, c.temporalPatchSize, c.patchSize, c.patchSize])
    for i in 0..<c.visionDepth {
      let s = "visual.blocks.\(i)."
      var block = Block()
      block.norm1 = add(s + "norm1.weight", [e])
      if !isNew { block.norm1Bias = add(s + "norm1.bias", [e]) }
      let qkv = add(s + "attn.qkv.weight", [3 * e, e])
      block.query = matrix(qkv, inputs: e, outputs: e)
      block.keyValue = matrix(qkv + e * e, inputs: e, outputs: 2 * e)
      block.qkvBias = add(s + "attn.qkv.bias", [3 * e])
      block.out = addMatrix(s + "attn.proj.weight", [e, e])
      block.outBias = add(s + "attn.proj.bias", [e])
      block.norm2 = add(s + "norm2.weight", [e])
      if isNew {
        let up = add(s + "mlp.gate_proj.weight", [inner, e])
        _ = add(s + "mlp.up_proj.weight", [inner, e])
        block.up = matrix(up, inputs: e, outputs: 2 * inner)
        block.upBias = add(s + "mlp.gate_proj.bias", [inner])
        _ = add(s + "mlp.up_proj.bias", [inner])
      } else {
        block.norm2Bias = add(s + "norm2.bias", [e])
        block.up = addMatrix(s + "mlp.fc1.weight", [inner, e])
        block.upBias = add(s + "mlp.fc1.bias", [inner])
      }
      let down = isNew ? "mlp.down_proj" : "mlp.fc2"
      block.down = addMatrix(s + down + ".weight", [e, inner])
      block.downBias = add(s + down + ".bias", [e])
      visionBlocks.append(block)
    }
    mergerNorm = add("visual.merger.ln_q.weight", [e])
    if !isNew { mergerNormBias = add("visual.merger.ln_q.bias", [e]) }
    merger0 = addMatrix("visual.merger.mlp.0.weight", [merged, merged])
    merger0Bias = add("visual.merger.mlp.0.bias", [merged])
    merger2 = addMatrix("visual.merger.mlp.2.weight", [c.hiddenSize, merged])
    merger2Bias = add("visual.merger.mlp.2.bias", [c.hiddenSize])
    patch.inputs = 3 * c.patchSize * c.patchSize
    patch.outputs = e
    patch.panels = panelCount
    panelCount += Linear.panelCount(inputs: patch.inputs, outputs: e)
  }

  private mutating func add(_ name: String, _ shape: [Int]) -> Int {
    let tensor = Tensor(name: name, shape: shape, offset: count)
    tensors.append(tensor)
    count += tensor.count
    return tensor.offset
  }
}
