/// A square matrix as P L U, rows exchanged for the largest pivot.
public struct LUFactorization: Sendable {
  private let factors: Matrix
  private let order: [Int]
  /// The number of independent columns; below the size the matrix is singular.
  public let rank: Int
  /// The determinant.
  public let determinant: Double

  /// Factors a matrix; pivots below `tolerance` times its largest element count as zero.
  ///
  /// Source: Golub and Van Loan, "Matrix computations", algorithm 3.4.1.
  public init(_ matrix: Matrix, tolerance: Double = 1e-12) {
    precondition(matrix.rows == matrix.columns, "a square matrix is an invariant of the callers")
    let n = matrix.rows
    var a = matrix
    var order = Array(0..<n)
    var determinant = 1.0
    var rank = 0
    let limit = tolerance * (matrix.values.lazy.map { Swift.abs($0) }.max() ?? 0)
    for k in 0..<n {
      var best = k
      for i in k..<n where Swift.abs(a[i, k]) > Swift.abs(a[best, k]) { best = i }
      if best != k {
        for j in 0..<n {
          let swap = a[k, j]
          a[k, j] = a[best, j]
          a[best, j] = swap
        }
        order.swapAt(k, best)
        determinant = -determinant
      }
      let pivot = a[k, k]
      guard Swift.abs(pivot) > limit else {
        determinant = 0
        continue
      }
      rank += 1
      determinant *= pivot
      for i in (k + 1)..<Swift.max(n, k + 1) {
        let factor = a[i, k] / pivot
        a[i, k] = factor
        for j in (k + 1)..<n { a[i, j] -= factor * a[k, j] }
      }
    }
    factors = a
    self.order = order
    // A skipped pivot may hide a later one: the pivoted factorisation counts the rank then.
    self.rank = rank == n ? n : QRFactorization(matrix, tolerance: tolerance).rank
    self.determinant = determinant
  }

  /// The solution x of A x = b.
  ///
  /// - Throws: `NumericsError.rankDeficient` for a singular matrix.
  public func solve(_ right: [Double]) throws(NumericsError) -> [Double] {
    let n = factors.rows
    guard rank == n else { throw .rankDeficient(rank: rank, columns: n) }
    guard right.count == n else {
      throw .lengths(what: "linear equations", left: n, right: right.count)
    }
    var x = order.map { right[$0] }
    for i in 0..<n {
      for k in 0..<i { x[i] -= factors[i, k] * x[k] }
    }
    for i in stride(from: n - 1, through: 0, by: -1) {
      for k in (i + 1)..<Swift.max(n, i + 1) { x[i] -= factors[i, k] * x[k] }
      x[i] /= factors[i, i]
    }
    return x
  }
}
