import MDMTables
import Testing

/// Joins against the definition: every pair of rows with equal keys.
@Suite struct JoiningTests {
  static let left: [Int?] = [3, nil, 1, 3, 7, 2]
  static let right: [Int?] = [3, 2, nil, 3, 9]

  static func table(_ keys: [Int?], _ name: String) throws -> Table {
    try Table([
      ("key", ColumnBuilder.column(keys.map { $0.map { .int(Int64($0)) } ?? .missing })),
      (name, ColumnBuilder.column(keys.indices.map { .int(Int64($0)) })),
    ])
  }

  @Test(arguments: JoinKind.allCases) func joins(_ kind: JoinKind) throws {
    var expected: [[Cell]] = []
    var used: Set<Int> = []
    for (row, key) in Self.left.enumerated() {
      let partners = Self.right.indices.filter { key != nil && Self.right[$0] == key }
      used.formUnion(partners)
      let cells: [Cell] = [key.map { .int(Int64($0)) } ?? .missing, .int(Int64(row))]
      switch kind {
      case .semi: if !partners.isEmpty { expected.append(cells) }
      case .anti: if partners.isEmpty { expected.append(cells) }
      default:
        for partner in partners { expected.append(cells + [.int(Int64(partner))]) }
        if partners.isEmpty, kind == .left || kind == .outer { expected.append(cells + [.missing]) }
      }
    }
    if kind == .right || kind == .outer {
      for row in Self.right.indices where !used.contains(row) {
        expected.append([
          Self.right[row].map { .int(Int64($0)) } ?? .missing, .missing, .int(Int64(row)),
        ])
      }
    }
    let made = try Self.table(Self.left, "l").joined(
      Self.table(Self.right, "r"), on: [("key", "key")], kind)
    #expect((0..<made.rowCount).map { row in made.columns.map { $0[row] } } == expected)
  }

  @Test func refusesKeysOfDifferentTypes() throws {
    let text = try Table([("key", ColumnBuilder.column([.text("3")]))])
    #expect(
      throws: TableError.keyTypes(left: "key", leftType: .int, right: "key", rightType: .text)
    ) {
      try Self.table([3], "l").joined(text, on: [("key", "key")], .inner)
    }
  }

  @Test func refusesMoreRowsThanATableHas() throws {
    let keys = [Int?](repeating: 1, count: 50_000)
    #expect(throws: TableError.tooManyRows(2_500_000_000)) {
      try Self.table(keys, "l").joined(Self.table(keys, "r"), on: [("key", "key")], .inner)
    }
  }
}
