/// The eigenvalues and eigenvectors of a symmetric matrix.
public struct SymmetricEigen: Sendable {
  /// The eigenvalues, largest first.
  public let values: [Double]
  /// The eigenvectors as columns, in the order of the values.
  public let vectors: Matrix

  /// Decomposes a symmetric matrix by cyclic Jacobi rotations.
  ///
  /// Numerics: small eigenvalues keep their relative accuracy better than with tridiagonal
  /// methods; the cost of about ten sweeps is fine up to a few hundred columns.
  /// Source: Golub and Van Loan, "Matrix computations", section 8.5.
  public init(_ matrix: Matrix) {
    precondition(matrix.rows == matrix.columns, "a square matrix is an invariant of the callers")
    let n = matrix.rows
    var a = matrix.values
    var v = Matrix.identity(n).values  // rows are eigenvectors until the end
    let total = a.reduce(0) { $0 + $1 * $1 }
    a.withUnsafeMutableBufferPointer { a in
      v.withUnsafeMutableBufferPointer { v in
        for _ in 0..<60 {
          var off = 0.0
          for p in 0..<n {
            for q in (p + 1)..<Swift.max(n, p + 1) { off += a[p * n + q] * a[p * n + q] }
          }
          if off <= 1e-30 * total { break }
          for p in 0..<n {
            for q in (p + 1)..<Swift.max(n, p + 1) { Self.rotate(a, v, n, p, q) }
          }
        }
      }
    }
    let diagonal = (0..<n).map { a[$0 * n + $0] }
    let order = (0..<n).sorted { diagonal[$0] > diagonal[$1] }
    values = order.map { diagonal[$0] }
    var vectors = Matrix(rows: n, columns: n)
    for (column, source) in order.enumerated() {
      for i in 0..<n { vectors[i, column] = v[source * n + i] }
    }
    self.vectors = vectors
  }

  private static func rotate(
    _ a: UnsafeMutableBufferPointer<Double>, _ v: UnsafeMutableBufferPointer<Double>, _ n: Int,
    _ p: Int, _ q: Int
  ) {
    let apq = a[p * n + q]
    let app = a[p * n + p]
    let aqq = a[q * n + q]
    if Swift.abs(apq) <= 1e-17 * (Swift.abs(app) * Swift.abs(aqq)).squareRoot() || apq == 0 {
      return
    }
    let theta = (aqq - app) / (2 * apq)
    let t = (theta < 0 ? -1 : 1) / (Swift.abs(theta) + (theta * theta + 1).squareRoot())
    let c = 1 / (t * t + 1).squareRoot()
    let s = t * c
    // Rows p and q are rotated, then mirrored into the columns: half the work, no strides within.
    for k in 0..<n {
      let x = a[p * n + k]
      let y = a[q * n + k]
      a[p * n + k] = c * x - s * y
      a[q * n + k] = s * x + c * y
      let g = v[p * n + k]
      let h = v[q * n + k]
      v[p * n + k] = c * g - s * h
      v[q * n + k] = s * g + c * h
    }
    for k in 0..<n where k != p && k != q {
      a[k * n + p] = a[p * n + k]
      a[k * n + q] = a[q * n + k]
    }
    a[p * n + p] = app - t * apq
    a[q * n + q] = aqq + t * apq
    a[p * n + q] = 0
    a[q * n + p] = 0
  }
}
