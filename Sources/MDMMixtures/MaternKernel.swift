import Glibc
import MDMNumerics

/// A Matern 5/2 kernel with its noise, in units of standardised scores.
struct MaternKernel: Equatable, Sendable {
  let variance: Double
  let lengths: [Double]
  let noise: Double

  // Of points that are divided by the lengths.
  func correlation(_ a: [Double], _ b: [Double]) -> Double {
    Self.correlation(zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) })
  }

  // Of a squared distance.
  @inline(__always)
  static func correlation(_ square: Double) -> Double {
    let r = (5 * square).squareRoot()
    return (1 + r + r * r / 3) * exp(-r)
  }
}

/// The marginal likelihood of standardised scores as a function of log hyperparameters.
///
/// theta = (log s2, log l of each group, log noise); with K^-1 and a = K^-1 y the gradient is
/// 1/2 tr((a a' - K^-1) dK/dtheta), and d M52 / d log l_k = 5/3 (1 + r) e^-r d_k^2 / l_k^2.
struct MarginalLikelihood {
  private let n: Int
  private let width: Int
  private let groups: [Int]
  private let target: [Double]
  private let precision: [Double]
  private let squares: [Double]  // (pairs i > j, groups): squared differences, not yet scaled

  init(inputs: [[Double]], target: [Double], precision: [Double], groups: [Int]) {
    n = target.count
    self.target = target
    self.precision = precision
    self.groups = groups
    width = (groups.max() ?? 0) + 1
    var squares = [Double](repeating: 0, count: n * (n - 1) / 2 * width)
    var place = 0
    for i in 0..<n {
      for j in 0..<i {
        for (k, group) in groups.enumerated() {
          let d = inputs[i][k] - inputs[j][k]
          squares[place + group] += d * d
        }
        place += width
      }
    }
    self.squares = squares
  }

  /// Minus the log likelihood; infinite where the matrix is not positive definite.
  func negative(_ theta: [Double], _ gradient: inout [Double]) -> Double {
    let variance = exp(theta[0])
    let noise = exp(theta[width + 1])
    let scales = (0..<width).map { exp(-2 * theta[1 + $0]) }
    let pairs = n * (n - 1) / 2
    var matrix = Matrix(rows: n, columns: n)
    var slopes = [Double](repeating: 0, count: pairs)  // 5/3 s2 (1 + r) e^-r
    squares.withUnsafeBufferPointer { squares in
      matrix.values.withUnsafeMutableBufferPointer { k in
        slopes.withUnsafeMutableBufferPointer { slopes in
          var pair = 0
          for i in 0..<n {
            for j in 0..<i {
              var square = 0.0
              for g in 0..<width { square += squares[pair * width + g] * scales[g] }
              let r = (5 * square).squareRoot()
              let decay = variance * exp(-r)
              k[i * n + j] = (1 + r + r * r / 3) * decay
              slopes[pair] = 5.0 / 3 * (1 + r) * decay
              pair += 1
            }
            k[i * n + i] = variance + noise / precision[i] + 1e-10
          }
          for i in 0..<n { for j in 0..<i { k[j * n + i] = k[i * n + j] } }
        }
      }
    }
    guard let factor = CholeskyFactorization(matrix) else { return .infinity }
    let alpha = factor.solve(target)
    let inverse = factor.inverse
    var value = 0.5 * factor.logDeterminant + 0.5 * Double(n) * log(2 * Double.pi)
    for i in 0..<n { value += 0.5 * target[i] * alpha[i] }
    for i in gradient.indices { gradient[i] = 0 }
    var lengths = [Double](repeating: 0, count: width)
    var whole = 0.0  // sum over i, j of W_ij K_ij without noise
    inverse.values.withUnsafeBufferPointer { inverse in
      squares.withUnsafeBufferPointer { squares in
        var pair = 0
        for i in 0..<n {
          for j in 0..<i {
            let w = alpha[i] * alpha[j] - inverse[i * n + j]
            whole += 2 * w * matrix.values[i * n + j]
            let slope = 2 * w * slopes[pair]
            for g in 0..<width { lengths[g] += slope * squares[pair * width + g] }
            pair += 1
          }
          let w = alpha[i] * alpha[i] - inverse[i * n + i]
          whole += w * variance
          gradient[width + 1] -= 0.5 * w * noise / precision[i]
        }
      }
    }
    gradient[0] = -0.5 * whole
    for g in 0..<width { gradient[1 + g] = -0.5 * lengths[g] * scales[g] }
    return value
  }
}
