import CKernels
import Glibc
import MDMTensors
import Testing

/// Every op's forward against plain Swift, every backward against central differences.
@Suite struct OpTests {
  @Test func linear() {
    let (rows, inputs, outputs) = (5, 7, 3)
    let (x, w, b) = (numbers(35), numbers(21, seed: 2), numbers(3, seed: 3))
    let dy = numbers(15, seed: 4)
    func forward(_ x: [Float], _ w: [Float], _ b: [Float]) -> [Float] {
      let panels = output(Linear.panelCount(inputs: inputs, outputs: outputs)) {
        Linear.pack(w, into: $0, inputs: inputs, outputs: outputs)
      }
      return output(15) {
        Linear.forward(
          x, panels: panels, bias: b, into: $0, stride: outputs, rows: rows, inputs: inputs,
          outputs: outputs)
      }
    }
    let want = (0..<15).map { (at: Int) -> Double in
      var sum = Double(b[at % 3])
      for k in 0..<7 { sum += Double(x[at / 3 * 7 + k]) * Double(w[at % 3 * 7 + k]) }
      return sum
    }
    expectClose(forward(x, w, b), want)
    let dx = output(35) {
      Linear.backwardInput(
        dy, stride: outputs, weight: w, into: $0, rows: rows, inputs: inputs, outputs: outputs)
    }
    var db = [Float](repeating: 0, count: 3)
    let dw = output(21) { dw in
      Linear.backwardWeight(
        dy, stride: outputs, x: x, weight: dw, bias: &db, rows: rows, inputs: inputs,
        outputs: outputs)
    }
    expectDerivative(x, upstream: dy, got: dx) { forward($0, w, b) }
    expectDerivative(w, upstream: dy, got: dw) { forward(x, $0, b) }
    expectDerivative(b, upstream: dy, got: db) { forward(x, w, $0) }
  }

  @Test func rowsOfAProductDoNotDependOnTheirNeighbours() {
    let (inputs, outputs) = (130, 70)
    let x = numbers(40 * inputs)
    let w = numbers(inputs * outputs, seed: 2)
    let panels = output(Linear.panelCount(inputs: inputs, outputs: outputs)) {
      Linear.pack(w, into: $0, inputs: inputs, outputs: outputs)
    }
    func forward(_ first: Int, _ rows: Int, add: Bool) -> [Float] {
      output(rows * outputs, from: 0.5) {
        Linear.forward(
          Array(x[(first * inputs)...]), panels: panels, bias: nil, into: $0, stride: outputs,
          rows: rows, inputs: inputs, outputs: outputs, add: add)
      }
    }
    for add in [false, true] {
      let all = forward(0, 40, add: add)
      for (first, rows) in [(0, 1), (3, 2), (5, 13), (7, 30), (20, 12), (1, 11)] {
        let part = all[(first * outputs)..<((first + rows) * outputs)]
        #expect(forward(first, rows, add: add) == Array(part), "\(rows) rows from \(first)")
      }
      let want = (0..<outputs).map { (j: Int) -> Double in
        var sum = add ? 0.5 : 0
        for k in 0..<inputs { sum += Double(x[k]) * Double(w[j * inputs + k]) }
        return sum
      }
      expectClose(Array(all[..<outputs]), want)
    }
  }

  @Test(arguments: [(7, 3), (16, 4), (35, 70), (130, 9)])
  func productsWithHalves(_ inputs: Int, _ outputs: Int) {
    let rows = 15
    let x = numbers(rows * inputs)
    let bias = numbers(outputs, seed: 5)
    let floats = numbers(inputs * outputs, seed: 2).map {
      Float(bitPattern: $0.bitPattern & 0xFFFF_0000)
    }
    // At an odd address, as in a file whose header has an odd length.
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: floats.count * 2 + 1, alignment: 64)
    defer { bytes.deallocate() }
    for (i, value) in floats.enumerated() {
      (bytes + 1).storeBytes(
        of: UInt16(value.bitPattern >> 16), toByteOffset: i * 2, as: UInt16.self)
    }
    func forward(_ first: Int, _ rows: Int, bias: [Float]?, add: Bool = false) -> [Float] {
      output(rows * outputs, from: 0.5) {
        Linear.forward(
          Array(x[(first * inputs)...]), halves: bytes + 1, bias: bias, into: $0, stride: outputs,
          rows: rows, inputs: inputs, outputs: outputs, add: add)
      }
    }
    func want(_ start: (Int) -> Double) -> [Double] {
      (0..<(rows * outputs)).map { at in
        (0..<inputs).reduce(start(at % outputs)) {
          $0 + Double(x[at / outputs * inputs + $1])
            * Double(floats[at % outputs * inputs + $1])
        }
      }
    }
    let all = forward(0, rows, bias: bias)
    expectClose(all, want { Double(bias[$0]) })
    expectClose(forward(0, rows, bias: nil, add: true), want { _ in 0.5 })
    for (first, rows) in [(0, 1), (3, 2), (1, 14), (5, 7), (9, 6)] {
      let part = all[(first * outputs)..<((first + rows) * outputs)]
      #expect(forward(first, rows, bias: bias) == Array(part), "\(rows) rows from \(first)")
    }

