/// From long tables to wide ones and back.
extension Table {
  /// One row a key, one column for each different cell of a column.
  ///
  /// Rows and new columns are in the order of their first appearance; a place without a value is
  /// missing. Two values for one place are an error unless `combine` reduces them.
  ///
  /// - Parameters:
  ///   - rows: the columns that tell the rows of the result apart.
  ///   - name: gives a cell of the `columns` column its text.
  public func pivoted(
    rows: [String], columns: String, values: String, combine: Aggregation? = nil,
    name: (Cell) -> String
  ) throws(TableError) -> Table {
    let rowGroups = try Grouping(self, by: rows)
    let columnGroups = try Grouping(self, by: [columns])
    let both = try Grouping(self, by: rows + [columns])
    let labels = try column(columns)
    let source = try column(values)
    if combine == nil, both.count < rowCount {
      let doubled = Self.firstDoubled(both)
      throw .doubledEntry(
        row: rows.map { "\($0) \(self[$0].map { name($0[doubled]) } ?? "")" }
          .joined(separator: ", "),
        column: name(labels[doubled]))
    }
    let cells =
      try combine?.apply(to: source, called: values, both) ?? source.gather(both.firstRows)
    var made: [(name: String, column: Column)] = []
    let keys = try keys(rowGroups, of: rows)
    for (name, column) in zip(keys.names, keys.columns) { made.append((name, column)) }
    var places = [[Int32]](
      repeating: [Int32](repeating: -1, count: rowGroups.count), count: columnGroups.count)
    for (position, row) in both.firstRows.enumerated() {
      let (column, group) = (columnGroups.groups[Int(row)], rowGroups.groups[Int(row)])
      places[Int(column)][Int(group)] = Int32(position)
    }
    for (group, row) in columnGroups.firstRows.enumerated() {
      made.append((name(labels[Int(row)]), cells.gather(places[group])))
    }
    return try Table(made, rowCount: rowGroups.count)
  }

  private static func firstDoubled(_ grouping: Grouping) -> Int {
    var seen = [Bool](repeating: false, count: grouping.count)
    for (row, group) in grouping.groups.enumerated() {
      if seen[Int(group)] { return row }
      seen[Int(group)] = true
    }
    return 0
  }

  /// One row for each cell of some columns: the kept columns, the cell's column's name, the cell.
  ///
  /// The rows of one source row stand together.
  public func melted(
    _ melted: [String], keep: [String], name: String, value: String
  ) throws(TableError) -> Table {
    let kept = try select(keep)
    var sources: [Column] = []
    for name in melted { sources.append(try column(name)) }
    let width = Int32(melted.count)
    let total = rowCount * melted.count
    guard total < Int(Int32.max) else { throw .tooManyRows(total) }
    let rows = (0..<Int32(total)).map { $0 / max(width, 1) }
    var made: [(name: String, column: Column)] = []
    for (name, column) in zip(kept.names, kept.columns) { made.append((name, column.gather(rows))) }
    let codes = (0..<Int32(total)).map { $0 % max(width, 1) }
    made.append((name, Column(.text(codes, TextPool(melted)))))
    // The columns stand one after the other; a cell's place there is its column's start and its row.
    let all = Column.concatenate(sources)
    let count = Int32(rowCount)
    made.append((value, all.gather(zip(rows, codes).map { $1 * count + $0 })))
    return try Table(made)
  }
}
