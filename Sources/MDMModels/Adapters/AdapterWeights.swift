import MDMTensors

/// An adapter's weights as the passes read them.
struct AdapterWeights: @unchecked Sendable {
  let layout: AdapterLayout
  let scale: Float
  let base: UnsafePointer<Float>
  let panels: UnsafePointer<Float>

  /// Adds scale x A^T B^T to y.
  func multiply(
    _ x: UnsafePointer<Float>, by matrix: ParameterLayout.Matrix,
    into y: UnsafeMutablePointer<Float>, stride: Int, rows: Int, scratch: Arena
  ) {
    for overlap in layout.overlaps(matrix) {
      let target = overlap.target
      guard let piece = target.pieces.first(where: { $0.first == overlap.first }) else { continue }
      let mark = scratch.mark
      defer { scratch.release(mark) }
      let inner = inner(x, target, rows: rows, scratch: scratch)
      Linear.forward(
        inner, panels: panels + piece.panels, bias: nil, into: y + overlap.column, stride: stride,
        rows: rows, inputs: target.rank, outputs: overlap.count, add: true)
    }
  }

  /// Adds scale dy B A to dx.
  func multiplyBackward(
    _ dy: UnsafePointer<Float>, stride: Int, by matrix: ParameterLayout.Matrix,
    into dx: UnsafeMutablePointer<Float>, rows: Int, scratch: Arena
  ) {
    for overlap in layout.overlaps(matrix) {
      let target = overlap.target
      let mark = scratch.mark
      defer { scratch.release(mark) }
      let inner = innerBackward(dy, stride, overlap, rows: rows, scratch: scratch)
      BLAS.times(
        inner, target.rank, base + target.a, target.inputs, into: dx, target.inputs, m: rows,
        n: target.inputs, k: target.rank, beta: 1)
    }
  }

  /// Adds the derivatives by A and B.
  func addGradient(
    _ dy: UnsafePointer<Float>, stride: Int, x: UnsafePointer<Float>,
    of matrix: ParameterLayout.Matrix, to gradient: UnsafeMutablePointer<Float>, rows: Int,
    scratch: Arena
  ) {
    for overlap in layout.overlaps(matrix) {
      let target = overlap.target
      let rank = target.rank
      let mark = scratch.mark
      defer { scratch.release(mark) }
      // The scale is in both: each derivative has it once.
      let inner = inner(x, target, rows: rows, scratch: scratch)
      BLAS.transposedTimes(
        dy + overlap.column, stride, inner, rank, into: gradient + target.b + overlap.first * rank,
        rank, m: overlap.count, n: rank, k: rows, beta: 1)
      let dInner = innerBackward(dy, stride, overlap, rows: rows, scratch: scratch)
      BLAS.transposedTimes(
        dInner, rank, x, target.inputs, into: gradient + target.a, target.inputs, m: rank,
        n: target.inputs, k: rows, beta: 1)
    }
  }

  /// scale x A^T
  private func inner(
    _ x: UnsafePointer<Float>, _ target: AdapterLayout.Target, rows: Int, scratch: Arena
  ) -> UnsafeMutablePointer<Float> {
    let result = scratch.floats(rows * target.rank)
    Linear.forward(
      x, panels: panels + target.panels, bias: nil, into: result, stride: target.rank, rows: rows,
      inputs: target.inputs, outputs: target.rank)
    for i in 0..<(rows * target.rank) { result[i] *= scale }
    return result
  }

  /// scale dy B
  private func innerBackward(
    _ dy: UnsafePointer<Float>, _ stride: Int, _ overlap: AdapterLayout.Overlap, rows: Int,
    scratch: Arena
  ) -> UnsafeMutablePointer<Float> {
    let rank = overlap.target.rank
    let result = scratch.floats(rows * rank)
    BLAS.times(
      dy + overlap.column, stride, base + overlap.target.b + overlap.first * rank, rank,
      into: result, rank, m: rows, n: rank, k: overlap.count, alpha: scale)
    return result
  }
}
