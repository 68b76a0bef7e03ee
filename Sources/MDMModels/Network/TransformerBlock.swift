import CKernels
import MDMTensors

/// One block: norm, attention, norm, MLP, with two residual additions; forward and backward.
struct TransformerBlock {
  /// What the MLP does between its matrices.
  enum Activation { case swiglu, quickGELU, gelu }

  let width: Int
  let heads: Int
  let kvHeads: Int
  let inner: Int
  let epsilon: Float
  let activation: Activation
  let at: ParameterLayout.Block

  /// What the backward pass needs of the forward pass.
  struct State {
    var x: UnsafeMutablePointer<Float>
    var mean1: UnsafeMutablePointer<Float>
    var scale1: UnsafeMutablePointer<Float>
    var q: UnsafeMutablePointer<Float>
    var k: UnsafeMutablePointer<Float>
    var v: UnsafeMutablePointer<Float>
    var probabilities: UnsafeMutablePointer<Float>
    var attended: UnsafeMutablePointer<Float>
    var middle: UnsafeMutablePointer<Float>
    var mean2: UnsafeMutablePointer<Float>
    var scale2: UnsafeMutablePointer<Float>
    var up: UnsafeMutablePointer<Float>
  }

  private var size: Int { width / heads }
  private var qkvWidth: Int { width + 2 * kvHeads * size }
  private var upWidth: Int { activation == .swiglu ? 2 * inner : inner }

  func attention(_ plan: AttentionPlan) -> Attention {
    Attention(plan: plan, kvHeads: kvHeads, group: heads / kvHeads, size: size)
  }

  /// The number of floats of the keys, and of the values.
  func keyCount(_ plan: AttentionPlan) -> Int { plan.keyPlaces * kvHeads * size }

  /// Normalises rows: layer norm where there is a bias, RMS norm where there is none.
  func normalise(
    _ w: UnsafePointer<Float>, _ x: UnsafePointer<Float>, _ weight: Int, _ bias: Int?,
    into y: UnsafeMutablePointer<Float>, mean: UnsafeMutablePointer<Float>,
    scale: UnsafeMutablePointer<Float>, rows: Int
  ) {
    if let bias {
      mdm_layer_norm(x, w + weight, w + bias, y, mean, scale, rows, width, epsilon)
    } else {
      mdm_rms_norm(x, w + weight, y, scale, rows, width, epsilon)
    }
  }

  /// Adds to the derivatives by the rows and the norm's weights.
  func normaliseBackward(
    _ w: UnsafePointer<Float>, _ g: UnsafeMutablePointer<Float>, dy: UnsafePointer<Float>,
    x: UnsafePointer<Float>, _ weight: Int, _ bias: Int?, mean: UnsafePointer<Float>,
    scale: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, rows: Int
  ) {
    if let bias {
      mdm_layer_norm_backward(
        dy, x, w + weight, mean, scale, dx, g + weight, g + bias, rows, width)
    } else {
      mdm_rms_norm_backward(dy, x, w + weight, scale, dx, g + weight, rows, width)
    }
  }

  private func activate(
    _ up: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, rows: Int
  ) {
    switch activation {
    case .swiglu: mdm_swiglu(up, y, rows, inner)
    case .quickGELU: mdm_gelu(up, y, rows * inner, 0)
    case .gelu: mdm_gelu(up, y, rows * inner, 1)
    }
  }

