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
  }

  /// The offsets of one transformer block; the text blocks lack most biases.
  struct Block: Sendable {
    var norm1 = 0
    var norm1Bias: Int?
    var qkv = 0
    var qkvBias = 0
    var out = 0
    var outBias: Int?
    var norm2 = 0
    var norm2Bias: Int?
    var up = 0
    var upBias: Int?
    var down = 0
    var downBias: Int?
    // Where the matrices' panels are.
    var queryPanels = 0
    var keyValuePanels = 0
    var outPanels = 0
    var upPanels = 0
    var downPanels = 0
  }

  /// A matrix that the forward pass reads in panels.
  struct Panels: Sendable {
    var weight: Int
    var offset: Int
    var inputs: Int
    var outputs: Int
  }

  package private(set) var tensors: [Tensor] = []
  package private(set) var count = 0
  /// The vision tower lies at the start.
  package private(set) var visionCount = 0
  /// The matrices in panels; the patch embedding, whose slices are summed, is `patchPanels`.
  private(set) var panels: [Panels] = []
  private(set) var panelCount = 0
  var patchPanels = Panels(weight: 0, offset: 0, inputs: 0, outputs: 0)
  var merger0Panels = 0
  var merger2Panels = 0
  var headPanels = 0
  var patch = 0
  var visionBlocks: [Block] = []
  var mergerNorm = 0
  var mergerNormBias: Int?
  var merger0 = 0
  var merger0Bias = 0
  var merger2 = 0
  var merger2Bias = 0
  var embedding = 0
  var blocks: [Block] = []
  var norm = 0
  var head = 0

  /// The layout of a configuration.
  package init(_ c: PolicyConfiguration) {
    addVision(c)
    visionCount = count
    let width = c.hiddenSize
    let kv = c.keyValueHeadCount * c.headSize
    embedding = add("model.embed_tokens.weight", [c.vocabularySize, width])
    for i in 0..<c.layerCount {
      let s = "model.layers.\(i)."
      var block = Block()
      block.norm1 = add(s + "input_layernorm.weight", [width])
      block.qkv = add(s + "self_attn.q_proj.weight", [width, width])
      _ = add(s + "self_attn.k_proj.weight", [kv, width])
      _ = add(s + "self_attn.v_proj.weight", [kv, width])
      block.qkvBias = add(s + "self_attn.q_proj.bias", [width])
      _ = add(s + "self_attn.k_proj.bias", [kv])
      _ = add(s + "self_attn.v_proj.bias", [kv])
      block.out = add(s + "self_attn.o_proj.weight", [width, width])
      block.norm2 = add(s + "post_attention_layernorm.weight", [width])
      block.up = add(s + "mlp.gate_proj.weight", [c.intermediateSize, width])
      _ = add(s + "mlp.up_proj.weight", [c.intermediateSize, width])
      block.down = add(s + "mlp.down_proj.weight", [width, c.intermediateSize])
      addPanels(
        of: &block, width: width, keyValues: 2 * kv, up: 2 * c.intermediateSize,
        inner: c.intermediateSize)
      blocks.append(block)
    }
    norm = add("model.norm.weight", [width])
    head = c.tiesWordEmbeddings ? embedding : add("lm_head.weight", [c.vocabularySize, width])
    headPanels = addPanels(head, inputs: width, outputs: c.vocabularySize)
  }

  private mutating func addPanels(_ weight: Int, inputs: Int, outputs: Int) -> Int {
    let result = panelCount
    panels.append(Panels(weight: weight, offset: result, inputs: inputs, outputs: outputs))
    panelCount += Linear.panelCount(inputs: inputs, outputs: outputs)
    return result
  }

  private mutating func addPanels(
    of block: inout Block, width: Int, keyValues: Int, up: Int, inner: Int
  ) {
    block.queryPanels = addPanels(block.qkv, inputs: width, outputs: width)
    block.keyValuePanels = addPanels(
      block.qkv + width * width, inputs: width, outputs: keyValues)
    block.outPanels = addPanels(block.out, inputs: width, outputs: width)
    block.upPanels = addPanels(block.up, inputs: width, outputs: up)
    block.downPanels = addPanels(block.down, inputs: inner, outputs: width)
  }

  private mutating func addVision(_ c: PolicyConfiguration) {
    let e = c.visionSize
    let inner = c.visionIntermediateSize
    let isNew = c.architecture == .qwen25VL
    let merged = e * c.spatialMergeSize * c.spatialMergeSize
    patch = add(
      "visual.patch_embed.proj.weight", [e, 3, c.temporalPatchSize, c.patchSize, c.patchSize])
    for i in 0..<c.visionDepth {
      let s = "visual.blocks.\(i)."
      var block = Block()
      block.norm1 = add(s + "norm1.weight", [e])
      if !isNew { block.norm1Bias = add(s + "norm1.bias", [e]) }
      block.qkv = add(s + "attn.qkv.weight", [3 * e, e])
      block.qkvBias = add(s + "attn.qkv.bias", [3 * e])
      block.out = add(s + "attn.proj.weight", [e, e])
      block.outBias = add(s + "attn.proj.bias", [e])
      block.norm2 = add(s + "norm2.weight", [e])
      if isNew {
        block.up = add(s + "mlp.gate_proj.weight", [inner, e])
        _ = add(s + "mlp.up_proj.weight", [inner, e])
        block.upBias = add(s + "mlp.gate_proj.bias", [inner])
        _ = add(s + "mlp.up_proj.bias", [inner])
      } else {
        block.norm2Bias = add(s + "norm2.bias", [e])
        block.up = add(s + "mlp.fc1.weight", [inner, e])
        block.upBias = add(s + "mlp.fc1.bias", [inner])
      }
      let down = isNew ? "mlp.down_proj" : "mlp.fc2"
      block.down = add(s + down + ".weight", [e, inner])
      block.downBias = add(s + down + ".bias", [e])
      addPanels(
        of: &block, width: e, keyValues: 2 * e, up: isNew ? 2 * inner : inner, inner: inner)
      visionBlocks.append(block)
    }
    mergerNorm = add("visual.merger.ln_q.weight", [e])
    if !isNew { mergerNormBias = add("visual.merger.ln_q.bias", [e]) }
    merger0 = add("visual.merger.mlp.0.weight", [merged, merged])
    merger0Bias = add("visual.merger.mlp.0.bias", [merged])
    merger2 = add("visual.merger.mlp.2.weight", [c.hiddenSize, merged])
    merger2Bias = add("visual.merger.mlp.2.bias", [c.hiddenSize])
    merger0Panels = addPanels(merger0, inputs: merged, outputs: merged)
    merger2Panels = addPanels(merger2, inputs: merged, outputs: c.hiddenSize)
    let patchWidth = 3 * c.patchSize * c.patchSize
    patchPanels = Panels(weight: patch, offset: panelCount, inputs: patchWidth, outputs: e)
    panelCount += Linear.panelCount(inputs: patchWidth, outputs: e)
  }

  private mutating func add(_ name: String, _ shape: [Int]) -> Int {
    let tensor = Tensor(name: name, shape: shape, offset: count)
    tensors.append(tensor)
    count += tensor.count
    return tensor.offset
  }
}
