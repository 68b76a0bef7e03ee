import Glibc

/// Cosines and sines of rotary positions, for text (three axes) and for images (row and column).
///
/// Source: M-RoPE of Wang et al., "Qwen2-VL", 2024; the angles are rounded to Float as in PyTorch.
final class RotaryTable: Sendable {
  /// Half a head's width.
  let half: Int
  private let axes: [Int]
  private let frequencies: [Float]
  private let cosines: [Float]
  private let sines: [Float]
  private static let tabulated = 512

  /// - Parameters:
  ///   - theta: The base of the frequencies.
  ///   - sections: How many frequencies turn with each axis.
  ///   - restarts: Whether each axis begins at the first frequency again, as in the vision tower.
  init(theta: Float, sections: [Int], restarts: Bool) {
    half = sections.reduce(0, +)
    axes = sections.enumerated().flatMap { Array(repeating: $0, count: $1) }
    let all = half
    frequencies =
      restarts
      ? sections.flatMap { count in
        (0..<count).map { 1 / Glibc.powf(theta, Float(2 * $0) / Float(2 * count)) }
      }
      : (0..<all).map { 1 / Glibc.powf(theta, Float(2 * $0) / Float(2 * all)) }
    var cosines: [Float] = []
    var sines: [Float] = []
    cosines.reserveCapacity(Self.tabulated * all)
    sines.reserveCapacity(Self.tabulated * all)
    for position in 0..<Self.tabulated {
      for frequency in frequencies {
        let angle = Double(Float(position) * frequency)
        cosines.append(Float(Glibc.cos(angle)))
        sines.append(Float(Glibc.sin(angle)))
      }
    }
    self.cosines = cosines
    self.sines = sines
  }

  /// Writes the `half` cosines and sines of one position.
  func write(
    _ position: SIMD3<Int32>, cosine: UnsafeMutablePointer<Float>,
    sine: UnsafeMutablePointer<Float>
  ) {
    for f in 0..<half {
      let p = Int(position[axes[f]])
      if p >= 0 && p < Self.tabulated {
        cosine[f] = cosines[p * half + f]
        sine[f] = sines[p * half + f]
      } else {
        let angle = Double(Float(p) * frequencies[f])
        cosine[f] = Float(Glibc.cos(angle))
        sine[f] = Float(Glibc.sin(angle))
      }
    }
  }
}
