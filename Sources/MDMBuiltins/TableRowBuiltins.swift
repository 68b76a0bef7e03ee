import MDMDeclarations
import MDMNumerics
import MDMRuntime
import MDMTables

/// Verbs of tables that choose or order rows.
enum TableRowBuiltins {
  private static let keep = ParameterDeclaration(
    "keep", .either([.function, .list]), "A function of a row, or a list of true and false.")
  private static let by = ParameterDeclaration(
    "by", rest: true, "Names of columns, the first deciding before the others; all without any.")
  private static let count = ParameterDeclaration("count", .int, default: "5", "How many rows.")
  private static let both = [TableValue.typeName, GroupsValue.typeName]

  static let all: [NativeFunction] = [
    TableBuiltins.verb(
      "where", [TableBuiltins.table, keep], "The rows for which a function of a row gives true.",
      [
        Example(
          TableBuiltins.sample + "(t |> where(fn(r) r.score > 0.5 and r.domain == \"coco\")).score",
          prints: "[0.9, 0.7]")
      ], choose),
    TableBuiltins.overload(
      "filter", [TableBuiltins.table, keep], "The same as where.",
      [Example(TableBuiltins.sample + "len(filter(t, fn(r) r.score > 0.5))", prints: "2")], choose),
    TableBuiltins.overload(
      "sort",
      [
        TableBuiltins.table, by,
        ParameterDeclaration(
          "descending", .either([.bool, .list]), default: "false",
          "Greatest first; a list says it for each column."),
      ],
      "The rows in the order of some columns; equal rows keep theirs, missing cells come last.",
      [
        Example(
          TableBuiltins.sample + "(t |> sort(\"score\", descending: true)).score",
          prints: "[0.9, 0.7, 0.4]")
      ], sort),
    TableBuiltins.overload(
      "sort_by",
      [
        TableBuiltins.table,
        ParameterDeclaration("key", .function, "Gives what a row is ordered by."),
        ParameterDeclaration("descending", .bool, default: "false", "Greatest first."),
      ], "The rows in the order of what a function of a row gives.",
      [
        Example(
          TableBuiltins.sample + "(t |> sort_by(fn(r) abs(r.score - 0.7))).score",
          prints: "[0.7, 0.9, 0.4]")
      ]
    ) { call in
      let table = try call.table(0)
      let key = try call.column(try call.function(1), over: table)
      let isDescending = try call.bool(2)
      return TableBuiltins.value(
        try call.tabling(argument: 1) { () throws(TableError) in
          let keyed = try Table([("key", key)])
          let position = Column(.int((0..<Int64(table.rowCount)).map { $0 }))
          let order = try keyed.with("row", position).sorted(by: [("key", isDescending)])
          guard case .int(let rows)? = order["row"]?.storage else { return table }
          return table.gather(rows.map { Int32($0) })
        })
    },
    TableBuiltins.overload(
      "reverse", [TableBuiltins.table], "The rows from the last to the first.",
      [Example(TableBuiltins.sample + "reverse(t).score", prints: "[0.7, 0.4, 0.9]")]
    ) { call in
      let table = try call.table(0)
      return TableBuiltins.value(table.gather((0..<Int32(table.rowCount)).reversed()))
    },
    TableBuiltins.verb(
      "head", [TableBuiltins.tableOrGroups, count],
      "The first rows, of each group where there are any.",
      [
        Example(TableBuiltins.sample + "head(t, 1).score", prints: "[0.9]"),
        Example(
          TableBuiltins.sample + "(t |> group(\"domain\") |> head(1)).score", prints: "[0.9, 0.4]"),
      ], types: both
    ) { call in try ends(call, isHead: true) },
    TableBuiltins.verb(
      "tail", [TableBuiltins.tableOrGroups, count],
      "The last rows, of each group where there are any.",
      [Example(TableBuiltins.sample + "tail(t, 1).score", prints: "[0.7]")], types: both
    ) { call in try ends(call, isHead: false) },
    TableBuiltins.overload(
      "unique",
      [
        TableBuiltins.table,
        ParameterDeclaration("columns", rest: true, "What has to differ; all columns without any."),
      ], "The first of the rows that are equal.",
      [Example(TableBuiltins.sample + "unique(t, \"domain\").score", prints: "[0.9, 0.4]")]
    ) { call in
      let (table, names) = (try call.table(0), try call.columnNames(1))
      return TableBuiltins.value(
        try call.tabling(argument: 1) { () throws(TableError) in
          try table.unique(by: names.isEmpty ? table.names : names)
        })
    },
    TableBuiltins.verb(
      "sample",
      [
        TableBuiltins.table, ParameterDeclaration("count", .int, "How many rows."),
        ParameterDeclaration("seed", .int, default: "0", "Names the random stream."),
        ParameterDeclaration(
          "replace", .bool, default: "false", "Whether a row may be drawn several times."),
      ], "Rows drawn at random, the same ones for the same seed.",
      [Example(TableBuiltins.sample + "len(sample(t, 2, seed: 7))", prints: "2")], sample),
    TableBuiltins.verb(
      "drop_missing",
      [
        TableBuiltins.table,
        ParameterDeclaration("columns", rest: true, "Where to look; all columns without any."),
      ], "The rows without a missing cell.",
      [Example("len(table({a: [1, none, 3]}) |> drop_missing(\"a\"))", prints: "2")]
    ) { call in
      let (table, names) = (try call.table(0), try call.columnNames(1))
      return TableBuiltins.value(
        try call.tabling(argument: 1) { () throws(TableError) in
          try table.dropMissing(names.isEmpty ? table.names : names)
        })
    },
  ]

