/// Columns of equal length under different names.
///
/// A table is a value: every operation gives a new one, and what did not change is shared.
public struct Table: Sendable {
  public let names: [String]
  public let columns: [Column]
  public let rowCount: Int

  /// A table of columns in order.
  ///
  /// - Parameter rowCount: what a table without columns has.
  public init(_ columns: [(name: String, column: Column)], rowCount: Int = 0) throws(TableError) {
    var seen: Set<String> = []
    let count = columns.first?.column.count ?? rowCount
    for (name, column) in columns {
      if !seen.insert(name).inserted { throw .doubledColumn(name) }
      if column.count != count {
        throw .length(column: name, found: column.count, expected: count)
      }
    }
    guard count < Int(Int32.max) else { throw .tooManyRows(count) }
    self.init(unchecked: columns.map(\.name), columns.map(\.column), count)
  }

  /// The caller knows that names differ and lengths agree.
  init(unchecked names: [String], _ columns: [Column], _ rowCount: Int) {
    self.names = names
    self.columns = columns
    self.rowCount = rowCount
  }

  /// The position of a column.
  public func index(_ name: String) throws(TableError) -> Int {
    guard let index = names.firstIndex(of: name) else {
      throw .unknownColumn(name, known: names)
    }
    return index
  }

  /// A column by name.
  public func column(_ name: String) throws(TableError) -> Column { columns[try index(name)] }

  /// A column by name; nil where there is none.
  public subscript(name: String) -> Column? { names.firstIndex(of: name).map { columns[$0] } }

  // MARK: Columns

  /// Some columns, in the order asked for.
  public func select(_ chosen: [String]) throws(TableError) -> Table {
    var made: [(String, Column)] = []
    for name in chosen { made.append((name, try column(name))) }
    return try Table(made, rowCount: rowCount)
  }

  /// All columns but some.
  public func drop(_ dropped: [String]) throws(TableError) -> Table {
    for name in dropped { _ = try index(name) }
    let kept = names.indices.filter { !dropped.contains(names[$0]) }
    return Table(unchecked: kept.map { names[$0] }, kept.map { columns[$0] }, rowCount)
  }

  /// Other names for some columns.
  public func rename(_ changes: [(old: String, new: String)]) throws(TableError) -> Table {
    var renamed = names
    for change in changes { renamed[try index(change.old)] = change.new }
    return try Table(Array(zip(renamed, columns)).map { ($0.0, $0.1) }, rowCount: rowCount)
  }

  /// A column replaced in its place, or a new one at the end.
  public func with(_ name: String, _ column: Column) throws(TableError) -> Table {
    if column.count != rowCount, !names.isEmpty {
      throw .length(column: name, found: column.count, expected: rowCount)
    }
    var (names, columns) = (names, columns)
    if let index = names.firstIndex(of: name) {
      columns[index] = column
    } else {
      names.append(name)
      columns.append(column)
    }
    return Table(unchecked: names, columns, column.count)
  }

  // MARK: Rows

  /// Some rows in an order; -1 stands for a row of missing cells.
  public func gather(_ rows: [Int32]) -> Table {
    Table(unchecked: names, columns.map { $0.gather(rows) }, rows.count)
  }

  /// The rows for which a mask is true.
  public func filter(_ mask: [Bool]) -> Table {
    let rows = Self.positions(mask)
    return rows.count == rowCount ? self : gather(rows)
  }

  /// The positions of the trues.
  static func positions(_ mask: [Bool]) -> [Int32] {
    mask.withUnsafeBytes { mask in
      // A Bool is a byte, 0 or 1, and adding it leaves no branch to mispredict.
      var hits = 0
      for byte in mask { hits &+= Int(byte) }
      return [Int32](unsafeUninitializedCapacity: hits + 1) { target, count in
        var next = 0
        for position in 0..<mask.count {
          // Written always, kept where the mask holds.
          target[next] = Int32(truncatingIfNeeded: position)
          next &+= Int(mask[position])
        }
        count = hits
      }
    }
  }

  /// A stretch of rows; what lies outside of the table is cut off.
  public func slice(_ rows: Range<Int>) -> Table {
    let range = rows.clamped(to: 0..<rowCount)
    return Table(unchecked: names, columns.map { $0.slice(range) }, range.count)
  }

  /// The rows of several tables. Columns are matched by name, in the order of first appearance; a
  /// table without one of them has missing cells there.
  public static func concatenate(_ tables: [Table]) throws(TableError) -> Table {
    var names: [String] = []
    for table in tables {
      for name in table.names where !names.contains(name) { names.append(name) }
    }
    let count = tables.reduce(0) { $0 + $1.rowCount }
    guard count < Int(Int32.max) else { throw .tooManyRows(count) }
    let columns = names.map { name in
      Column.concatenate(
        tables.map { $0[name] ?? .repeating(.missing, count: $0.rowCount) })
    }
    return Table(unchecked: names, columns, count)
  }

  /// The rows that have no missing cell in some columns.
  public func dropMissing(_ chosen: [String]) throws(TableError) -> Table {
    var mask: [Bool]?
    for name in chosen {
      guard let missing = try column(name).missing else { continue }
      mask = mask.map { mask in zip(mask, missing).map { $0 && !$1 } } ?? missing.map { !$0 }
    }
    return mask.map(filter) ?? self
  }

  /// Whether names, types of cells and cells are the same.
  public func isEqual(to other: Table) -> Bool {
    names == other.names && rowCount == other.rowCount
      && zip(columns, other.columns).allSatisfy { $0.isEqual(to: $1) }
  }
}
