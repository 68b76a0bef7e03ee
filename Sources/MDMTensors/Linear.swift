import CKernels

/// y = x W^T + b with W of `outputs` x `inputs`, as Hugging Face stores it.
package enum Linear {
  /// Computes `rows` rows of y; `add` adds to what y holds (then there is no bias).
  ///
  /// A row's result does not depend on the other rows, not even in its last bit.
  ///
  /// - Parameter panels: W as `pack` leaves it.
  package static func forward(
    _ x: UnsafePointer<Float>, panels: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    into y: UnsafeMutablePointer<Float>, stride: Int, rows: Int, inputs: Int, outputs: Int,
    add: Bool = false
  ) {
    mdm_project(x, inputs, panels, bias, y, stride, rows, outputs, inputs, add ? 1 : 0)
  }

  /// The number of floats of a matrix's panels.
  package static func panelCount(inputs: Int, outputs: Int) -> Int {
    mdm_panel_count(outputs, inputs)
  }

  /// Copies W into the order in which `forward` reads it.
  package static func pack(
    _ weight: UnsafePointer<Float>, into panels: UnsafeMutablePointer<Float>, inputs: Int,
    outputs: Int
  ) {
    mdm_pack_rows(weight, inputs, panels, outputs, inputs)
  }

  /// dx = dy W.
  package static func backwardInput(
    _ dy: UnsafePointer<Float>, stride: Int, weight: UnsafePointer<Float>,
    into dx: UnsafeMutablePointer<Float>, rows: Int, inputs: Int, outputs: Int, add: Bool = false
  ) {
    BLAS.times(
      dy, stride, weight, inputs, into: dx, inputs, m: rows, n: inputs, k: outputs,
      beta: add ? 1 : 0)
  }

  /// dW += dy^T x and db += the column sums of dy.
  package static func backwardWeight(
    _ dy: UnsafePointer<Float>, stride: Int, x: UnsafePointer<Float>,
    weight: UnsafeMutablePointer<Float>, bias: UnsafeMutablePointer<Float>?, rows: Int,
    inputs: Int, outputs: Int
  ) {
    BLAS.transposedTimes(
      dy, stride, x, inputs, into: weight, inputs, m: outputs, n: inputs, k: rows, beta: 1)
    if let bias { mdm_column_sums(dy, bias, rows, outputs, stride) }
  }
}
