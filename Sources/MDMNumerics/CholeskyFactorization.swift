/// A symmetric positive definite matrix as L L'.
public struct CholeskyFactorization: Sendable {
  /// The lower triangle L; what stands above its diagonal is zero.
  public let lower: Matrix

  /// Factors a matrix; nil where it is not positive definite to working precision.
  ///
  /// Source: Golub and Van Loan, "Matrix computations", algorithm 4.2.1.
  public init?(_ matrix: Matrix) {
    precondition(matrix.rows == matrix.columns, "a square matrix is an invariant of the callers")
    let n = matrix.rows
    var l = Matrix(rows: n, columns: n)
    for j in 0..<n {
      var pivot = matrix[j, j]
      for k in 0..<j { pivot -= l[j, k] * l[j, k] }
      guard pivot > Double(n) * 0x1p-52 * Swift.abs(matrix[j, j]), pivot.isFinite else {
        return nil
      }
      let root = pivot.squareRoot()
      l[j, j] = root
      for i in (j + 1)..<Swift.max(n, j + 1) {
        var sum = matrix[i, j]
        for k in 0..<j { sum -= l[i, k] * l[j, k] }
        l[i, j] = sum / root
      }
    }
    lower = l
  }

  /// The solution x of A x = b.
  public func solve(_ right: [Double]) -> [Double] {
    let n = lower.rows
    var x = forward(right)
    for i in stride(from: n - 1, through: 0, by: -1) {
      for k in (i + 1)..<Swift.max(n, i + 1) { x[i] -= lower[k, i] * x[k] }
      x[i] /= lower[i, i]
    }
    return x
  }

  /// The solution z of L z = b; its squared length is b' A^-1 b.
  public func forward(_ right: [Double]) -> [Double] {
    var z = right
    for i in 0..<lower.rows {
      for k in 0..<i { z[i] -= lower[i, k] * z[k] }
      z[i] /= lower[i, i]
    }
    return z
  }

  /// The inverse of the factored matrix.
  public var inverse: Matrix {
    let n = lower.rows
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
