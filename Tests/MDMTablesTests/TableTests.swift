import MDMTables
import Testing

/// Columns of cells, and tables of columns.
@Suite struct TableTests {
  static func column(_ cells: Cell...) -> Column { ColumnBuilder.column(cells) }

  @Test(arguments: [
    ([Cell.int(1), .missing, .int(3)], ColumnType.int), ([.int(1), .float(0.5)], .float),
    ([.float(0.5), .int(1)], .float), ([.text("a"), .missing], .text),
    ([.bool(true), .bool(false)], .bool), ([.missing, .missing], .float),
    ([.int(1), .text("1")], .mixed),
    ([.bool(true), .int(1)], .mixed),
    // An Int that a Float would round keeps its digits.
    ([.int(9_007_199_254_740_993), .float(0.5)], .mixed),
  ]) func takesTheNarrowestType(_ cells: [Cell], _ type: ColumnType) {
    let column = ColumnBuilder.column(cells)
    #expect(column.type == type)
    #expect((0..<cells.count).map { column[$0] } == cells)
  }

  @Test func refusesUnequalLengthsAndDoubledNames() {
    let (one, two) = (Self.column(.int(1)), Self.column(.int(1), .int(2)))
    #expect(throws: TableError.length(column: "b", found: 2, expected: 1)) {
      try Table([("a", one), ("b", two)])
    }
    #expect(throws: TableError.doubledColumn("a")) { try Table([("a", one), ("a", one)]) }
  }

  @Test func gathersMissingRowsForMinusOne() {
    for column in [
      Self.column(.int(1), .int(2)), Self.column(.text("a"), .text("b")),
      Self.column(.bool(true), .bool(false)), Self.column(.float(1), .float(2)),
      Self.column(.int(1), .text("b")),
    ] {
      let made = column.gather([1, -1, 0])
      #expect([made[0], made[1], made[2]] == [column[1], .missing, column[0]])
    }
  }

  @Test func concatenatesByName() throws {
    let first = try Table([("a", Self.column(.int(1))), ("b", Self.column(.text("x")))])
    let second = try Table([("b", Self.column(.text("y"))), ("c", Self.column(.float(0.5)))])
    let both = try Table.concatenate([first, second])
    #expect(both.names == ["a", "b", "c"])
    #expect(both.columns.map(\.type) == [.int, .text, .float])
    #expect(
      both.columns.map { [$0[0], $0[1]] } == [
        [.int(1), .missing], [.text("x"), .text("y")], [.missing, .float(0.5)],
      ])
  }

  @Test func filtersByMask() throws {
    let table = try Table([("n", ColumnBuilder.column((0..<100).map { Cell.int($0) }))])
    let even = table.filter((0..<100).map { $0 % 2 == 0 })
    #expect(even.rowCount == 50)
    #expect(even["n"]?[49] == .int(98))
  }

  @Test func comparesIntsWithFloatsExactly() {
    #expect(Cell.int(3) == .float(3))
    #expect(Cell.int(9_007_199_254_740_993) != .float(9_007_199_254_740_992))
    #expect(Cell.text("é") != .text("e\u{301}"))
  }
}
