import MDMDeclarations
import MDMRuntime
import MDMTables

/// Several tables in one, and other shapes of one table.
enum TableShapeBuiltins {
  static let all: [NativeFunction] = [
    TableBuiltins.overload(
      "join",
      [
        TableBuiltins.table,
        ParameterDeclaration("other", TableBuiltins.type, "The table at the right."),
        ParameterDeclaration(
          "on", .either([.string, .list, .record]),
          "The columns that have to be equal; a record of left and right names where they differ."),
        ParameterDeclaration(
          "how", .string, default: "\"inner\"",
          "Which rows stay: inner, left, right, outer, semi (left rows with a partner) or anti (those "
            + "without)."),
        ParameterDeclaration(
          "suffix", .string, default: "none",
          "What the right table's columns get behind a name that both have."),
      ],
      "Rows of two tables side by side where keys are equal, in the order of the left one; a missing "
        + "key has no partner.",
      [
        Example(
          TableBuiltins.sample
            + "let u = table({domain: [\"coco\", \"lisa\"], items: [10, 20]})\n"
            + "(t |> join(u, on: \"domain\", how: \"left\")).items", prints: "[10, none, 10]")
      ], join),
    TableBuiltins.verb(
      "concat", [ParameterDeclaration("tables", rest: true, "Tables, or a list of tables.")],
      "The rows of several tables; a column that a table does not have is none there.",
      [
        Example(
          "concat(table({a: [1]}), table({a: [2], b: [3]})).b", prints: "[none, 3]")
      ]
    ) { call in
      var tables: [Table] = []
      for item in try call.list(0) {
        for inner in item.elements ?? [item] {
          guard case .domain(let value as TableValue) = inner else {
            throw call.fail("E0406", "concat takes tables, got \(inner.brief)", argument: 0)
          }
          tables.append(value.table)
        }
      }
      return TableBuiltins.value(
        try call.tabling { () throws(TableError) in try Table.concatenate(tables) })
    },
    TableBuiltins.verb(
      "pivot",
      [
        TableBuiltins.table,
        ParameterDeclaration(
          "rows", .either([.string, .list]), "The columns that tell the new rows apart."),
        ParameterDeclaration("columns", .string, "The column whose cells become names."),
        ParameterDeclaration("values", .string, "The column whose cells are spread out."),
        ParameterDeclaration(
          "combine", .string, default: "none",
          "What to do with several values for one place: mean, median, sum, min, max, count, first or "
            + "last."),
      ], "From long to wide: one row a key, one column for each different cell of a column.",
      [
        Example(
          "let t = table({seed: [1, 1, 2], domain: [\"a\", \"b\", \"a\"], score: [0.1, 0.2, 0.3]})\n"
            + "t |> pivot(rows: \"seed\", columns: \"domain\", values: \"score\")",
          prints: "seed    a     b\n   1  0.1   0.2\n   2  0.3  none\n2 rows, 3 columns")
      ], pivot),
    TableBuiltins.verb(
      "melt",
      [
        TableBuiltins.table,
        ParameterDeclaration(
          "keep", .either([.string, .list]), default: "none", "Columns that stay as they are."),
        ParameterDeclaration(
          "columns", .list, default: "none", "Columns to melt; all others without it."),
        ParameterDeclaration("name", .string, default: "\"name\"", "The column of their names."),
        ParameterDeclaration("value", .string, default: "\"value\"", "The column of their cells."),
      ], "From wide to long: one row for each cell of some columns.",
      [
        Example(
          "melt(table({seed: [1, 2], a: [0.1, 0.3], b: [0.2, 0.4]}), keep: \"seed\").value",
          prints: "[0.1, 0.2, 0.3, 0.4]")
      ]
    ) { call in
      let table = try call.table(0)
      let keep = call.isMissing(1) ? nil : try call.nameOrNames(1)
      let melted =
        try call.isMissing(2)
        ? table.names.filter { !(keep ?? []).contains($0) } : call.strings(2)
      let kept = keep ?? table.names.filter { !melted.contains($0) }
      let (name, value) = (try call.string(3), try call.string(4))
      return TableBuiltins.value(
        try call.tabling { () throws(TableError) in
          try table.melted(melted, keep: kept, name: name, value: value)
        })
    },
    TableBuiltins.verb(
      "explode",
      [TableBuiltins.table, ParameterDeclaration("column", .string, "A column of lists.")],
      "One row for each element of a column of lists; an empty list gives one row with none.",
      [
        Example(
          "explode(table([{id: 1, tags: [\"a\", \"b\"]}, {id: 2, tags: [\"c\"]}]), \"tags\").id",
          prints: "[1, 1, 2]")
      ]
    ) { call in
      let (table, name) = (try call.table(0), try call.string(1))
      let column = try call.tabling(argument: 1) { () throws(TableError) in
        try table.column(name)
      }
      var rows: [Int32] = []
      var cells = ColumnBuilder()
      for row in 0..<table.rowCount {
        let items = column[row].datum.elements ?? [column[row].datum]
        for item in items.isEmpty ? [Datum.none] : items {
          rows.append(Int32(row))
          cells.append(Cell(item))
        }
      }
      return TableBuiltins.value(
        try call.tabling { () throws(TableError) in
          try table.gather(rows).with(name, cells.column)
        })
    },
  ]

