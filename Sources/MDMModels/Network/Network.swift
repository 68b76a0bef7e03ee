import CKernels
import MDMImages
import MDMTensors

/// The Qwen2-VL network over a flat buffer of weights: forward and backward of one chunk of groups.
struct Network {
  let configuration: PolicyConfiguration
  let layout: ParameterLayout
  let visionRotary: RotaryTable
  let textRotary: RotaryTable
  let visionBlocks: [TransformerBlock]
  let blocks: [TransformerBlock]

  init(_ c: PolicyConfiguration) {
    configuration = c
    let layout = ParameterLayout(c)
    self.layout = layout
    let quarter = c.visionSize / c.visionHeadCount / 4
    visionRotary = RotaryTable(theta: 10_000, sections: [quarter, quarter], restarts: true)
    textRotary = RotaryTable(theta: c.ropeTheta, sections: c.mropeSection, restarts: false)
    let activation: TransformerBlock.Activation =
      switch c.visionActivation {
      case "silu": .swiglu
      case "gelu": .gelu
      default: .quickGELU
      }
    visionBlocks = layout.visionBlocks.map {
      TransformerBlock(
        width: c.visionSize, heads: c.visionHeadCount, kvHeads: c.visionHeadCount,
        inner: c.visionIntermediateSize, epsilon: 1e-6, activation: activation, at: $0)
    }
    blocks = layout.blocks.map {
      TransformerBlock(
        width: c.hiddenSize, heads: c.headCount, kvHeads: c.keyValueHeadCount,
        inner: c.intermediateSize, epsilon: c.rmsNormEpsilon, activation: .swiglu, at: $0)
    }
  }

  /// The forward pass of a chunk, with what the backward pass needs.
  struct Chunk {
    var plan: TextPlan
    var vision: Vision?
    var rotary: mdm_rotary
    var states: [TransformerBlock.State] = []
    /// The last block's output, only rows with logits.
    var last: UnsafeMutablePointer<Float>
    var lastScale: UnsafeMutablePointer<Float>
    var logits: UnsafeMutablePointer<Float>
    var logSums: UnsafeMutablePointer<Float>
  }

  /// What a forward pass leaves for the backward pass.
  enum Keeping {
    case nothing
    /// Each block's input, keys and values (gradient checkpointing; Chen et al. 2016, arXiv 1604.06174).
    case inputs
    case everything
  }

  /// The keys and values of one block.
  typealias Cache = (k: UnsafeMutablePointer<Float>, v: UnsafeMutablePointer<Float>)

  /// The cosines, sines and places of rows.
  func rotary(
    _ block: TransformerBlock, table: RotaryTable, positions: [SIMD3<Int32>], queries: [Int32],
    keys: [Int32], plan: AttentionPlan, arena: Arena
  ) -> mdm_rotary {
    let half = table.half
    let cosine = arena.floats(positions.count * half)
    let sine = arena.floats(positions.count * half)
    for (i, position) in positions.enumerated() {
      table.write(position, cosine: cosine + i * half, sine: sine + i * half)
    }
    return mdm_rotary(
      rows: positions.count, first: 0, heads: block.heads, kv_heads: block.kvHeads, d: 2 * half,
      q_places: plan.queryPlaces, kv_places: plan.keyPlaces, q_place: arena.integers(queries),
      kv_place: arena.integers(keys), cosine: cosine, sine: sine)
  }

  /// Runs the text blocks, the last norm and the head over embedded rows.
  ///
  /// - Parameters:
  ///   - x: The rows' embeddings; it is overwritten where nothing is kept.
  ///   - first: The first row that has logits.
  ///   - caches: Where each block's keys and values are and go.
  ///   - keeps: What of the states lives on for the backward pass.
  func runText(
    _ w: NetworkWeights, x: UnsafeMutablePointer<Float>, rotary: mdm_rotary, first: Int,
    plan: AttentionPlan, lastPlan: AttentionPlan, caches: [Cache], keeps: Keeping, store: Arena,
    scratch: Arena
  ) -> (
    states: [TransformerBlock.State], last: UnsafeMutablePointer<Float>,
    scale: UnsafeMutablePointer<Float>, logits: UnsafeMutablePointer<Float>
  ) {
    let c = configuration
    let width = c.hiddenSize
    let headRows = rotary.rows - first
    let last = store.floats(headRows * width)
    let logits = store.floats(headRows * c.vocabularySize)
    let scale = store.floats(headRows)
    var states: [TransformerBlock.State] = []
    var input = x
    var spare = keeps == .nothing ? store.floats(rotary.rows * width) : x
    for (i, block) in blocks.enumerated() {
      var rotary = rotary
      let isLast = i == blocks.count - 1
      rotary.first = isLast ? first : 0
      let output =
        isLast ? last : keeps == .nothing ? spare : store.floats(rotary.rows * width)
      let mark = store.mark
      let state = block.forward(
        w, x: input, into: output, rotary: &rotary, plan: isLast ? lastPlan : plan,
        k: caches[i].k, v: caches[i].v, store: store, scratch: scratch)
      if keeps != .everything { store.release(mark) }
      if keeps == .nothing { spare = input } else { states.append(state) }
      input = output
    }
    let mark = scratch.mark
    let h = scratch.floats(headRows * width)
    mdm_rms_norm(last, w.base + layout.norm, h, scale, headRows, width, c.rmsNormEpsilon)
    w.multiply(
      h, by: layout.head, into: logits, stride: c.vocabularySize, rows: headRows, scratch: scratch)
    scratch.release(mark)
    return (states, last, scale, logits)
  }

