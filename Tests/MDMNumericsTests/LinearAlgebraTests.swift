import MDMNumerics
import Testing

@Suite struct LinearAlgebraTests {
  private func random(_ rows: Int, _ columns: Int, _ index: Int) -> Matrix {
    var stream = RandomStream(seed: 11, purpose: "matrix", index: index)
    return Matrix(
      rows: rows, columns: columns, values: (0..<rows * columns).map { _ in stream.normal() })
  }

  private func close(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-9) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance }
  }

  @Test func productsAgreeWithTheirDefinition() {
    let a = Matrix(rows: [[1, 2, 3], [4, 5, 6]])
    let b = Matrix(rows: [[1, 0], [2, 1], [0, -1]])
    #expect(a.times(b) == Matrix(rows: [[5, -1], [14, -1]]))
    #expect(a.gram == a.transposed.times(a))
    #expect(a.times([1, 1, 1]) == [6, 15])
    #expect(a.transposedTimes([1, 2]) == [9, 12, 15])
  }

  @Test(arguments: 1...8)
  func factorisationsSolveWhatTheyFactored(size: Int) throws {
    let x = random(size, 1, 100 + size).values
    let square = random(size, size, size)
    let found = try LUFactorization(square).solve(square.times(x))
    #expect(close(found, x, 1e-8))
    let definite = random(size + 3, size, 50 + size).gram
    let cholesky = try #require(CholeskyFactorization(definite))
    #expect(close(cholesky.solve(definite.times(x)), x, 1e-8))
    #expect(close(cholesky.inverse.times(definite).values, Matrix.identity(size).values, 1e-8))
  }

  @Test func theDeterminantHasItsSign() {
    #expect(abs(LUFactorization(Matrix(rows: [[0, 2], [3, 0]])).determinant + 6) < 1e-12)
    #expect(LUFactorization(Matrix(rows: [[1, 2], [2, 4]])).determinant == 0)
  }

  @Test func aSingularSystemNamesItsRank() {
    let singular = LUFactorization(Matrix(rows: [[0, 1, 2], [0, 2, 1], [0, 3, 3]]))
    #expect(throws: NumericsError.rankDeficient(rank: 2, columns: 3)) {
      try singular.solve([1, 1, 1])
    }
  }

  @Test func anIndefiniteMatrixHasNoCholeskyFactor() {
    #expect(CholeskyFactorization(Matrix(rows: [[1, 2], [2, 1]])) == nil)
    #expect(CholeskyFactorization(Matrix(rows: [[1, 1], [1, 1]])) == nil)
  }

  @Test(arguments: [(6, 4, 4), (6, 4, 2), (4, 7, 4), (5, 5, 1)])
  func theRankIsFound(rows: Int, columns: Int, rank: Int) {
    let matrix =
      rank == min(rows, columns)
      ? random(rows, columns, rows)
      : random(rows, rank, 1).times(random(rank, columns, 2))
    let qr = QRFactorization(matrix)
    #expect(qr.rank == rank)
    #expect(close(qr.basis.gram.values, Matrix.identity(rank).values, 1e-12))
  }

  @Test func aZeroMatrixHasRankZero() {
    #expect(QRFactorization(Matrix(rows: 3, columns: 2)).rank == 0)
  }

  @Test func eigenvectorsRebuildTheMatrix() {
    let matrix = random(30, 20, 9).gram
    let eigen = SymmetricEigen(matrix)
    var scaled = eigen.vectors
    for i in 0..<20 {
      for j in 0..<20 { scaled[i, j] *= eigen.values[j] }
    }
    #expect(close(scaled.times(eigen.vectors.transposed).values, matrix.values, 1e-9))
    #expect(close(eigen.vectors.gram.values, Matrix.identity(20).values, 1e-11))
    #expect(eigen.values == eigen.values.sorted(by: >))
  }
}
