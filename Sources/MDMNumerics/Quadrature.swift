import Glibc

/// Gauss-Legendre integration on pieces of an interval.
enum Quadrature {
  /// Nodes and weights of order 16 on [-1, 1], by Newton's method on the Legendre polynomial.
  private static let rule: [(node: Double, weight: Double)] = {
    let order = 16
    return (0..<order).map { index in
      var x = cos(Double.pi * (Double(index) + 0.75) / (Double(order) + 0.5))
      var slope = 1.0
      for _ in 0..<30 {
        var (last, value) = (1.0, x)
        for k in 2...order {
          let n = Double(k)
          (last, value) = (value, ((2 * n - 1) * x * value - (n - 1) * last) / n)
        }
        slope = Double(order) * (x * value - last) / (x * x - 1)
        x -= value / slope
      }
      return (x, 2 / ((1 - x * x) * slope * slope))
    }
  }()

  /// The places and weights that turn an integral over a range into a sum.
  static func points(
    over range: ClosedRange<Double>, pieces: Int
  ) -> [(place: Double, weight: Double)] {
    let half = (range.upperBound - range.lowerBound) / Double(2 * pieces)
    return (0..<pieces).flatMap { piece in
      let middle = range.lowerBound + half * Double(2 * piece + 1)
      return rule.map { (middle + half * $0.node, half * $0.weight) }
    }
  }
}