  /// Embeds the rows of a plan: the words' vectors, and the images' features over their placeholders.
  func embed(
    _ w: NetworkWeights, plan: TextPlan, features: UnsafePointer<Float>?, store: Arena
  ) -> UnsafeMutablePointer<Float> {
    let width = configuration.hiddenSize
    let x = store.floats(plan.rows * width)
    w.embed(plan.tokens, embedding: layout.embedding, into: x, width: width)
    if let features {
      for i in stride(from: 0, to: plan.featureRows.count, by: 2) {
        (x + Int(plan.featureRows[i]) * width).update(
          from: features + Int(plan.featureRows[i + 1]) * width, count: width)
      }
    }
    return x
  }

  /// Computes the logits of a chunk and the log-probabilities of its scored tokens.
  func forward(
    _ w: NetworkWeights, groups: ArraySlice<CompletionGroup>, keeps: Keeping, store: Arena,
    scratch: Arena
  ) -> (chunk: Chunk, logProbabilities: [Float]) {
    let plan = TextPlan(groups: groups, configuration: configuration)
    let vision = Vision(
      self, w, images: groups.flatMap(\.prompt.images), keeps: keeps, store: store,
      scratch: scratch)
    let x = embed(w, plan: plan, features: vision?.features, store: store)
    let rotary = rotary(
      blocks[0], table: textRotary, positions: plan.positions, queries: plan.places,
      keys: plan.places, plan: plan.attention, arena: store)
    let keys = blocks[0].keyCount(plan.attention)
    let shared: Cache? =
      keeps == .nothing ? (store.floats(keys), store.floats(keys)) : nil
    let caches = blocks.map { _ in shared ?? (store.floats(keys), store.floats(keys)) }
    let run = runText(
      w, x: x, rotary: rotary, first: plan.first, plan: plan.attention,
      lastPlan: plan.lastAttention, caches: caches, keeps: keeps, store: store, scratch: scratch)
    let sums = store.floats(plan.headRows)
    let vocabulary = configuration.vocabularySize
    mdm_log_sum_exp(run.logits, sums, plan.headRows, vocabulary)
    let scores = zip(plan.scoreRows, plan.scoreTokens).map { row, token in
      run.logits[Int(row) * vocabulary + Int(token)] - sums[Int(row)]
    }
    let chunk = Chunk(
      plan: plan, vision: vision, rotary: rotary, states: run.states, last: run.last,
      lastScale: run.scale, logits: run.logits, logSums: sums)
    return (chunk, scores)
  }

  /// The entropy, in nats, of the distribution of each scored token; before the backward pass only.
  func entropies(_ chunk: Chunk) -> [Float] {
    var rows = [Float](repeating: 0, count: chunk.plan.headRows)
    mdm_entropy(
      chunk.logits, chunk.logSums, &rows, chunk.plan.headRows, configuration.vocabularySize)
    return chunk.plan.scoreRows.map { rows[Int($0)] }
  }

  /// Adds to `gradient` the derivative of the sum of `upstream` times the scored log-probabilities.
  ///
  /// - Parameter recomputing: Where blocks' states are computed again; nil where they were kept.
  func backward(
    _ weights: NetworkWeights, gradient: GradientBuffers, chunk: Chunk, upstream: [Float],
    freezesVision: Bool, recomputing: Arena?, scratch: Arena
  ) {
    let w = weights.base
    let g = gradient.base
    let mark = scratch.mark
    defer { scratch.release(mark) }
    let c = configuration
    let width = c.hiddenSize
    let plan = chunk.plan
    let m = plan.headRows
    let factors = scratch.zeros(m)
    for (row, value) in zip(plan.scoreRows, upstream) { factors[Int(row)] -= value }
    mdm_scaled_softmax(chunk.logits, chunk.logSums, factors, m, c.vocabularySize)
    for (i, value) in upstream.enumerated() {
      chunk.logits[Int(plan.scoreRows[i]) * c.vocabularySize + Int(plan.scoreTokens[i])] += value
    }
    let h = scratch.floats(m * width)
    let dh = scratch.floats(m * width)
    mdm_rms_norm(
      chunk.last, w + layout.norm, h, chunk.lastScale, m, width, c.rmsNormEpsilon)
    weights.addGradient(
      chunk.logits, stride: c.vocabularySize, x: h, of: layout.head, to: gradient, rows: m,
      scratch: scratch)
    weights.multiplyBackward(
      chunk.logits, stride: c.vocabularySize, by: layout.head, into: dh, rows: m,
      scratch: scratch)
    let dx = scratch.zeros(plan.rows * width)
    mdm_rms_norm_backward(
      dh, chunk.last, w + layout.norm, chunk.lastScale, dx + plan.first * width, g + layout.norm,
      m, width)
    for i in blocks.indices.reversed() {
      var rotary = chunk.rotary
      let isLast = i == blocks.count - 1
      rotary.first = isLast ? plan.first : 0
      blocks[i].backward(
        weights, gradient: gradient, dx: dx, state: chunk.states[i], recomputing: recomputing,
        rotary: &rotary, plan: isLast ? plan.lastAttention : plan.attention, scratch: scratch)
    }
    if let vision = chunk.vision {
      let dFeatures = scratch.zeros(vision.featureCount * width)
      for i in stride(from: 0, to: plan.featureRows.count, by: 2) {
        let from = dx + Int(plan.featureRows[i]) * width
        (dFeatures + Int(plan.featureRows[i + 1]) * width).update(from: from, count: width)
        from.update(repeating: 0, count: width)
      }
      if !freezesVision {
        vision.backward(
          self, weights, gradient: gradient, dFeatures: dFeatures, recomputing: recomputing,
          scratch: scratch)
      }
    }
    if gradient.adapter == nil {
      mdm_scatter_add_rows(g + layout.embedding, plan.tokens, dx, plan.rows, width)
    }
  }
}