  /// Computes y for the rows from `rotary.first` on; keys and values for all rows.
  ///
  /// - Parameters:
  ///   - k: Where the keys go; it may hold other places' keys already.
  ///   - store: Memory for the state.
  ///   - scratch: Memory that is free again afterwards.
  func forward(
    _ weights: NetworkWeights, x: UnsafeMutablePointer<Float>, into y: UnsafeMutablePointer<Float>,
    rotary: inout mdm_rotary, plan: AttentionPlan, k: UnsafeMutablePointer<Float>,
    v: UnsafeMutablePointer<Float>, store: Arena, scratch: Arena
  ) -> State {
    let w = weights.base
    let mark = scratch.mark
    defer { scratch.release(mark) }
    let rows = rotary.rows
    let first = rotary.first
    let m = rows - first
    let attention = attention(plan)
    let packed = plan.queryPlaces * heads * size
    let state = State(
      x: x, mean1: store.floats(rows), scale1: store.floats(rows), q: store.floats(packed), k: k,
      v: v, probabilities: store.floats(attention.probabilityCount),
      attended: store.floats(m * width), middle: store.floats(m * width),
      mean2: store.floats(m), scale2: store.floats(m), up: store.floats(m * upWidth))

    let h = scratch.floats(rows * width)
    normalise(
      w, x, at.norm1, at.norm1Bias, into: h, mean: state.mean1, scale: state.scale1, rows: rows)
    let qkv = scratch.floats(rows * qkvWidth)
    weights.multiply(
      h + first * width, by: at.query, bias: at.qkvBias, into: qkv + first * qkvWidth,
      stride: qkvWidth, rows: m, scratch: scratch)
    weights.multiply(
      h, by: at.keyValue, bias: at.qkvBias + width, into: qkv + width, stride: qkvWidth,
      rows: rows, scratch: scratch)
    mdm_rotate_split(&rotary, qkv, state.q, k, v)
    let output = scratch.floats(packed)
    attention.forward(
      q: state.q, k: k, v: v, probabilities: state.probabilities, into: output, scratch: scratch)
    mdm_heads_to_rows(&rotary, output, state.attended)

    addResidual(w, x + first * width, bias: at.outBias, into: state.middle, rows: m)
    weights.multiply(
      state.attended, by: at.out, into: state.middle, stride: width, rows: m, scratch: scratch,
      add: true)
    normalise(
      w, state.middle, at.norm2, at.norm2Bias, into: h, mean: state.mean2, scale: state.scale2,
      rows: m)
    weights.multiply(
      h, by: at.up, bias: at.upBias, into: state.up, stride: upWidth, rows: m, scratch: scratch)
    let active = scratch.floats(m * inner)
    activate(state.up, into: active, rows: m)
    addResidual(w, state.middle, bias: at.downBias, into: y, rows: m)
    weights.multiply(
      active, by: at.down, into: y, stride: width, rows: m, scratch: scratch, add: true)
    return state
  }

  private func addResidual(
    _ w: UnsafePointer<Float>, _ x: UnsafePointer<Float>, bias: Int?,
    into y: UnsafeMutablePointer<Float>, rows: Int
  ) {
    if let bias {
      mdm_add_bias(x, w + bias, y, rows, width)
    } else {
      y.update(from: x, count: rows * width)
    }
  }

