import CKernels
import MDMTensors

/// A network's weights as its passes read them: vectors, and the products with its matrices.
struct NetworkWeights: @unchecked Sendable {
  /// All weights, flat; where `stored` has the matrices, only the vectors are there.
  let base: UnsafePointer<Float>
  /// The matrices in the order in which the forward pass reads them.
  let panels: UnsafePointer<Float>
  /// The matrices of a mapped checkpoint.
  let stored: StoredMatrices?
  /// What is added to the matrices.
  let adapter: AdapterWeights?
  /// What products with the matrices are computed in; those of the adapter and of attention are float32.
  var precision = ComputePrecision.float32

  /// Computes y = x W^T + b, or adds to y.
  ///
  /// - Parameter bias: The bias's place in `base`.
  func multiply(
    _ x: UnsafePointer<Float>, by matrix: ParameterLayout.Matrix, bias: Int? = nil,
    into y: UnsafeMutablePointer<Float>, stride: Int, rows: Int, scratch: Arena, add: Bool = false
  ) {
    let bias = bias.map { base + $0 }
    if let parts = stored?.parts(of: matrix) {
      for part in parts {
        Linear.forward(
          x, halves: part.data, bias: bias.map { $0 + part.column }, into: y + part.column,
          stride: stride, rows: rows, inputs: matrix.inputs, outputs: part.count, add: add,
          precision: precision)
      }
    } else {
      Linear.forward(
        x, panels: panels + matrix.panels, bias: bias, into: y, stride: stride, rows: rows,
        inputs: matrix.inputs, outputs: matrix.outputs, add: add, precision: precision)
    }
    adapter?.multiply(x, by: matrix, into: y, stride: stride, rows: rows, scratch: scratch)
  }

  /// Computes dx = dy W, or adds to dx.
  func multiplyBackward(
    _ dy: UnsafePointer<Float>, stride: Int, by matrix: ParameterLayout.Matrix,
    into dx: UnsafeMutablePointer<Float>, rows: Int, scratch: Arena, add: Bool = false
  ) {
    if let parts = stored?.parts(of: matrix) {
      for part in parts {
        Linear.backwardInput(
          dy + part.column, stride: stride, halves: part.data, into: dx, rows: rows,
          inputs: matrix.inputs, outputs: part.count, scratch: scratch,
          add: add || part.column > 0, precision: precision)
      }
    } else {
      Linear.backwardInput(
        dy, stride: stride, weight: base + matrix.weight, into: dx, rows: rows,
        inputs: matrix.inputs, outputs: matrix.outputs, add: add, precision: precision)
    }
    adapter?.multiplyBackward(
      dy, stride: stride, by: matrix, into: dx, rows: rows, scratch: scratch)
  }

  /// Adds the derivatives by a matrix and its bias, or by the adapter's part of it.
  func addGradient(
    _ dy: UnsafePointer<Float>, stride: Int, x: UnsafePointer<Float>,
    of matrix: ParameterLayout.Matrix, bias: Int? = nil, to g: GradientBuffers, rows: Int,
    scratch: Arena
  ) {
    if let adapter, let gradient = g.adapter {
      adapter.addGradient(
        dy, stride: stride, x: x, of: matrix, to: gradient, rows: rows, scratch: scratch)
    } else {
      Linear.backwardWeight(
        dy, stride: stride, x: x, weight: g.base + matrix.weight,
        bias: bias.map { g.base + $0 }, rows: rows, inputs: matrix.inputs,
        outputs: matrix.outputs, precision: precision)
    }
  }

  /// Copies the vectors of words.
  func embed(
    _ tokens: [Int32], embedding: Int, into x: UnsafeMutablePointer<Float>, width: Int
  ) {
    guard let table = stored?.data(at: embedding) else {
      mdm_gather_rows(base + embedding, tokens, x, tokens.count, width)
      return
    }
    for (i, token) in tokens.enumerated() {
      mdm_widen_halves(table + Int(token) * width * 2, x + i * width, width)
    }
  }
}

/// Where a backward pass adds its derivatives.
struct GradientBuffers: @unchecked Sendable {
  /// By all weights; with an adapter only what costs nothing is written there, and nobody reads it.
  let base: UnsafeMutablePointer<Float>
  /// By the adapter's weights, which then are the only ones that learn.
  let adapter: UnsafeMutablePointer<Float>?
}
