import COpenBLAS
import Glibc

/// A symmetric positive definite matrix as L L'.
public struct CholeskyFactorization: Sendable {
  /// From how many rows on LAPACK factors instead of plain loops.
  static let large = 64
  static let hasLAPACK =
    mdm_blas_load(getenv("MDM_KEEP_BLAS_CORE") == nil ? 0 : 1) == nil && mdm_has_lapack() != 0

  /// The lower triangle L; what stands above its diagonal is zero.
  public let lower: Matrix

  /// Factors a matrix; nil where it is not positive definite to working precision.
  ///
  /// Source: Golub and Van Loan, "Matrix computations", algorithm 4.2.1.
  public init?(_ matrix: Matrix) {
    precondition(matrix.rows == matrix.columns, "a square matrix is an invariant of the callers")
    let n = matrix.rows
    if n > Self.large, Self.hasLAPACK {
      var l = matrix
      let failed = l.values.withUnsafeMutableBufferPointer { mdm_dpotrf(Int32(n), $0.baseAddress) }
      guard failed == 0 else { return nil }
      for i in 0..<n {
        let pivot = l.values[i * n + i]
        guard pivot * pivot > Double(n) * 0x1p-52 * Swift.abs(matrix[i, i]), pivot.isFinite else {
          return nil
        }
        for j in (i + 1)..<Swift.max(n, i + 1) { l.values[i * n + j] = 0 }
      }
      lower = l
      return
    }
    var l = Matrix(rows: n, columns: n)
    let positive = l.values.withUnsafeMutableBufferPointer { l in
      matrix.values.withUnsafeBufferPointer { a in
        for j in 0..<n {
          var pivot = a[j * n + j]
          for k in 0..<j { pivot -= l[j * n + k] * l[j * n + k] }
          guard pivot > Double(n) * 0x1p-52 * Swift.abs(a[j * n + j]), pivot.isFinite else {
            return false
          }
          let root = pivot.squareRoot()
          l[j * n + j] = root
          for i in (j + 1)..<Swift.max(n, j + 1) {
            var sum = a[i * n + j]
            for k in 0..<j { sum -= l[i * n + k] * l[j * n + k] }
            l[i * n + j] = sum / root
          }
        }
        return true
      }
    }
    guard positive else { return nil }
    lower = l
  }

  /// The solution x of A x = b.
  public func solve(_ right: [Double]) -> [Double] { backward(forward(right)) }

  /// The solution z of L z = b; its squared length is b' A^-1 b.
  public func forward(_ right: [Double]) -> [Double] {
    var z = right
    let n = lower.rows
    lower.values.withUnsafeBufferPointer { l in
      z.withUnsafeMutableBufferPointer { z in
        for i in 0..<n {
          var sum = z[i]
          for k in 0..<i { sum -= l[i * n + k] * z[k] }
          z[i] = sum / l[i * n + i]
        }
      }
    }
    return z
  }

  /// The solution x of L' x = z.
  public func backward(_ right: [Double]) -> [Double] {
    var x = right
    let n = lower.rows
    lower.values.withUnsafeBufferPointer { l in
      x.withUnsafeMutableBufferPointer { x in
        for i in stride(from: n - 1, through: 0, by: -1) {
          let value = x[i] / l[i * n + i]
          x[i] = value
          for k in 0..<i { x[k] -= l[i * n + k] * value }
        }
      }
    }
    return x
  }

  /// The inverse of the factored matrix.
  public var inverse: Matrix {
    let n = lower.rows
    if n > Self.large, Self.hasLAPACK {
      var result = lower
      result.values.withUnsafeMutableBufferPointer { a in
        _ = mdm_dpotri(Int32(n), a.baseAddress)
        for i in 0..<n {
          for j in 0..<i { a[j * n + i] = a[i * n + j] }
        }
      }
      return result
    }
    var result = Matrix(rows: n, columns: n)
    for j in 0..<n {
      var unit = [Double](repeating: 0, count: n)
      unit[j] = 1
      let x = solve(unit)
      for i in 0..<n { result[i, j] = x[i] }
    }
    return result
  }

  /// The natural logarithm of the determinant.
  public var logDeterminant: Double {
    2 * (0..<lower.rows).reduce(0) { $0 + Statistics.log(lower[$1, $1]) }
  }
}