  /// Turns the derivative by y into the derivative by x, in place, and adds to the gradient.
  ///
  /// - Parameters:
  ///   - dx: All rows; those from `rotary.first` on hold the derivative by y, the others 0.
  ///   - kept: What the forward pass left; its input, keys and values where the rest is recomputed.
  ///   - recomputing: Memory for the state where it is computed again; nil where it was kept.
  func backward(
    _ weights: NetworkWeights, gradient: GradientBuffers,
    dx: UnsafeMutablePointer<Float>, state kept: State, recomputing: Arena?,
    rotary: inout mdm_rotary, plan: AttentionPlan, scratch: Arena
  ) {
    var state = kept
    let before = recomputing?.mark
    if let recomputing {
      let y = recomputing.floats((rotary.rows - rotary.first) * width)
      state = forward(
        weights, x: kept.x, into: y, rotary: &rotary, plan: plan, k: kept.k, v: kept.v,
        store: recomputing, scratch: scratch)
    }
    defer { if let before { recomputing?.release(before) } }
    let w = weights.base
    let g = gradient.base
    let mark = scratch.mark
    defer { scratch.release(mark) }
    let rows = rotary.rows
    let first = rotary.first
    let m = rows - first
    let dy = dx + first * width
    let h = scratch.floats(rows * width)
    let dh = scratch.floats(rows * width)

    let active = scratch.floats(m * inner)
    activate(state.up, into: active, rows: m)
    weights.addGradient(
      dy, stride: width, x: active, of: at.down, bias: at.downBias, to: gradient, rows: m,
      scratch: scratch)
    weights.multiplyBackward(
      dy, stride: width, by: at.down, into: active, rows: m, scratch: scratch)
    let dUp = scratch.floats(m * upWidth)
    switch activation {
    case .swiglu: mdm_swiglu_backward(active, state.up, dUp, m, inner)
    case .quickGELU: mdm_gelu_backward(active, state.up, dUp, m * inner, 0)
    case .gelu: mdm_gelu_backward(active, state.up, dUp, m * inner, 1)
    }
    normalise(
      w, state.middle, at.norm2, at.norm2Bias, into: h, mean: state.mean2, scale: state.scale2,
      rows: m)
    weights.addGradient(
      dUp, stride: upWidth, x: h, of: at.up, bias: at.upBias, to: gradient, rows: m,
      scratch: scratch)
    weights.multiplyBackward(
      dUp, stride: upWidth, by: at.up, into: dh, rows: m, scratch: scratch)
    normaliseBackward(
      w, g, dy: dh, x: state.middle, at.norm2, at.norm2Bias, mean: state.mean2,
      scale: state.scale2, dx: dy, rows: m)

    weights.addGradient(
      dy, stride: width, x: state.attended, of: at.out, bias: at.outBias, to: gradient, rows: m,
      scratch: scratch)
    weights.multiplyBackward(
      dy, stride: width, by: at.out, into: dh, rows: m, scratch: scratch)
    let dQKV = attentionBackward(dh, state: state, rotary: &rotary, plan: plan, scratch: scratch)
    normalise(
      w, state.x, at.norm1, at.norm1Bias, into: h, mean: state.mean1, scale: state.scale1,
      rows: rows)
    if first == 0 {
      weights.addGradient(
        dQKV, stride: qkvWidth, x: h, of: at.qkv, bias: at.qkvBias, to: gradient, rows: rows,
        scratch: scratch)
      weights.multiplyBackward(
        dQKV, stride: qkvWidth, by: at.qkv, into: dh, rows: rows, scratch: scratch)
    } else {
      weights.addGradient(
        dQKV + first * qkvWidth, stride: qkvWidth, x: h + first * width, of: at.query,
        bias: at.qkvBias, to: gradient, rows: m, scratch: scratch)
      weights.addGradient(
        dQKV + width, stride: qkvWidth, x: h, of: at.keyValue, bias: at.qkvBias + width,
        to: gradient, rows: rows, scratch: scratch)
      weights.multiplyBackward(
        dQKV + width, stride: qkvWidth, by: at.keyValue, into: dh, rows: rows, scratch: scratch)
      weights.multiplyBackward(
        dQKV + first * qkvWidth, stride: qkvWidth, by: at.query, into: dh + first * width,
        rows: m, scratch: scratch, add: true)
    }
    normaliseBackward(
      w, g, dy: dh, x: state.x, at.norm1, at.norm1Bias, mean: state.mean1, scale: state.scale1,
      dx: dx, rows: rows)
  }

  private func attentionBackward(
    _ dAttended: UnsafePointer<Float>, state: State, rotary: inout mdm_rotary,
    plan: AttentionPlan, scratch: Arena
  ) -> UnsafeMutablePointer<Float> {
    let packed = plan.queryPlaces * heads * size
    let attention = attention(plan)
    let dOutput = scratch.floats(packed)
    mdm_rows_to_heads(&rotary, dAttended, dOutput)
    let dq = scratch.floats(packed)
    let dk = scratch.zeros(keyCount(plan))
    let dv = scratch.zeros(keyCount(plan))
    attention.backward(
      dOutput: dOutput, q: state.q, k: state.k, v: state.v, probabilities: state.probabilities,
      dq: dq, dk: dk, dv: dv, scratch: scratch)
    let dQKV = scratch.floats(rotary.rows * qkvWidth)
    mdm_rotate_split_backward(&rotary, dq, dk, dv, dQKV)
    return dQKV
  }
}