    let dy = numbers(rows * outputs, seed: 7)
    let dx = output(rows * inputs, from: 0.5) {
      Linear.backwardInput(
        dy, stride: outputs, halves: bytes + 1, into: $0, rows: rows, inputs: inputs,
        outputs: outputs, scratch: Arena(), add: true)
    }
    let plain = output(rows * inputs, from: 0.5) {
      Linear.backwardInput(
        dy, stride: outputs, weight: floats, into: $0, rows: rows, inputs: inputs,
        outputs: outputs, add: true)
    }
    expectClose(dx, plain.map(Double.init))

    // Rounding leaves numbers that are bfloat16 already.
    let panels = output(Linear.panelCount(inputs: inputs, outputs: outputs)) {
      Linear.pack(floats, into: $0, inputs: inputs, outputs: outputs)
    }
    let rounded = (
      output(rows * outputs) {
        Linear.forward(
          x, halves: bytes + 1, bias: bias, into: $0, stride: outputs, rows: rows, inputs: inputs,
          outputs: outputs, precision: .bfloat16)
      },
      output(rows * inputs) {
        Linear.backwardInput(
          dy, stride: outputs, halves: bytes + 1, into: $0, rows: rows, inputs: inputs,
          outputs: outputs, scratch: Arena(), precision: .bfloat16)
      }
    )
    #expect(
      rounded.0
        == output(rows * outputs) {
          Linear.forward(
            x, panels: panels, bias: bias, into: $0, stride: outputs, rows: rows, inputs: inputs,
            outputs: outputs, precision: .bfloat16)
        })
    #expect(
      rounded.1
        == output(rows * inputs) {
          Linear.backwardInput(
            dy, stride: outputs, weight: floats, into: $0, rows: rows, inputs: inputs,
            outputs: outputs, precision: .bfloat16)
        })
  }

  @Test func theFirstHalfThatIsNotFiniteIsFound() {
    var halves = [UInt16](repeating: 0x3F80, count: 10_000)
    #expect(mdm_first_infinite_half(halves, halves.count) == -1)
    for (place, bits) in [(9_999, UInt16(0x7F80)), (4_097, 0xFFC0), (0, 0x7FC1)] {
      halves[place] = bits
      #expect(mdm_first_infinite_half(halves, halves.count) == place)
    }
  }

  @Test func rmsNorm() {
    let (rows, n) = (3, 9)
    let (x, w, dy) = (numbers(27), numbers(9, seed: 2), numbers(27, seed: 3))
    var scale = [Float](repeating: 0, count: rows)
    func forward(_ x: [Float], _ w: [Float]) -> [Float] {
      output(27) { mdm_rms_norm(x, w, $0, &scale, rows, n, 1e-6) }
    }
    let want = x.indices.map { (i: Int) -> Double in
      let row = x[(i / n * n)..<(i / n * n + n)].map(Double.init)
      let mean = row.reduce(0) { $0 + $1 * $1 } / Double(n)
      return Double(x[i]) / (mean + 1e-6).squareRoot() * Double(w[i % n])
    }
    expectClose(forward(x, w), want)
    var dw = [Float](repeating: 0, count: n)
    let dx = output(27) { mdm_rms_norm_backward(dy, x, w, scale, $0, &dw, rows, n) }
    expectDerivative(x, upstream: dy, got: dx) { forward($0, w) }
    expectDerivative(w, upstream: dy, got: dw) { forward(x, $0) }
  }

  @Test func layerNorm() {
    let (rows, n) = (3, 9)
    let (x, w, b) = (numbers(27), numbers(9, seed: 2), numbers(9, seed: 5))
    let dy = numbers(27, seed: 3)
    var (mean, scale) = ([Float](repeating: 0, count: rows), [Float](repeating: 0, count: rows))
    func forward(_ x: [Float], _ w: [Float], _ b: [Float]) -> [Float] {
      output(27) { mdm_layer_norm(x, w, b, $0, &mean, &scale, rows, n, 1e-6) }
    }
    let want = x.indices.map { (i: Int) -> Double in
      let row = x[(i / n * n)..<(i / n * n + n)].map(Double.init)
      let middle = row.reduce(0, +) / Double(n)
      let spread = row.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / Double(n)
      return (Double(x[i]) - middle) / (spread + 1e-6).squareRoot() * Double(w[i % n])
        + Double(b[i % n])
    }
    expectClose(forward(x, w, b), want)
    var (dw, db) = ([Float](repeating: 0, count: n), [Float](repeating: 0, count: n))
    let dx = output(27) {
      mdm_layer_norm_backward(dy, x, w, mean, scale, $0, &dw, &db, rows, n)
    }
    expectDerivative(x, upstream: dy, got: dx) { forward($0, w, b) }
    expectDerivative(w, upstream: dy, got: dw) { forward(x, $0, b) }
    expectDerivative(b, upstream: dy, got: db) { forward(x, w, $0) }
  }

  @Test func swiglu() {
    let (rows, n) = (2, 5)
    let x = numbers(20).map { $0 * 4 }
    let dy = numbers(10, seed: 2)
    func forward(_ x: [Float]) -> [Float] { output(10) { mdm_swiglu(x, $0, rows, n) } }
    let want = (0..<10).map { (i: Int) -> Double in
      let at = i / n * 2 * n + i % n
      let (gate, up) = (Double(x[at]), Double(x[at + n]))
      return gate / (1 + exp(-gate)) * up
    }
    expectClose(forward(x), want)
    let dx = output(20) { mdm_swiglu_backward(dy, x, $0, rows, n) }
    expectDerivative(x, upstream: dy, got: dx, forward: forward)
  }

  @Test(arguments: [Int32(0), 1]) func gelu(exact: Int32) {
    let x = (-40...40).map { Float($0) / 8 }
    let dy = numbers(x.count)
    func forward(_ x: [Float]) -> [Float] { output(x.count) { mdm_gelu(x, $0, x.count, exact) } }
    let want = x.map { (value: Float) -> Double in
      let z = Double(value)
      return exact == 1 ? z * 0.5 * erfc(-z / 2.0.squareRoot()) : z / (1 + exp(-1.702 * z))
    }
    expectClose(forward(x), want)
    let dx = output(x.count) { mdm_gelu_backward(dy, x, $0, x.count, exact) }
    expectDerivative(x, upstream: dy, got: dx, forward: forward)
  }

  @Test func gatherAndScatterOfRows() {
    let table = numbers(12)
    let index: [Int32] = [2, 0, 2]
    let rows = output(9) { mdm_gather_rows(table, index, $0, 3, 3) }
    #expect(rows == Array(table[6..<9]) + Array(table[0..<3]) + Array(table[6..<9]))
    let dy = numbers(9, seed: 2)
    let got = output(12) { mdm_scatter_add_rows($0, index, dy, 3, 3) }
    expectDerivative(table, upstream: dy, got: got) { table in
      output(9) { mdm_gather_rows(table, index, $0, 3, 3) }
    }
  }

  @Test func logSoftmaxOfTargets() {
    let (rows, n) = (2, 6)
    let x = numbers(12).map { $0 * 3 }
    let targets = [4, 1]
    let dy = numbers(2, seed: 2)
    var sums = [Float](repeating: 0, count: rows)
    func forward(_ x: [Float]) -> [Float] {
      mdm_log_sum_exp(x, &sums, rows, n)
      return (0..<rows).map { x[$0 * n + targets[$0]] - sums[$0] }
    }
    let want = (0..<rows).map { (i: Int) -> Double in
      let row = x[(i * n)..<(i * n + n)].map(Double.init)
      return row[targets[i]] - log(row.reduce(0) { $0 + exp($1) })
    }
    expectClose(forward(x), want)
    var dx = x
    mdm_scaled_softmax(&dx, sums, dy.map { -$0 }, rows, n)
    for i in 0..<rows { dx[i * n + targets[i]] += dy[i] }
    expectDerivative(x, upstream: dy, got: dx, forward: forward)
  }

  @Test func adamWAgreesWithItsDefinition() {
    let (w, g) = (numbers(33), numbers(33, seed: 2))
    let (m, v) = (numbers(33, seed: 3), numbers(33, seed: 4).map { abs($0) })
    var (w2, m2, v2) = (w, m, v)
    var step = mdm_adamw_step(
      rate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, decay: 0.1, correction1: 0.19,
      correction2: 0.0199, gradient_scale: 0.5)
    mdm_adamw(&step, &w2, g, &m2, &v2, 33)
    let want = w.indices.map { (i: Int) -> Double in
      let d = Double(g[i]) / 2
      let mean = 0.9 * Double(m[i]) + 0.1 * d
      let square = 0.99 * Double(v[i]) + 0.01 * d * d
      let change = 0.01 * (mean / 0.19) / ((square / 0.0199).squareRoot() + 1e-8)
      return Double(w[i]) * 0.999 - change
    }
    expectClose(w2, want)
    let squares = Double(numbers(5000).reduce(0) { $0 + $1 * $1 })
    #expect(abs(mdm_sum_squares(numbers(5000), 5000) / squares - 1) < 1e-4)
  }

  @Test func samplingFollowsTheDistribution() {
    let logits: [Float] = [1, 2, 0, 5, -1]
    var scratch = logits
    let draws = 4000
    var counts = [Double](repeating: 0, count: 5)
    for i in 0..<draws {
      let uniform = (Double(i) + 0.5) / Double(draws)
      counts[mdm_sample(logits, &scratch, 5, 2, uniform, [3], 1)] += 1
    }
    let weights = [0, 1, 2, 4].map { exp(Double(logits[$0]) / 2) }
    for (i, at) in [0, 1, 2, 4].enumerated() {
      #expect(abs(counts[at] / Double(draws) - weights[i] / weights.reduce(0, +)) < 1e-3)
    }
    #expect(counts[3] == 0)
    #expect(mdm_sample(logits, &scratch, 5, 0, 0, [], 0) == 3)
  }
}
