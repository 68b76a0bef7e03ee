import MDMDeclarations
import MDMRuntime
import MDMTables

/// Tables: how they are made and looked at, and their columns.
enum TableBuiltins: BuiltinFamily {
  static let name = "tables"

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    making + columns + TableRowBuiltins.all + TableAggregateBuiltins.all + TableShapeBuiltins.all
  }

  // MARK: Shared declarations

  static let type = ScriptType.domain(TableValue.typeName)
  static let groupsType = ScriptType.domain(GroupsValue.typeName)
  static let table = ParameterDeclaration("table", type, "The table.")
  static let tableOrGroups = ParameterDeclaration(
    "table", .either([type, groupsType]), "A table, or groups of one.")

  /// A table for examples.
  static let sample =
    "let t = table({domain: [\"coco\", \"sat\", \"coco\"], score: [0.9, 0.4, 0.7]})\n"

  /// A function and method of tables only.
  static func verb(
    _ name: String, _ parameters: [ParameterDeclaration], returns result: ScriptType = type,
    _ summary: String, _ examples: [Example],
    types: [String] = [TableValue.typeName],
    _ body: @escaping @Sendable (NativeCall) throws -> Datum
  ) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        name, parameters, returns: result, family: self.name, summary, examples: examples),
      form: .both(types.map(ScriptType.domain)), body)
  }

  /// What a name of the core library stands for where the first argument is a table.
  static func overload(
    _ name: String, _ parameters: [ParameterDeclaration], returns result: ScriptType = type,
    _ summary: String, _ examples: [Example],
    types: [String] = [TableValue.typeName],
    _ body: @escaping @Sendable (NativeCall) throws -> Datum
  ) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        name, parameters, returns: result, family: self.name, summary, examples: examples),
      form: .overload(types), body)
  }

  static func value(_ table: Table) -> Datum { .domain(TableValue(table)) }

  // MARK: Making

  private static let making: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "table",
        [
          ParameterDeclaration(
            "source", .either([.record, .list, type]),
            "A record of columns (lists of one length, ranges, or single values), or a list of records."
          )
        ], returns: type, family: name,
        "A table of columns, or of records; a field that a record does not have is none there.",
        examples: [
          Example(
            "table({domain: [\"coco\", \"sat\"], score: [0.9, 0.4]})",
            prints: "domain  score\ncoco      0.9\nsat       0.4\n2 rows, 2 columns"),
          Example("len(table([{a: 1}, {a: 2, b: 3}]))", prints: "2"),
        ])
    ) { call in value(try make(call, try call.datum(0))) },
    verb(
      "rows", [table], returns: .list, "The rows as a list of records.",
      [Example(sample + "rows(t)[1]", prints: "{domain: \"sat\", score: 0.4}")]
    ) { call in
      let table = try call.table(0)
      return .list((0..<table.rowCount).map { .record(table.record($0)) })
    },
    verb(
      "columns", [table], returns: .list, "The names of the columns.",
      [Example(sample + "columns(t)", prints: "[\"domain\", \"score\"]")]
    ) { call in .strings(try call.table(0).names) },
    overload(
      "keys", [table], returns: .list, "The names of the columns, as of a record of columns.",
      [Example(sample + "keys(t)", prints: "[\"domain\", \"score\"]")]
    ) { call in .strings(try call.table(0).names) },
    overload(
      "values", [table], returns: .list, "The columns as lists.",
      [Example(sample + "values(t)[1]", prints: "[0.9, 0.4, 0.7]")]
    ) { call in .list(try call.table(0).columns.map(\.list)) },
    overload(
      "items", [table], returns: .list, "Pairs of a column's name and its list.",
      [Example(sample + "items(t)[1]", prints: "[\"score\", [0.9, 0.4, 0.7]]")]
    ) { call in
      let table = try call.table(0)
      return .list(zip(table.names, table.columns).map { .list([.string($0), $1.list]) })
    },
    overload(
      "get",
      [
        table, ParameterDeclaration("key", .either([.string, .int]), "A column or a row."),
        ParameterDeclaration("default", default: "none", "What stands for a missing one."),
      ], returns: .any, "A column as a list, or a row as a record; a default where there is none.",
      [Example(sample + "get(t, \"loss\", [])", prints: "[]")]
    ) { call in
      let table = try call.table(0)
      switch try call.datum(1) {
      case .string(let name): return try table[name].map(\.list) ?? call.datum(2)
      case .int(let row):
        let position = row < 0 ? row + Int64(table.rowCount) : row
        guard position >= 0, position < table.rowCount else { return try call.datum(2) }
        return .record(table.record(Int(position)))
      default: return try call.datum(2)
      }
    },
    verb(
      "describe", [table],
      "One row a column: its type, how many cells there are, are missing and differ, and for numbers "
        + "mean, std, least, median and greatest.",
      [Example(sample + "describe(t).mean", prints: "[none, 0.6666666666666666]")]
    ) { call in value(try describe(call, try call.table(0))) },
  ]

  static func make(_ call: NativeCall, _ source: Datum) throws -> Table {
    switch source {
    case .record(let record):
      let columns = try record.entries.map { entry in
        (name: entry.key, value: entry.value, column: try column(call, entry.value))
      }
      let count = columns.compactMap { $0.column?.count }.first ?? 1
      return try call.tabling(argument: 0) { () throws(TableError) in
        try Table(
          columns.map { ($0.name, $0.column ?? .repeating(Cell($0.value), count: count)) })
      }
    case .list(let items):
      var records: [RecordDatum] = []
      for (position, item) in items.enumerated() {
        switch item {
        case .record(let record): records.append(record)
        case .domain(let value) where !value.fieldNames.isEmpty:
          records.append(
            RecordDatum(value.fieldNames.map { ($0, value.field($0) ?? .none) }))
        default:
          throw call.fail(
            "E0406", "element \(position) should be a Record, but is \(item.brief)",
            hint: "a record of lists makes a table of columns: table({name: [1, 2]})", argument: 0)
        }
      }
      return try call.tabling(argument: 0) { () throws(TableError) in
        try Table.of(records: records)
      }
    case .domain(let value as TableValue): return value.table
    default: return try call.tabling { () throws(TableError) in try Table([]) }
    }
  }

  /// The column of a list or of a range of Ints; nil for single values.
  private static func column(_ call: NativeCall, _ source: Datum) throws -> Column? {
    guard case .range(let range) = source else { return source.elements.map { Column.of($0) } }
    guard range.isInteger, let start = range.start, let end = range.end, range.step != 0 else {
      return nil
    }
    guard abs((end - start) / range.step) < Double(Int32.max) else {
      throw call.fail("E0706", "a table has less than 2 ** 31 rows", argument: 0)
    }
    let numbers =
      range.isClosed
      ? Array(stride(from: start, through: end, by: range.step))
      : Array(stride(from: start, to: end, by: range.step))
    return Column(.int(numbers.map { Int64($0) }))
  }

  private static func describe(_ call: NativeCall, _ table: Table) throws -> Table {
    let all = Grouping(oneGroupOf: table.rowCount)
    let cell = { (aggregation: Aggregation, column: Column) -> Datum in
      guard table.rowCount > 0, column.type != .text, column.type != .mixed,
        let made = try? aggregation.apply(to: column, called: "", all)
      else { return .none }
      return made[0].datum
    }
    let records = zip(table.names, table.columns).map { name, column -> RecordDatum in
      let count = column.count - column.missingCount
      let unique = (try? Aggregation.uniqueCount.apply(to: column, called: name, all))?[0].datum
      return RecordDatum([
        ("column", .string(name)), ("type", .string(column.type.rawValue)), ("count", .int(count)),
        ("missing", .int(column.missingCount)),
        ("unique", table.rowCount == 0 ? .int(0) : unique ?? .none),
        ("mean", cell(.mean, column)), ("std", cell(.std(freedom: 1), column)),
        ("min", column.type == .bool ? .none : cell(.min, column)),
        ("median", cell(.quantile(0.5), column)),
        ("max", column.type == .bool ? .none : cell(.max, column)),
      ])
    }
    return try call.tabling { () throws(TableError) in try Table.of(records: records) }
  }

  // MARK: Columns

  private static let columns: [NativeFunction] = [
    verb(
      "select",
      [table, ParameterDeclaration("columns", rest: true, "Names, or lists of names.")],
      "Some columns, in the order asked for.",
      [Example(sample + "columns(t |> select(\"score\"))", prints: "[\"score\"]")]
    ) { call in
      let names = try call.columnNames(1)
      let table = try call.table(0)
      return value(
        try call.tabling(argument: 1) { () throws(TableError) in try table.select(names) })
    },
    overload(
      "drop", [table, ParameterDeclaration("columns", rest: true, "Names, or lists of names.")],
      "All columns but some.",
      [Example(sample + "columns(t |> drop(\"score\"))", prints: "[\"domain\"]")]
    ) { call in
      let names = try call.columnNames(1)
      let table = try call.table(0)
      return value(
        try call.tabling(argument: 1) { () throws(TableError) in try table.drop(names) })
    },
    verb(
      "rename", [table, ParameterDeclaration("names", .record, "Old names with the new ones.")],
      "Other names for some columns.",
      [
        Example(
          sample + "columns(t |> rename({score: \"reward\"}))", prints: "[\"domain\", \"reward\"]")
      ]
    ) { call in
      let changes = try call.record(1).entries.map { entry -> (old: String, new: String) in
        guard let new = entry.value.text else {
          throw call.fail(
            "E0406",
            "the new name of `\(entry.key)` should be a String, but is "
              + entry.value.brief, hint: "rename({old: \"new\"})", argument: 1)
        }
        return (entry.key, new)
      }
      let table = try call.table(0)
      return value(
        try call.tabling(argument: 1) { () throws(TableError) in try table.rename(changes) })
    },
    verb(
      "with",
      [
        tableOrGroups,
        ParameterDeclaration(
          "columns", .record,
          "For each name a function of a row, a list, or one value; over groups a function of a "
            + "group's rows that gives a list or one value."),
      ],
      "New columns, or others in the place of old ones; later ones see earlier ones.",
      [
        Example(
          sample + "(t |> with({percent: fn(r) round(r.score * 100)})).percent",
          prints: "[90, 40, 70]"),
        Example(
          sample + "(t |> group(\"domain\") |> with({best: fn(g) max(g.score)})).best",
          prints: "[0.9, 0.4, 0.9]"),
      ], types: [TableValue.typeName, GroupsValue.typeName], with),
    verb(
      "fill",
      [
        table,
        ParameterDeclaration(
          "values", .record, "For each column what stands in the place of missing cells."),
      ], "Values in the place of missing cells.",
      [Example("(table({a: [1, none, 3]}) |> fill({a: 0})).a", prints: "[1, 0, 3]")], fill),
    verb(
      "fill_down",
      [table, ParameterDeclaration("columns", rest: true, "Names; all columns without any.")],
      "The last value above in the place of missing cells.",
      [Example("(table({a: [1, none, 3]}) |> fill_down(\"a\")).a", prints: "[1, 1, 3]")]
    ) { call in
      var table = try call.table(0)
      let names = try call.columnNames(1)
      for name in names.isEmpty ? table.names : names {
        table = try call.tabling(argument: 1) { () throws(TableError) in
          try table.with(name, try table.column(name).filledDown)
        }
      }
      return value(table)
    },
  ]

  @Sendable private static func with(_ call: NativeCall) throws -> Datum {
    let columns = try call.record(1)
    if case .domain(let groups as GroupsValue) = try call.datum(0) {
      return value(try with(call, groups, columns))
    }
    var table = try call.table(0)
    for (name, datum) in columns.entries {
      let column = try call.column(datum, called: name, in: table)
      table = try call.tabling(argument: 1) { () throws(TableError) in
        try table.with(name, column)
      }
    }
    return value(table)
  }

  private static func with(
    _ call: NativeCall, _ groups: GroupsValue, _ columns: RecordDatum
  ) throws -> Table {
    var table = groups.table
    for (name, datum) in columns.entries {
      guard case .function(let function) = datum else {
        table = try call.tabling(argument: 1) { () throws(TableError) in
          try table.with(name, .repeating(Cell(datum), count: table.rowCount))
        }
        continue
      }
      var data = [Datum](repeating: .none, count: table.rowCount)
      for group in 0..<groups.grouping.count {
        let rows = groups.rows(group)
        let result = try call.invoke(
          function, [.domain(TableValue(table.gather(Array(rows))))])
        if let items = result.elements {
          guard items.count == rows.count else {
            throw call.failure(
              .length(column: name, found: items.count, expected: rows.count), argument: 1)
          }
          for (row, item) in zip(rows, items) { data[Int(row)] = item }
        } else {
          for row in rows { data[Int(row)] = result }
        }
      }
      table = try call.tabling(argument: 1) { () throws(TableError) in
        try table.with(name, Column.of(data))
      }
    }
    return table
  }

  @Sendable private static func fill(_ call: NativeCall) throws -> Datum {
    var table = try call.table(0)
    for (name, datum) in try call.record(1).entries {
      let column = try call.tabling(argument: 1) { () throws(TableError) in
        try table.column(name)
      }
      let value = Column.repeating(Cell(datum), count: table.rowCount)
      let filled = column.filled(with: value)
      guard filled.type != .mixed || column.type == .mixed else {
        throw call.fail(
          "E0406", "column `\(name)` of type \(column.type.rawValue) is filled with \(datum.brief)",
          argument: 1)
      }
      table = try call.tabling(argument: 1) { () throws(TableError) in
        try table.with(name, filled)
      }
    }
    return value(table)
  }
}
