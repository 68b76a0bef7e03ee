import MDMNumerics
import Testing

/// Random numbers in [-1, 1).
func numbers(_ count: Int, seed: UInt64 = 1) -> [Float] {
  var stream = RandomStream(seed: seed, purpose: "test")
  return (0..<count).map { _ in Float(stream.uniform() * 2 - 1) }
}

/// Calls a kernel that writes `count` floats; they start at `initial`.
func output(_ count: Int, from initial: Float = 0, _ body: (UnsafeMutablePointer<Float>) -> Void)
  -> [Float]
{
  var result = [Float](repeating: initial, count: count)
  result.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { body(base) } }
  return result
}

/// Checks a derivative with central differences.
///
/// - Parameters:
///   - x: The point.
///   - upstream: The derivative of the loss by each output.
///   - forward: The function.
///   - got: The derivative of sum(upstream * forward(x)) by x that the kernel computed.
func expectDerivative(
  _ x: [Float], upstream: [Float], got: [Float], tolerance: Double = 4e-3,
  location: SourceLocation = #_sourceLocation, forward: ([Float]) -> [Float]
) {
  #expect(got.count == x.count, sourceLocation: location)
  func loss(_ x: [Float]) -> Double {
    zip(forward(x), upstream).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }
  let scale = max(1e-3, got.reduce(0) { max($0, abs(Double($1))) })
  for i in x.indices {
    var (up, down) = (x, x)
    up[i] += 0.01
    down[i] -= 0.01
    let want = (loss(up) - loss(down)) / Double(up[i] - down[i])
    #expect(
      abs(want - Double(got[i])) < tolerance * scale, "at \(i): \(got[i]), differences \(want)",
      sourceLocation: location)
  }
}

/// Checks numbers against a reference.
func expectClose(
  _ got: [Float], _ want: [Double], tolerance: Double = 2e-6,
  location: SourceLocation = #_sourceLocation
) {
  #expect(got.count == want.count, sourceLocation: location)
  let scale = max(1e-6, want.reduce(0) { max($0, abs($1)) })
  for (i, pair) in zip(got, want).enumerated() {
    #expect(
      abs(Double(pair.0) - pair.1) < tolerance * scale, "at \(i): \(pair.0), wanted \(pair.1)",
      sourceLocation: location)
  }
}
