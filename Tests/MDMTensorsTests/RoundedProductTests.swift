import CKernels
import MDMTensors
import Testing

/// Products whose operands are rounded to bfloat16, against sums of rounded numbers in double.
@Suite struct RoundedProductTests {
  /// To the nearest number with 8 bits of mantissa, ties to even.
  private func nearestHalf(_ x: Float) -> Double {
    let bits = x.bitPattern
    return Double(Float(bitPattern: (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF_0000))
  }

  /// Tiles are 12 x 32, blocks 192 rows, 384 numbers deep and 1024 columns wide.
  @Test(arguments: [(1, 1, 1), (13, 5, 33), (200, 385, 40), (3, 400, 1030), (24, 384, 64)])
  func productsOfRoundedOperands(_ rows: Int, _ inputs: Int, _ outputs: Int) {
    let x = numbers(rows * inputs)
    let w = numbers(inputs * outputs, seed: 2)
    let bias = numbers(outputs, seed: 3)
    let panels = output(Linear.panelCount(inputs: inputs, outputs: outputs)) {
      Linear.pack(w, into: $0, inputs: inputs, outputs: outputs)
    }
    let y = output(rows * outputs) {
      Linear.forward(
        x, panels: panels, bias: bias, into: $0, stride: outputs, rows: rows, inputs: inputs,
        outputs: outputs, precision: .bfloat16)
    }
    let dx = output(rows * inputs) {
      Linear.backwardInput(
        y, stride: outputs, weight: w, into: $0, rows: rows, inputs: inputs, outputs: outputs,
        precision: .bfloat16)
    }
    let dw = output(inputs * outputs, from: 0.5) {
      Linear.backwardWeight(
        y, stride: outputs, x: x, weight: $0, bias: nil, rows: rows, inputs: inputs,
        outputs: outputs, precision: .bfloat16)
    }
    let (a, b, dy) = (x.map(nearestHalf), w.map(nearestHalf), y.map(nearestHalf))
    for (i, j) in [(0, 0), (rows - 1, outputs - 1), (rows / 2, outputs / 3)] {
      var sum = Double(bias[j])
      for k in 0..<inputs { sum += a[i * inputs + k] * b[j * inputs + k] }
      expectClose([y[i * outputs + j]], [sum])
    }
    for (i, k) in [(0, 0), (rows - 1, inputs - 1), (rows / 3, inputs / 2)] {
      let sum = (0..<outputs).reduce(0) { $0 + dy[i * outputs + $1] * b[$1 * inputs + k] }
      expectClose([dx[i * inputs + k]], [sum])
    }
    for (j, k) in [(0, 0), (outputs - 1, inputs - 1), (outputs / 2, inputs / 3)] {
      let sum = (0..<rows).reduce(0.5) { $0 + dy[$1 * outputs + j] * a[$1 * inputs + k] }
      expectClose([dw[j * inputs + k]], [sum])
    }
    // A row alone has the same bits, and NaN stays NaN.
    let alone = output(outputs) {
      Linear.forward(
        Array(x[((rows - 1) * inputs)...]), panels: panels, bias: bias, into: $0, stride: outputs,
        rows: 1, inputs: inputs, outputs: outputs, precision: .bfloat16)
    }
    #expect(alone == Array(y[((rows - 1) * outputs)...]))
    var broken = x
    broken[inputs - 1] = .nan
    let spoilt = output(outputs) {
      Linear.forward(
        broken, panels: panels, bias: nil, into: $0, stride: outputs, rows: 1, inputs: inputs,
        outputs: outputs, precision: .bfloat16)
    }
    #expect(!spoilt.contains { !$0.isNaN })
  }
}
