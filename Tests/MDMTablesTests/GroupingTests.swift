import MDMTables
import Testing

/// Groups by every type of key, what they are reduced to, and orders.
@Suite struct GroupingTests {
  /// A small generator, so that every run tests the same cells.
  struct Source {
    var state: UInt64 = 1
    mutating func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
  }

  static let makers: [@Sendable (Int) -> Cell] = [
    { .int(Int64($0)) }, { .int(Int64($0) &* 1_000_000_007_000) }, { .float(Double($0) / 7) },
    { .text("key \($0)") }, { .bool($0 % 2 == 0) },
    { $0 == 0 ? .missing : .int(Int64($0) &* 1_000_000_007_000) },
    { $0 == 0 ? .missing : .text("\($0)") }, { $0 == 0 ? .missing : .float(Double($0)) },
  ]

  @Test(arguments: makers.indices) func groupsLikeADictionary(_ maker: Int) throws {
    var source = Source()
    let cells = (0..<5000).map { _ in Self.makers[maker](source.next(300)) }
    let table = try Table([("key", ColumnBuilder.column(cells))])
    let grouping = try Grouping(table, by: ["key"])
    var known: [String: Int32] = [:]
    for (row, cell) in cells.enumerated() {
      let expected = known["\(cell)"] ?? Int32(known.count)
      known["\(cell)"] = expected
      #expect(grouping.groups[row] == expected)
    }
    #expect(grouping.count == known.count)
    #expect(grouping.sizes.reduce(0, +) == 5000)
  }

  @Test func groupsByTwoKeys() throws {
    var source = Source()
    let pairs = (0..<3000).map { _ in (source.next(40), source.next(50)) }
    let table = try Table([
      ("a", ColumnBuilder.column(pairs.map { Cell.int(Int64($0.0)) })),
      ("b", ColumnBuilder.column(pairs.map { Cell.text("\($0.1)") })),
    ])
    let grouping = try Grouping(table, by: ["a", "b"])
    #expect(grouping.count == Set(pairs.map { $0.0 * 100 + $0.1 }).count)
    for (row, first) in grouping.groups.map({ Int(grouping.firstRows[Int($0)]) }).enumerated() {
      #expect(pairs[row] == pairs[first])
    }
  }

  @Test func zerosAndNaNsAreOneKeyEach() throws {
    let column = ColumnBuilder.column([.float(0), .float(-0.0), .float(.nan), .float(-.nan)])
    #expect(try Grouping(Table([("x", column)]), by: ["x"]).groups == [0, 0, 1, 1])
  }

  @Test(arguments: [
    (Aggregation.count, [Cell.int(2), .int(0)]), (.uniqueCount, [.int(2), .int(0)]),
    (.sum, [.float(4), .float(0)]), (.mean, [.float(2), .missing]), (.min, [.float(1), .missing]),
    (.max, [.float(3), .missing]), (.quantile(0.5), [.float(2), .missing]),
    (.std(freedom: 1), [.float(2.0.squareRoot()), .missing]), (.first, [.float(1), .missing]),
    (.last, [.float(3), .missing]),
  ]) func reducesWithoutMissingCells(_ aggregation: Aggregation, _ expected: [Cell]) throws {
    let table = try Table([
      ("key", ColumnBuilder.column([.text("a"), .text("b"), .text("a"), .text("a")])),
      ("x", ColumnBuilder.column([.float(1), .missing, .missing, .float(3)])),
    ])
    let made = try aggregation.apply(
      to: table.columns[1], called: "x", Grouping(table, by: ["key"]))
    #expect([made[0], made[1]] == expected)
  }

  @Test func refusesTheMeanOfTexts() throws {
    let column = ColumnBuilder.column([.text("a")])
    #expect(throws: TableError.type(column: "x", type: .text, operation: "have a mean")) {
      try Aggregation.mean.apply(to: column, called: "x", Grouping(oneGroupOf: 1))
    }
  }

  @Test func refusesASumThatOverflows() {
    let column = ColumnBuilder.column([.int(.max), .int(1)])
    #expect(throws: TableError.overflow(column: "n")) {
      try Aggregation.sum.apply(to: column, called: "n", Grouping(oneGroupOf: 2))
    }
  }

  @Test(arguments: [false, true]) func sortsStably(_ isDescending: Bool) throws {
    var source = Source()
    let keys = (0..<20_000).map { _ in Double(source.next(500) - 250) / 8 }
    let table = try Table([
      ("key", ColumnBuilder.column(keys.map { Cell.float($0) })),
      ("row", ColumnBuilder.column(keys.indices.map { Cell.int(Int64($0)) })),
    ])
    let sorted = try table.sorted(by: [("key", isDescending)])
    let expected = keys.indices.sorted {
      keys[$0] == keys[$1] ? $0 < $1 : (keys[$0] < keys[$1]) != isDescending
    }
    #expect((0..<keys.count).map { sorted["row"]?[$0] } == expected.map { .int(Int64($0)) })
  }

  @Test(arguments: [false, true]) func missingCellsAndNaNsComeLast(_ isDescending: Bool) throws {
    let cells: [Cell] = [.missing, .float(.nan), .float(-.infinity), .float(.infinity), .float(0)]
    let table = try Table([
      ("x", ColumnBuilder.column(cells)), ("row", ColumnBuilder.column((0..<5).map { .int($0) })),
    ])
    let rows = try table.sorted(by: [("x", isDescending)])["row"]
    let expected: [Int64] = isDescending ? [3, 4, 2, 1, 0] : [2, 4, 3, 1, 0]
    #expect((0..<5).map { rows?[$0] } == expected.map { .int($0) })
  }
}
