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
    _ network: Network, _ weights: NetworkWeights, images: [RGBImage], keeps: Bool, store: Arena,
    scratch: Arena
  ) {
    if images.isEmpty { return nil }
    let w = weights.base
    let panels = weights.panels
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
    Linear.forward(
      patches, panels: panels + layout.patchPanels.offset, bias: nil, into: input,
      stride: e, rows: rows, inputs: patchWidth, outputs: e)
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
      states.append(
        block.forward(
          weights, x: x, into: y, rotary: &rotary, plan: plans[i], k: store.floats(keys),
          v: store.floats(keys), store: store, scratch: scratch))
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
    Linear.forward(
      h, panels: panels + layout.merger0Panels, bias: w + layout.merger0Bias, into: merged,
      stride: e * group, rows: featureCount, inputs: e * group, outputs: e * group)
    mdm_gelu(merged, h, rows * e, 1)
    Linear.forward(
      h, panels: panels + layout.merger2Panels, bias: w + layout.merger2Bias, into: features,
      stride: c.hiddenSize, rows: featureCount, inputs: e * group, outputs: c.hiddenSize)
    scratch.release(mark)
    if !keeps { store.release(inner) }
  }

  /// Adds to the gradient of the tower's weights.
  func backward(
    _ network: Network, _ w: UnsafePointer<Float>, gradient g: UnsafeMutablePointer<Float>,
    dFeatures: UnsafePointer<Float>, scratch: Arena
  ) {
    let mark = scratch.mark
    defer { scratch.release(mark) }
    let c = network.configuration
    let layout = network.layout
    let e = c.visionSize
    let rows = rotary.rows
    let wide = rows / featureCount * e
    let h = scratch.floats(rows * e)
    let dh = scratch.floats(rows * e)
    mdm_gelu(merged, h, rows * e, 1)
    Linear.backwardWeight(
      dFeatures, stride: c.hiddenSize, x: h, weight: g + layout.merger2,
      bias: g + layout.merger2Bias, rows: featureCount, inputs: wide, outputs: c.hiddenSize)
    Linear.backwardInput(
      dFeatures, stride: c.hiddenSize, weight: w + layout.merger2, into: h, rows: featureCount,
      inputs: wide, outputs: c.hiddenSize)
    mdm_gelu_backward(h, merged, dh, rows * e, 1)
    norm.normalise(
      w, last, layout.mergerNorm, layout.mergerNormBias, into: h, mean: mean, scale: scale,
      rows: rows)
    Linear.backwardWeight(
      dh, stride: wide, x: h, weight: g + layout.merger0, bias: g + layout.merger0Bias,
      rows: featureCount, inputs: wide, outputs: wide)
    Linear.backwardInput(
      dh, stride: wide, weight: w + layout.merger0, into: h, rows: featureCount, inputs: wide,
      outputs: wide)
    let dx = scratch.zeros(rows * e)
    norm.normaliseBackward(
      w, g, dy: h, x: last, layout.mergerNorm, layout.mergerNormBias, mean: mean, scale: scale,
      dx: dx, rows: rows)
    var rotary = rotary
    for i in network.visionBlocks.indices.reversed() {
      network.visionBlocks[i].backward(
        w, gradient: g, dx: dx, state: states[i], rotary: &rotary, plan: plans[i], scratch: scratch)
    }
    let square = c.patchSize * c.patchSize
    let dStill = scratch.zeros(e * 3 * square)
    Linear.backwardWeight(
      dx, stride: e, x: patches, weight: dStill, bias: nil, rows: rows, inputs: 3 * square,
      outputs: e)
    for i in 0..<(e * 3) {
      for t in 0..<c.temporalPatchSize {
        mdm_add(
          g + layout.patch + (i * c.temporalPatchSize + t) * square, dStill + i * square, square)
      }
    }
  }
}
