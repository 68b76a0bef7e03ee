import MDMRuntime
import MDMTables

/// A script value that tables carry without looking into it: a list, a record, a duration.
struct DatumCell: OpaqueCell {
  let datum: Datum

  func isEqual(to other: any OpaqueCell) -> Bool {
    (other as? DatumCell).map { Self.equal($0.datum, datum) } ?? false
  }

  private static func equal(_ left: Datum, _ right: Datum) -> Bool {
    switch (left, right) {
    case (.duration(let a), .duration(let b)): a == b
    case (.size(let a), .size(let b)): a == b
    case (.range(let a), .range(let b)): a == b
    case (.list(let a), .list(let b)):
      a.count == b.count && zip(a, b).allSatisfy { Cell($0) == Cell($1) }
    case (.record(let a), .record(let b)):
      a.entries.count == b.entries.count
        && a.entries.allSatisfy { entry in
          b[entry.key].map { Cell($0) == Cell(entry.value) } ?? false
        }
    case (.domain(let a), .domain(let b)): a === b || a.isEqual(to: b)
    case (.function(let a), .function(let b)): a === b
    default: false
    }
  }
}

extension Cell {
  init(_ datum: Datum) {
    switch datum {
    case .none: self = .missing
    case .bool(let value): self = .bool(value)
    case .int(let value): self = .int(value)
    case .float(let value): self = .float(value)
    case .string(let text): self = .text(text)
    default: self = .other(DatumCell(datum: datum))
    }
  }

  var datum: Datum {
    switch self {
    case .missing: .none
    case .bool(let value): .bool(value)
    case .int(let value): .int(value)
    case .float(let value): .float(value)
    case .text(let text): .string(text)
    case .other(let cell): (cell as? DatumCell)?.datum ?? .none
    }
  }
}

extension Column {
  /// The cells as a list; a missing one is none.
  var list: Datum { .list((0..<count).map { self[$0].datum }) }

  static func of(_ data: some Sequence<Datum>) -> Column {
    ColumnBuilder.column(data.lazy.map { Cell($0) })
  }
}

extension Table {
  /// A row as a record.
  func record(_ row: Int) -> RecordDatum {
    var record = RecordDatum()
    record.entries.reserveCapacity(names.count)
    for (name, column) in zip(names, columns) { record.entries.append((name, column[row].datum)) }
    return record
  }

  /// The table of records: all names in the order of first appearance, none where a record has none.
  static func of(records: [RecordDatum]) throws(TableError) -> Table {
    var names: [String] = []
    var places: [String: Int] = [:]
    var builders: [ColumnBuilder] = []
    for (row, record) in records.enumerated() {
      for (position, entry) in record.entries.enumerated() {
        let place: Int
        if position < names.count, names[position] == entry.key {
          place = position
        } else if let known = places[entry.key] {
          place = known
        } else {
          place = names.count
          names.append(entry.key)
          builders.append(ColumnBuilder())
        }
        places[entry.key] = place
        while builders[place].count < row { builders[place].append(.missing) }
        if builders[place].count == row { builders[place].append(Cell(entry.value)) }
      }
    }
    var columns: [(name: String, column: Column)] = []
    for (index, name) in names.enumerated() {
      while builders[index].count < records.count { builders[index].append(.missing) }
      columns.append((name, builders[index].column))
    }
    return try Table(columns, rowCount: records.count)
  }
}

extension NativeCall {
  /// The table of an argument.
  func table(_ index: Int) throws -> Table { try domain(index, as: TableValue.self).table }

  /// Names in a rest argument: texts, or lists of texts.
  func columnNames(_ index: Int) throws -> [String] {
    try list(index).flatMap { item -> [String] in
      switch item {
      case .string(let text): return [text]
      case .list(let items):
        return try items.map { inner in
          guard let text = inner.text else { throw noName(inner, index) }
          return text
        }
      default: throw noName(item, index)
      }
    }
  }

  /// One name, or a list of names.
  func nameOrNames(_ index: Int) throws -> [String] {
    if case .string(let text) = try datum(index) { return [text] }
    return try list(index).map { item in
      guard let text = item.text else { throw noName(item, index) }
      return text
    }
  }

  private func noName(_ item: Datum, _ index: Int) -> ScriptError {
    fail("E0406", "a column is named by a String, got \(item.brief)", argument: index)
  }

  /// Runs a body and turns what tables refuse into an error of the script.
  func tabling<Result>(
    argument: Int? = nil, _ body: () throws(TableError) -> Result
  ) throws -> Result {
    do { return try body() } catch { throw failure(error, argument: argument) }
  }

  /// Checks that a table has some columns, where several arguments name them.
  func expectColumns(
    _ names: [String], of table: Table, called which: String = "", argument: Int
  ) throws {
    for name in names where table[name] == nil {
      throw fail(
        "E0405", "the \(which.isEmpty ? "" : which + " ")table has no column `\(name)`",
        hint: Self.hint(name, table.names), argument: argument)
    }
  }

  /// What a table refuses, as an error of the script.
  func failure(_ error: TableError, argument: Int? = nil) -> ScriptError {
    switch error {
    case .unknownColumn(let name, let known):
      return fail(
        "E0405", "the table has no column `\(name)`", hint: Self.hint(name, known),
        argument: argument)
    case .doubledColumn(let name):
      return fail(
        "E0706", "there would be two columns `\(name)`",
        hint: "rename or drop one of them", argument: argument)
    case .length(let column, let found, let expected):
      return fail(
        "E0706",
        "column `\(column)` has \(TableText.counted(found, "cell")) where the table has "
          + TableText.counted(expected, "row"),
        argument: argument)
    case .type(let column, let type, let operation):
      return fail(
        "E0706", "column `\(column)` of type \(type.rawValue) cannot \(operation)",
        hint: type == .mixed
          ? "its cells are of several types, or no scalars; with({\(column): fn(r) …}) makes others"
          : nil,
        argument: argument)
    case .keyTypes(let left, let leftType, let right, let rightType):
      return fail(
        "E0706",
        "`\(left)` of type \(leftType.rawValue) and `\(right)` of type \(rightType.rawValue) "
          + "cannot be equal", hint: "convert one of them: with({\(left): fn(r) str(r.\(left))})",
        argument: argument)
    case .overflow(let column):
      return fail(
        "E0402", "the sum of column `\(column)` does not fit into an Int",
        hint: "with({\(column): fn(r) float(r.\(column))}) takes larger magnitudes",
        argument: argument)
    case .doubledEntry(let row, let column):
      return fail(
        "E0706", "two values for \(row.isEmpty ? "one row" : row) and column `\(column)`",
        hint: "combine: \"mean\" reduces them", argument: argument)
    case .tooManyRows(let count):
      return fail("E0706", "a table has less than 2 ** 31 rows, not \(count)", argument: argument)
    }
  }

  private static func hint(_ name: String, _ known: [String]) -> String? {
    if let near = nearestName(name, known) { return "did you mean `\(near)`?" }
    guard !known.isEmpty else { return "it has no columns" }
    return "its columns are " + known.prefix(12).joined(separator: ", ")
      + (known.count > 12 ? ", …" : "")
  }
}
