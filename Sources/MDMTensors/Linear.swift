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
    add: Bool = false, precision: ComputePrecision = .float32
  ) {
    let project = precision == .float32 ? mdm_project : mdm_rounded_project
    split(outputs, work: rows * inputs * outputs) { first, count in
      project(
        x, inputs, panels + first * inputs, bias.map { $0 + first }, y + first, stride, rows,
        count, inputs, add ? 1 : 0)
    }
  }

  /// The same with W as bfloat16 rows at any address.
  package static func forward(
    _ x: UnsafePointer<Float>, halves: UnsafeRawPointer, bias: UnsafePointer<Float>?,
    into y: UnsafeMutablePointer<Float>, stride: Int, rows: Int, inputs: Int, outputs: Int,
    add: Bool = false, precision: ComputePrecision = .float32
  ) {
    let project = precision == .float32 ? mdm_project_halves : mdm_rounded_project_halves
    split(outputs, work: rows * inputs * outputs) { first, count in
      project(
        x, inputs, halves + first * inputs * 2, bias.map { $0 + first }, y + first, stride, rows,
        count, inputs, add ? 1 : 0)
    }
  }

  /// Calls `body` for ranges of columns: one, or several where the work is worth other threads, which
  /// take part where they are free. A column's result does not depend on its range.
  @inline(__always)
  private static func split(_ outputs: Int, work: Int, _ body: (_ first: Int, _ count: Int) -> Void)
  {
    if work < 1 << 20 || Workers.count == 1 {
      body(0, outputs)
      return
    }
    // A multiple of the panels' columns; pieces enough that a slower thread takes fewer of them.
    let size = max(64, (outputs + 511) / 512 * 32)
    Workers.run((outputs + size - 1) / size) { piece in
      body(piece * size, min(size, outputs - piece * size))
    }
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
    into dx: UnsafeMutablePointer<Float>, rows: Int, inputs: Int, outputs: Int, add: Bool = false,
    precision: ComputePrecision = .float32
  ) {
    if precision == .bfloat16 {
      mdm_rounded_times(
        dy, stride, 0, weight, inputs, dx, inputs, rows, inputs, outputs, add ? 1 : 0)
      return
    }
    BLAS.times(
      dy, stride, weight, inputs, into: dx, inputs, m: rows, n: inputs, k: outputs,
      beta: add ? 1 : 0)
  }

  /// dx = dy W with W as bfloat16 rows, which become floats a block at a time.
  package static func backwardInput(
    _ dy: UnsafePointer<Float>, stride: Int, halves: UnsafeRawPointer,
    into dx: UnsafeMutablePointer<Float>, rows: Int, inputs: Int, outputs: Int, scratch: Arena,
    add: Bool = false, precision: ComputePrecision = .float32
  ) {
    if precision == .bfloat16 {
      mdm_rounded_times_halves(
        dy, stride, halves, dx, inputs, rows, inputs, outputs, add ? 1 : 0)
      return
    }
    let mark = scratch.mark
    defer { scratch.release(mark) }
    let size = min(outputs, 256)
    let block = scratch.floats(size * inputs)
    for first in Swift.stride(from: 0, to: outputs, by: size) {
      let count = min(size, outputs - first)
      mdm_widen_halves(halves + first * inputs * 2, block, count * inputs)
      BLAS.times(
        dy + first, stride, block, inputs, into: dx, inputs, m: rows, n: inputs, k: count,
        beta: add || first > 0 ? 1 : 0)
    }
  }

  /// dW += dy^T x and db += the column sums of dy.
  package static func backwardWeight(
    _ dy: UnsafePointer<Float>, stride: Int, x: UnsafePointer<Float>,
    weight: UnsafeMutablePointer<Float>, bias: UnsafeMutablePointer<Float>?, rows: Int,
    inputs: Int, outputs: Int, precision: ComputePrecision = .float32
  ) {
    if precision == .bfloat16 {
      mdm_rounded_times(dy, stride, 1, x, inputs, weight, inputs, outputs, inputs, rows, 1)
    } else {
      BLAS.transposedTimes(
        dy, stride, x, inputs, into: weight, inputs, m: outputs, n: inputs, k: rows, beta: 1)
    }
    if let bias { mdm_column_sums(dy, bias, rows, outputs, stride) }
  }
}

/// Arrays of bfloat16 numbers.
package enum Halves {
  /// Whether no number is infinite or NaN.
  package static func areFinite(_ halves: UnsafeRawPointer, count: Int) -> Bool {
    mdm_first_infinite_half(halves, count) < 0
  }
}