  @Sendable private static func join(_ call: NativeCall) throws -> Datum {
    let (table, other) = (try call.table(0), try call.table(1))
    var keys: [(left: String, right: String)] = []
    if case .record(let record) = try call.datum(2) {
      for entry in record.entries {
        guard let right = entry.value.text else {
          throw call.fail(
            "E0406", "`\(entry.key)` should name a column of the right table", argument: 2)
        }
        keys.append((entry.key, right))
      }
    } else {
      keys = try call.nameOrNames(2).map { ($0, $0) }
    }
    guard !keys.isEmpty else {
      throw call.fail("E0420", "a join needs at least one column to go by", argument: 2)
    }
    let how = try call.string(3)
    guard let kind = JoinKind(rawValue: how) else {
      let known = JoinKind.allCases.map(\.rawValue)
      throw call.fail(
        "E0420", "there is no join \"\(how)\"",
        hint: NativeCall.nearestName(how, known).map { "did you mean \"\($0)\"?" }
          ?? "there are " + known.joined(separator: ", "), argument: 3)
    }
    let suffix = try call.optional(4) { try call.string($0) }
    try call.expectColumns(keys.map(\.left), of: table, called: "left", argument: 2)
    try call.expectColumns(keys.map(\.right), of: other, called: "right", argument: 2)
    do throws(TableError) {
      return TableBuiltins.value(try table.joined(other, on: keys, kind, suffix: suffix))
    } catch {
      // Columns of one name are a matter of the whole call, all else one of the keys.
      if case .doubledColumn(let name) = error {
        throw call.fail(
          "E0706", "there would be two columns `\(name)`",
          hint: "suffix: \"_right\" tells the right table's apart, or rename or drop one of them")
      }
      throw call.failure(error, argument: 2)
    }
  }

  private static let combinations: [(name: String, aggregation: Aggregation)] = [
    ("mean", .mean), ("median", .quantile(0.5)), ("sum", .sum), ("min", .min), ("max", .max),
    ("count", .count), ("first", .first), ("last", .last),
  ]

  @Sendable private static func pivot(_ call: NativeCall) throws -> Datum {
    let table = try call.table(0)
    let (rows, columns, values) = (
      try call.nameOrNames(1), try call.string(2), try call.string(3)
    )
    try call.expectColumns(rows, of: table, argument: 1)
    try call.expectColumns([columns], of: table, argument: 2)
    try call.expectColumns([values], of: table, argument: 3)
    var combine: Aggregation?
    if let name = try call.optional(4, { try call.string($0) }) {
      combine = combinations.first { $0.name == name }?.aggregation
      guard combine != nil else {
        let known = combinations.map(\.name)
        throw call.fail(
          "E0420", "there is no combination \"\(name)\"",
          hint: NativeCall.nearestName(name, known).map { "did you mean \"\($0)\"?" }
            ?? "there are " + known.joined(separator: ", "), argument: 4)
      }
    }
    return TableBuiltins.value(
      try call.tabling { () throws(TableError) in
        try table.pivoted(rows: rows, columns: columns, values: values, combine: combine) { cell in
          if case .text(let text) = cell { return text }
          return TableText.brief(cell)
        }
      })
  }
}
