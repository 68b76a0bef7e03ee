import MDMRuntime
import MDMSyntax
import MDMTables

/// Functions of scripts over the rows of a table, or over its groups.
extension NativeCall {
  /// What a function of a row gives for each row: for whole columns where its body allows it, else by
  /// calling it with one record after the other.
  func column(_ function: FunctionHandle, over table: Table) throws -> Column {
    if let expression = rowExpression(of: function),
      let column = ColumnEvaluator(table).column(expression)
    {
      return column
    }
    var builder = ColumnBuilder()
    for row in 0..<table.rowCount {
      builder.append(Cell(try invoke(function, [.record(table.record(row))])))
    }
    return builder.column
  }

  /// The rows for which a function of a row gives true.
  func mask(_ function: FunctionHandle, over table: Table) throws -> [Bool] {
    if let expression = rowExpression(of: function),
      let column = ColumnEvaluator(table).column(expression),
      let truths = Vector.truths(.column(column), count: table.rowCount)
    {
      return truths
    }
    var mask: [Bool] = []
    mask.reserveCapacity(table.rowCount)
    for row in 0..<table.rowCount {
      let result = try invoke(function, [.record(table.record(row))])
      guard case .bool(let holds) = result else {
        throw fail(
          "E0410",
          "the function has to give true or false, and gave \(result.brief) for row \(row)",
          argument: 1)
      }
      mask.append(holds)
    }
    return mask
  }

  /// What a function of a group's rows gives for each group.
  func column(_ function: FunctionHandle, over groups: GroupsValue) throws -> Column {
    let count = groups.grouping.count
    if let expression = rowExpression(of: function),
      let column = ColumnEvaluator(
        groups: count, reduce: { groups.aggregate($0, $1) }
      ).column(expression)
    {
      return column
    }
    var builder = ColumnBuilder()
    for group in 0..<count {
      let rows = Datum.domain(TableValue(groups.group(group)))
      builder.append(Cell(try invoke(function, [rows])))
    }
    return builder.column
  }

  /// The column of what `with` and `fill` take: a function of a row, a list, or one value.
  func column(_ datum: Datum, called name: String, in table: Table) throws -> Column {
    switch datum {
    case .function(let function): return try column(function, over: table)
    case .list(let items):
      guard items.count == table.rowCount || table.names.isEmpty else {
        throw failure(
          .length(column: name, found: items.count, expected: table.rowCount), argument: 1)
      }
      return Column.of(items)
    default: return .repeating(Cell(datum), count: table.rowCount)
    }
  }

  /// The nearest of some names.
  static func nearestName(_ name: String, _ known: [String]) -> String? {
    SpellingSuggestion.nearest(to: name, among: known)
  }
}

extension GroupsValue {
  /// `len(g)`, `mean(g.score)` and their like for all groups at once; nil where the list functions of
  /// these names would fail, or give something else.
  func aggregate(_ name: String, _ arguments: [RowExpression]) -> Column? {
    guard arguments.count == 1 else { return nil }
    if name == "len", case .row = arguments[0] {
      return Column(.int(grouping.sizes.map(Int64.init)))
    }
    guard case .field(let field) = arguments[0], let column = table[field],
      column.missing == nil
    else { return nil }
    if name == "len" { return Column(.int(grouping.sizes.map(Int64.init))) }
    let isNumeric = column.type == .int || column.type == .float
    let aggregation: Aggregation
    switch name {
    case "mean": aggregation = .mean
    case "sum": aggregation = .sum
    case "std": aggregation = .std(freedom: 1)
    case "median": aggregation = .quantile(0.5)
    case "min": aggregation = .min
    case "max": aggregation = .max
    default: return nil
    }
    guard isNumeric,
      let made = try? aggregation.apply(to: column, called: field, grouping)
    else { return nil }
    return made.missing == nil ? made : nil
  }
}
