import MDMParquet

/// The rows of a Parquet file as Tests/Fixtures/make_parquet.py writes them.
enum ValueText {
  static func printRows(of path: String) throws {
    let file = try ParquetFile(path: path)
    var rows = [[String]](repeating: [], count: file.rowCount)
    for column in file.columns {
      for (row, value) in try file.values(column.name).enumerated() {
        rows[row].append("\(column.name): \(try text(value))")
      }
    }
    for row in rows { print("{" + row.joined(separator: ", ") + "}") }
  }

  private static func text(_ value: ParquetValue) throws -> String {
    switch value {
    case .null: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .int(let number): String(number)
    case .double(let number): String(number)
    case .text(let text): "'\(text)'"
    case .bytes(let bytes): "x" + bytes.map(digits).joined()
    case .stored(let stored): "x" + (try stored.bytes()).map(digits).joined()
    case .list(let items): "[" + (try items.map(text)).joined(separator: ", ") + "]"
    case .record(let fields):
      "{" + (try fields.map { "\($0.name): \(try text($0.value))" }).joined(separator: ", ") + "}"
    }
  }

  private static func digits(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}
