import CKernels
import MDMImages
import MDMTensors

/// The vision tower's forward pass over the images of a chunk, and its backward pass.
struct Vision {
  private let patches: UnsafeMutablePointer<Float>
  private var rotary: mdm_rotary
  /// Which patches meet in each block.
  private let plans: [AttentionPlan]
  private let norm: TransformerBlock
  private var states: [TransformerBlock.State] = []
  private let last: UnsafeMutablePointer<Float>
  private let mean: UnsafeMutablePointer<Float>
  private let scale: UnsafeMutablePointer<Float>
  private let merged: UnsafeMutablePointer<Float>
  /// One row of the text's width for each merged patch.
  let features: UnsafeMutablePointer<Float>
  /// The number of merged patches.
  let featureCount: Int

  /// Computes the features of images; nil where there are none.
  init?(
    _ network: Network, _ weights: NetworkWeights, images: [RGBImage], keeps: Network.Keeping,
    store: Arena,
    scratch: Arena
  ) {
    if images.isEmpty { return nil }
    let w = weights.base
    let c = network.configuration
    let layout = network.layout
    let e = c.visionSize
    let patchWidth = 3 * c.patchSize * c.patchSize
    var positions: [SIMD3<Int32>] = []
    var whole = AttentionPlan()
    var windowed = AttentionPlan()
    whole.isCausal = false
    windowed.isCausal = false
    let grids = images.map {
      PatchGrid(width: $0.width, height: $0.height, configuration: c)
    }
    for grid in grids {
      var start = positions.count
      positions += grid.patches.map { SIMD3(Int32($0.row), Int32($0.column), 0) }
      whole.addAll(from: start, count: positions.count - start)
      for count in grid.windows {
        windowed.addAll(from: start, count: count)
        start += count
      }
    }
    let rows = positions.count
    (whole.queryPlaces, whole.keyPlaces) = (rows, rows)
    (windowed.queryPlaces, windowed.keyPlaces) = (rows, rows)
    let plans = (0..<c.visionDepth).map {
      c.windowSize > 0 && !c.fullAttentionBlocks.contains($0) ? windowed : whole
    }
    self.plans = plans
    let group = c.spatialMergeSize * c.spatialMergeSize
    featureCount = rows / group
    features = store.floats(featureCount * c.hiddenSize)
    last = store.floats(rows * e)
    let input = store.floats(rows * e)
    let inner = store.mark

    patches = store.floats(rows * patchWidth)
    var at = patches
    for (image, grid) in zip(images, grids) {
      ImagePatches.write(image, grid: grid, configuration: c, into: at)
      at += grid.rows * grid.columns * patchWidth
    }
    let mark = scratch.mark
    weights.multiply(
      patches, by: layout.patch, into: input, stride: e, rows: rows, scratch: scratch)
    let identity = Array(0..<Int32(rows))
    // With the merger's norm, and the heads where there is no block.
    norm = TransformerBlock(
      width: e, heads: c.visionHeadCount, kvHeads: c.visionHeadCount, inner: 0, epsilon: 1e-6,
      activation: .gelu, at: .init())
    rotary = network.rotary(
      norm, table: network.visionRotary, positions: positions, queries: identity, keys: identity,
      plan: whole, arena: store)
    var x = input
    for (i, block) in network.visionBlocks.enumerated() {
      let y = i == network.visionBlocks.count - 1 ? last : store.floats(rows * e)
      let keys = block.keyCount(whole)
      let (k, v) = (store.floats(keys), store.floats(keys))
      let mark = store.mark
      states.append(
        block.forward(
          weights, x: x, into: y, rotary: &rotary, plan: plans[i], k: k, v: v, store: store,
          scratch: scratch))
      if keeps != .everything { store.release(mark) }
      x = y
    }
    if network.visionBlocks.isEmpty { last.update(from: input, count: rows * e) }
    mean = store.floats(rows)
    scale = store.floats(rows)
    let h = scratch.floats(rows * e)
    norm.normalise(
      w, last, layout.mergerNorm, layout.mergerNormBias, into: h, mean: mean, scale: scale,
      rows: rows)
    merged = store.floats(rows * e)
    weights.multiply(
      h, by: layout.merger0, bias: layout.merger0Bias, into: merged, stride: e * group,
      rows: featureCount, scratch: scratch)
    mdm_gelu(merged, h, rows * e, 1)
    weights.multiply(
      h, by: layout.merger2, bias: layout.merger2Bias, into: features, stride: c.hiddenSize,
      rows: featureCount, scratch: scratch)
    scratch.release(mark)
    if keeps == .nothing { store.release(inner) }
  }

  /// Adds to the gradient of the tower's weights.
  ///
  /// - Parameter recomputing: Where blocks' states are computed again; nil where they were kept.
  func backward(
    _ network: Network, _ weights: NetworkWeights, gradient: GradientBuffers,
    dFeatures: UnsafePointer<Float>, recomputing: Arena?, scratch: Arena
  ) {
    let mark = scratch.mark
    defer { scratch.release(mark) }
    let w = weights.base
    let g = gradient.base
    let c = network.configuration
    let layout = network.layout
    let e = c.visionSize
    let rows = rotary.rows
    let wide = rows / featureCount * e
    let h = scratch.floats(rows * e)
    let dh = scratch.floats(rows * e)
    mdm_gelu(merged, h, rows * e, 1)
    weights.addGradient(
      dFeatures, stride: c.hiddenSize, x: h, of: layout.merger2, bias: layout.merger2Bias,
      to: gradient, rows: featureCount, scratch: scratch)
    weights.multiplyBackward(
      dFeatures, stride: c.hiddenSize, by: layout.merger2, into: h, rows: featureCount,
      scratch: scratch)
    mdm_gelu_backward(h, merged, dh, rows * e, 1)
    norm.normalise(
      w, last, layout.mergerNorm, layout.mergerNormBias, into: h, mean: mean, scale: scale,
      rows: rows)
    weights.addGradient(
      dh, stride: wide, x: h, of: layout.merger0, bias: layout.merger0Bias, to: gradient,
      rows: featureCount, scratch: scratch)
    weights.multiplyBackward(
      dh, stride: wide, by: layout.merger0, into: h, rows: featureCount, scratch: scratch)
    let dx = scratch.zeros(rows * e)
    norm.normaliseBackward(
      w, g, dy: h, x: last, layout.mergerNorm, layout.mergerNormBias, mean: mean, scale: scale,
      dx: dx, rows: rows)
    var rotary = rotary
    for i in network.visionBlocks.indices.reversed() {
      network.visionBlocks[i].backward(
        weights, gradient: gradient, dx: dx, state: states[i], recomputing: recomputing,
        rotary: &rotary, plan: plans[i], scratch: scratch)
    }
    if gradient.adapter != nil { return }
    let square = c.patchSize * c.patchSize
    let dStill = scratch.zeros(e * 3 * square)
    Linear.backwardWeight(
      dx, stride: e, x: patches, weight: dStill, bias: nil, rows: rows, inputs: 3 * square,
      outputs: e)
    for i in 0..<(e * 3) {
      for t in 0..<c.temporalPatchSize {
        mdm_add(
          g + layout.patch.weight + (i * c.temporalPatchSize + t) * square, dStill + i * square,
          square)
      }
    }
  }
}
