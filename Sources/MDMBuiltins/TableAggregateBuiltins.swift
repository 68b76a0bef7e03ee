import MDMDeclarations
import MDMRuntime
import MDMTables

/// Groups of rows and what they are reduced to.
enum TableAggregateBuiltins {
  private static let names = ParameterDeclaration(
    "columns", rest: true, "Names of columns; all that have numbers without any.")
  private static let both = [TableValue.typeName, GroupsValue.typeName]

  static let all: [NativeFunction] =
    [
      TableBuiltins.verb(
        "group",
        [TableBuiltins.table, ParameterDeclaration("by", rest: true, "Names of columns.")],
        returns: TableBuiltins.groupsType,
        "Groups of rows with equal cells in some columns, in the order of their first rows.",
        [
          Example(
            TableBuiltins.sample + "t |> group(\"domain\") |> mean(\"score\")",
            prints: "domain  score\ncoco      0.8\nsat       0.4\n2 rows, 2 columns"),
          Example(
            TableBuiltins.sample
              + "for key, rows in group(t, \"domain\") { print(key.domain, len(rows)) }"),
        ]
      ) { call in
        let (table, names) = (try call.table(0), try call.columnNames(1))
        return .domain(
          try call.tabling(argument: 1) { () throws(TableError) in
            try GroupsValue(table, by: names)
          })
      },
      TableBuiltins.verb(
        "summarize",
        [
          TableBuiltins.tableOrGroups,
          ParameterDeclaration("columns", .record, "For each name a function of a group's rows."),
        ], "One row a group: its key and what functions of its rows give.",
        [
          Example(
            TableBuiltins.sample
              + "t |> group(\"domain\") |> summarize({mean: fn(g) mean(g.score), n: len})",
            prints:
              "domain  mean  n\ncoco     0.8  2\nsat      0.4  1\n2 rows, 3 columns")
        ], types: both, summarize),
      TableBuiltins.overload(
        "count",
        [
          TableBuiltins.tableOrGroups,
          ParameterDeclaration("columns", rest: true, "Names of columns to count by."),
        ], "How many rows each group has, as column `n`.",
        [Example(TableBuiltins.sample + "count(t, \"domain\").n", prints: "[2, 1]")], types: both,
        count),
      aggregate(
        "mean", .mean, "The mean of columns, true as 1",
        Example(TableBuiltins.sample + "mean(t, \"score\")", prints: "0.6666666666666666")),
      aggregate(
        "sum", .sum, "The sum of columns, true as 1",
        Example("sum(table({n: [1, 2, none]}), \"n\")", prints: "3")),
      aggregate(
        "min", .min, "The least cell of columns",
        Example(TableBuiltins.sample + "min(t, \"score\")", prints: "0.4")),
      aggregate(
        "max", .max, "The greatest cell of columns",
        Example(TableBuiltins.sample + "max(t, \"score\")", prints: "0.9")),
      aggregate(
        "median", .quantile(0.5), "The median of columns",
        Example(TableBuiltins.sample + "median(t, \"score\")", prints: "0.7")),
      TableBuiltins.overload(
        "std",
        [
          TableBuiltins.tableOrGroups, names,
          ParameterDeclaration("ddof", .int, default: "1", "Subtracted from the count."),
        ], returns: .any, sentence("The standard deviation of columns"),
        [Example("std(table({x: [1, 2, 3]}), \"x\")", prints: "1.0")], types: both
      ) { call in try reduce(call, .std(freedom: try call.int(2))) },
      TableBuiltins.overload(
        "quantile",
        [
          TableBuiltins.tableOrGroups,
          ParameterDeclaration("share", .float, "From 0 for the least to 1 for the greatest."),
          names,
        ], returns: .any, sentence("A quantile of columns, between the nearest cells by distance"),
        [Example(TableBuiltins.sample + "quantile(t, 0.5, \"score\")", prints: "0.7")], types: both
      ) { call in
        let share = try call.double(1)
        guard share >= 0, share <= 1 else {
          throw call.fail("E0420", "a share lies from 0 to 1, got \(share)", argument: 1)
        }
        return try reduce(call, .quantile(share), names: 2)
      },
    ]

