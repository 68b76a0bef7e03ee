import MDMNumerics
import MDMTables
import Testing

/// Tables from CSV and back.
@Suite struct TableCSVTests {
  static func read(_ text: String) throws -> Table {
    try Table(csv: CSVCells(Array(text.utf8), source: "t.csv"))
  }

  @Test(arguments: [
    ("1\n-2\n", ColumnType.int), ("1\n2.5\n", .float), ("1e3\n", .float), ("inf\n1\n", .float),
    ("true\nfalse\n", .bool), ("true\n1\n", .text), ("a\n1\n", .text), ("1\n\"\"\n2\n", .int),
    ("9223372036854775807\n", .int), ("9223372036854775808\n", .float), ("0x10\n", .text),
    (" 1 \n", .int), ("1 2\n", .text),
  ]) func infersTheNarrowestType(_ cells: String, _ type: ColumnType) throws {
    #expect(try Self.read("x,y\n" + cells.replacing("\n", with: ",-\n")).columns[0].type == type)
  }

  @Test func readsWhatItWrote() throws {
    let table = try Table([
      ("id", ColumnBuilder.column([.int(1), .missing, .int(.min)])),
      ("x, y", ColumnBuilder.column([.float(0.1), .float(1e-300), .missing])),
      ("text", ColumnBuilder.column([.text("a\"b\r\nc"), .text(","), .text("é")])),
      ("ok", ColumnBuilder.column([.bool(true), .missing, .bool(false)])),
    ])
    let text = String(decoding: table.csv { _ in "" }, as: UTF8.self)
    let again = try Self.read(text)
    #expect(again.isEqual(to: table))
    #expect(again.columns.map(\.type) == table.columns.map(\.type))
  }

  @Test func keepsTheDigitsOfFloats() throws {
    let values = [0.1, 1.0 / 3, 5e-324, 1.7976931348623157e308, 123_456_789.123_456_79]
    let table = try Table([("x", ColumnBuilder.column(values.map { Cell.float($0) }))])
    let again = try Self.read(String(decoding: table.csv { _ in "" }, as: UTF8.self))
    #expect(again["x"]?.numbers == values)
  }
}
