import COpenBLAS

/// A dense matrix of doubles, row by row.
///
/// Small products are plain loops, large ones OpenBLAS's;
/// everything that does not fit is a broken invariant of the caller.
public struct Matrix: Equatable, Sendable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// The elements, row by row.
  public var values: [Double]

  /// A matrix over existing elements.
  public init(rows: Int, columns: Int, values: [Double]) {
    precondition(values.count == rows * columns, "a matrix has rows x columns elements")
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// A matrix with one value everywhere.
  public init(rows: Int, columns: Int, repeating value: Double = 0) {
    self.init(
      rows: rows, columns: columns, values: [Double](repeating: value, count: rows * columns))
  }

  /// A matrix from rows of one length; `columns` is for the case of no rows.
  public init(rows lists: [[Double]], columns: Int? = nil) {
    let width = lists.first?.count ?? columns ?? 0
    precondition(lists.allSatisfy { $0.count == width }, "rows have one length")
    self.init(rows: lists.count, columns: width, values: lists.flatMap { $0 })
  }

  /// The identity.
  public static func identity(_ size: Int) -> Matrix {
    var result = Matrix(rows: size, columns: size)
    for i in 0..<size { result[i, i] = 1 }
    return result
  }

  /// The element of a row and a column.
  public subscript(row: Int, column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  /// One row.
  public func row(_ index: Int) -> [Double] {
    Array(values[index * columns..<(index + 1) * columns])
  }

  /// One column.
  public func column(_ index: Int) -> [Double] { (0..<rows).map { self[$0, index] } }

  /// Rows and columns exchanged.
  public var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for i in 0..<rows {
      for j in 0..<columns { result[j, i] = self[i, j] }
    }
    return result
  }

  /// The product with a column vector.
  public func times(_ vector: [Double]) -> [Double] {
    precondition(vector.count == columns, "inner dimensions agree")
    return (0..<rows).map { row in
      var sum = 0.0
      for j in 0..<columns { sum += values[row * columns + j] * vector[j] }
      return sum
    }
  }

  /// The product of the transposed matrix with a column vector.
  public func transposedTimes(_ vector: [Double]) -> [Double] {
    precondition(vector.count == rows, "inner dimensions agree")
    var result = [Double](repeating: 0, count: columns)
    for i in 0..<rows {
      let factor = vector[i]
      for j in 0..<columns { result[j] += factor * values[i * columns + j] }
    }
    return result
  }

  /// The product of two matrices.
  public func times(_ other: Matrix) -> Matrix {
    precondition(columns == other.rows, "inner dimensions agree")
    let width = other.columns
    var result = Matrix(rows: rows, columns: width)
    if rows * columns * width > 1 << 18, CholeskyFactorization.hasLAPACK {
      result.values.withUnsafeMutableBufferPointer { out in
        mdm_dgemm(
          0, 0, Int32(rows), Int32(width), Int32(columns), values, Int32(columns), other.values,
          Int32(width), out.baseAddress, Int32(width))
      }
      return result
    }
    result.values.withUnsafeMutableBufferPointer { out in
      values.withUnsafeBufferPointer { left in
        other.values.withUnsafeBufferPointer { right in
          for i in 0..<rows {
            for k in 0..<columns {
              let factor = left[i * columns + k]
              if factor == 0 { continue }
              for j in 0..<width { out[i * width + j] += factor * right[k * width + j] }
            }
          }
        }
      }
    }
    return result
  }

  /// The product of the transposed matrix with the matrix itself.
  public var gram: Matrix {
    var result = Matrix(rows: columns, columns: columns)
    result.values.withUnsafeMutableBufferPointer { out in
      values.withUnsafeBufferPointer { v in
        for i in 0..<rows {
          let row = i * columns
          for a in 0..<columns {
            let factor = v[row + a]
            if factor == 0 { continue }
            for b in a..<columns { out[a * columns + b] += factor * v[row + b] }
          }
        }
        for a in 0..<columns {
          for b in 0..<a { out[a * columns + b] = out[b * columns + a] }
        }
      }
    }
    return result
  }

  /// Every row multiplied by a number of its own.
  public func scaled(rows factors: [Double]) -> Matrix {
    precondition(factors.count == rows, "one factor a row")
    var result = self
    for i in 0..<rows where factors[i] != 1 {
      for j in 0..<columns { result.values[i * columns + j] *= factors[i] }
    }
    return result
  }

  /// The columns of another matrix set to the right of these.
  public func joined(right other: Matrix) -> Matrix {
    precondition(rows == other.rows, "both have the same rows")
    return Matrix(
      rows: (0..<rows).map { row($0) + other.row($0) }, columns: columns + other.columns)
  }
}