  private static func sentence(_ start: String) -> String {
    start
      + ", without missing cells: a table of the groups; of a table one value where one column is "
      + "named, else a record."
  }

  private static func aggregate(
    _ name: String, _ aggregation: Aggregation, _ summary: String, _ example: Example
  ) -> NativeFunction {
    TableBuiltins.overload(
      name, [TableBuiltins.tableOrGroups, names], returns: .any, sentence(summary), [example],
      types: both
    ) { call in try reduce(call, aggregation) }
  }

  private static func reduce(
    _ call: NativeCall, _ aggregation: Aggregation, names index: Int = 1
  ) throws -> Datum {
    let given = try call.columnNames(index)
    if case .domain(let groups as GroupsValue) = try call.datum(0) {
      let chosen =
        given.isEmpty ? numeric(groups.table).filter { !groups.names.contains($0) } : given
      return TableBuiltins.value(
        try call.tabling(argument: index) { () throws(TableError) in
          var made = zip(groups.keys.names, groups.keys.columns).map { ($0, $1) }
          for name in chosen {
            let column = try groups.table.column(name)
            made.append((name, try aggregation.apply(to: column, called: name, groups.grouping)))
          }
          return try Table(made, rowCount: groups.grouping.count)
        })
    }
    let table = try call.table(0)
    let all = Grouping(oneGroupOf: table.rowCount)
    var made: [(String, Datum)] = []
    for name in given.isEmpty ? numeric(table) : given {
      let column = try call.tabling(argument: index) { () throws(TableError) in
        try aggregation.apply(to: try table.column(name), called: name, all)
      }
      let cell: Cell = column.count > 0 ? column[0] : aggregation == .sum ? .int(0) : .missing
      guard cell != .missing else {
        throw call.fail(
          "E0420", "column `\(name)` has too few cells for a \(aggregation.name)", argument: index)
      }
      made.append((name, cell.datum))
    }
    return given.count == 1 ? made[0].1 : .record(made)
  }

  private static func numeric(_ table: Table) -> [String] {
    table.names.filter { name in
      switch table[name]?.type {
      case .int?, .float?, .bool?: true
      default: false
      }
    }
  }

  @Sendable private static func summarize(_ call: NativeCall) throws -> Datum {
    let groups: GroupsValue
    if case .domain(let own as GroupsValue) = try call.datum(0) {
      groups = own
    } else {
      let table = try call.table(0)
      groups = try call.tabling { () throws(TableError) in try GroupsValue(table, by: []) }
    }
    var columns = zip(groups.keys.names, groups.keys.columns).map { ($0, $1) }
    for (name, datum) in try call.record(1).entries {
      guard case .function(let function) = datum else {
        throw call.fail(
          "E0406", "`\(name)` should be a function of a group's rows, but is \(datum.brief)",
          hint: "write {\(name): fn(g) mean(g.score)}", argument: 1)
      }
      columns.append((name, try call.column(function, over: groups)))
    }
    return TableBuiltins.value(
      try call.tabling(argument: 1) { () throws(TableError) in
        try Table(columns, rowCount: groups.grouping.count)
      })
  }

  @Sendable private static func count(_ call: NativeCall) throws -> Datum {
    let names = try call.columnNames(1)
    let (table, keys): (Table, [String])
    if case .domain(let groups as GroupsValue) = try call.datum(0) {
      (table, keys) = (groups.table, groups.names + names)
    } else {
      (table, keys) = (try call.table(0), names)
    }
    return TableBuiltins.value(
      try call.tabling(argument: 1) { () throws(TableError) in
        let groups = try GroupsValue(table, by: keys)
        if keys.isEmpty {
          return try Table([("n", .repeating(.int(Int64(table.rowCount)), count: 1))])
        }
        let sizes = Column(.int(groups.grouping.sizes.map(Int64.init)))
        return try Table(
          zip(groups.keys.names, groups.keys.columns).map { ($0, $1) } + [("n", sizes)])
      })
  }
}
