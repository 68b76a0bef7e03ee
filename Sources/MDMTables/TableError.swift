/// What is wrong with a request to a table.
public enum TableError: Error, Equatable, Sendable {
  /// There is no column of that name.
  case unknownColumn(String, known: [String])
  /// Two columns would have the same name.
  case doubledColumn(String)
  /// A column has another length than the table.
  case length(column: String, found: Int, expected: Int)
  /// The column's type does not allow what was asked.
  case type(column: String, type: ColumnType, operation: String)
  /// The keys of a join have different types.
  case keyTypes(left: String, leftType: ColumnType, right: String, rightType: ColumnType)
  /// A sum of Ints does not fit into 64 bits.
  case overflow(column: String)
  /// A pivot has two values for one place.
  case doubledEntry(row: String, column: String)
  /// Tables have fewer than 2 ** 31 rows.
  case tooManyRows(Int)
}
