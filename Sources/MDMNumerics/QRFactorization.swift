/// The columns of a matrix as Q R, pivoted so that the rank shows.
///
/// Modified Gram-Schmidt with one repetition ("twice is enough", Kahan and Parlett): the columns
/// of `basis` are orthonormal to working precision and span the columns of the matrix.
public struct QRFactorization: Sendable {
  /// An orthonormal basis of the column space; rows x rank.
  public let basis: Matrix
  /// The columns of the matrix in the order in which they were taken; the first `rank` are
  /// independent.
  public let order: [Int]
  /// The number of independent columns.
  public var rank: Int { basis.columns }

  /// Factors a matrix; what is left of a column counts as zero below `tolerance` times the
  /// longest column.
  public init(_ matrix: Matrix, tolerance: Double = 1e-10) {
    var columns = (0..<matrix.columns).map { matrix.column($0) }
    var order = Array(0..<matrix.columns)
    var basis: [[Double]] = []
    let length = { (v: [Double]) in v.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let limit = tolerance * (columns.map(length).max() ?? 0)
    for k in columns.indices {
      guard basis.count < matrix.rows else { break }
      let lengths = columns[k...].map(length)
      guard let longest = lengths.max(), longest > limit,
        let offset = lengths.firstIndex(of: longest)
      else { break }
      columns.swapAt(k, k + offset)
      order.swapAt(k, k + offset)
      for q in basis { Self.remove(q, from: &columns[k]) }
      let scale = length(columns[k])
      let unit = columns[k].map { $0 / scale }
      basis.append(unit)
      for later in (k + 1)..<Swift.max(columns.count, k + 1) {
        Self.remove(unit, from: &columns[later])
      }
    }
    self.order = order
    self.basis =
      Matrix(rows: basis, columns: matrix.rows).rows == 0
      ? Matrix(rows: matrix.rows, columns: 0) : Matrix(rows: basis).transposed
  }

  private static func remove(_ unit: [Double], from vector: inout [Double]) {
    var dot = 0.0
    for i in unit.indices { dot += unit[i] * vector[i] }
    for i in unit.indices { vector[i] -= dot * unit[i] }
  }
}