  @Sendable private static func choose(_ call: NativeCall) throws -> Datum {
    let table = try call.table(0)
    guard case .list(let items) = try call.datum(1) else {
      return TableBuiltins.value(table.filter(try call.mask(try call.function(1), over: table)))
    }
    guard items.count == table.rowCount else {
      throw call.fail(
        "E0706",
        "`keep` has \(TableText.counted(items.count, "element")) where the table has "
          + TableText.counted(table.rowCount, "row"), argument: 1)
    }
    let mask = try items.enumerated().map { position, item -> Bool in
      guard case .bool(let value) = item else {
        throw call.fail(
          "E0406", "element \(position) should be true or false, but is \(item.brief)", argument: 1)
      }
      return value
    }
    return TableBuiltins.value(table.filter(mask))
  }

  @Sendable private static func sort(_ call: NativeCall) throws -> Datum {
    let table = try call.table(0)
    let given = try call.columnNames(1)
    let names = given.isEmpty ? table.names : given
    let directions: [Bool]
    switch try call.datum(2) {
    case .list(let items):
      directions = try items.map { item in
        guard case .bool(let value) = item else {
          throw call.fail(
            "E0406", "`descending` takes true and false, got \(item.brief)", argument: 2)
        }
        return value
      }
      guard directions.count == names.count else {
        throw call.fail(
          "E0420", "`descending` has \(directions.count) answers for \(names.count) columns",
          argument: 2)
      }
    case .bool(let value): directions = names.map { _ in value }
    default: directions = names.map { _ in false }
    }
    return TableBuiltins.value(
      try call.tabling(argument: 1) { () throws(TableError) in
        try table.sorted(by: zip(names, directions).map { ($0, $1) })
      })
  }

  private static func ends(_ call: NativeCall, isHead: Bool) throws -> Datum {
    let count = try call.int(1)
    guard count >= 0 else {
      throw call.fail("E0420", "a number of rows is at least 0, got \(count)", argument: 1)
    }
    if case .domain(let groups as GroupsValue) = try call.datum(0) {
      let rows = (0..<groups.grouping.count).flatMap { group -> [Int32] in
        let own = groups.rows(group)
        return Array(isHead ? own.prefix(count) : own.suffix(count))
      }
      return TableBuiltins.value(groups.table.gather(rows))
    }
    let table = try call.table(0)
    let shown = min(count, table.rowCount)
    return TableBuiltins.value(
      table.slice(isHead ? 0..<shown : table.rowCount - shown..<table.rowCount))
  }

  @Sendable private static func sample(_ call: NativeCall) throws -> Datum {
    let table = try call.table(0)
    let (count, mayRepeat) = (try call.int(1), try call.bool(3))
    guard count >= 0, count == 0 || table.rowCount > 0, mayRepeat || count <= table.rowCount else {
      throw call.fail(
        "E0420", "\(count) rows cannot be drawn from \(table.rowCount)",
        hint: mayRepeat || count < 0 ? nil : "replace: true draws rows several times", argument: 1)
    }
    var stream = RandomStream(
      seed: UInt64(bitPattern: Int64(try call.int(2))), purpose: "table sample")
    if mayRepeat {
      return TableBuiltins.value(
        table.gather((0..<count).map { _ in Int32(stream.integer(below: table.rowCount)) }))
    }
    // The first places of a Fisher-Yates shuffle.
    var rows = (0..<Int32(table.rowCount)).map { $0 }
    for place in 0..<count {
      rows.swapAt(place, place + stream.integer(below: rows.count - place))
    }
    return TableBuiltins.value(table.gather(Array(rows[..<count])))
  }
}
