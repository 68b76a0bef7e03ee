import Fixtures
import MDMNumerics
import MDMParquet
import Testing

/// Files of pyarrow and DuckDB: Tests/Fixtures/make_parquet.py.
@Suite struct ParquetFileTests {
  static func fixture(_ name: String) -> Fixture { Fixture("parquet/" + name) }

  /// A value as make_parquet.py writes it.
  static func shown(_ value: ParquetValue) -> String {
    switch value {
    case .null: return "null"
    case .bool(let flag): return flag ? "true" : "false"
    case .int(let number): return String(number)
    case .double(let number): return String(number)
    case .text(let text): return "'\(text)'"
    case .bytes(let bytes): return hexadecimal(bytes)
    case .stored(let stored): return (try? stored.bytes()).map(hexadecimal) ?? "unreadable"
    case .list(let items): return "[" + items.map(shown).joined(separator: ", ") + "]"
    case .record(let fields):
      return "{" + fields.map { "\($0.name): \(shown($0.value))" }.joined(separator: ", ") + "}"
    }
  }

  static func hexadecimal(_ bytes: [UInt8]) -> String {
    "x"
      + bytes.map { byte in
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
      }.joined()
  }

  /// The rows of a file as text.
  static func rows(_ file: ParquetFile) throws(ParquetError) -> [String] {
    var rows = [[String]](repeating: [], count: file.rowCount)
    for column in file.columns {
      for (row, value) in try file.values(column.name).enumerated() {
        rows[row].append("\(column.name): \(shown(value))")
      }
    }
    return rows.map { "{" + $0.joined(separator: ", ") + "}" }
  }

  static let expected = Result {
    String(decoding: try fixture("rows.txt").bytes(), as: UTF8.self).split(separator: "\n").map(
      String.init)
  }

  @Test(arguments: [
    "snappy", "zstd-groups", "gzip", "none-v2", "zstd-v2-pages", "snappy-pages", "old-lists",
    "deltas", "duckdb", "duckdb-zstd", "duckdb-v2", "duckdb-gzip",
  ])
  func aFileHasTheRowsThatWereWritten(_ name: String) throws {
    let file = try ParquetFile(path: Self.fixture("\(name).parquet").path)
    let rows = try Self.rows(file)
    let expected = try Self.expected.get()
    #expect(rows.count == expected.count)
    for (row, wanted) in zip(rows, expected) where row != wanted {
      Issue.record("\(name): \(row)\nshould be \(wanted)")
      break
    }
  }

  @Test func anEmptyTableHasColumnsAndNoRows() throws {
    let file = try ParquetFile(path: Self.fixture("empty.parquet").path)
    #expect(file.rowCount == 0 && file.columns.count == 14)
    #expect(try file.values("talk") == [])
  }

  @Test func rowGroupsAreReadOneByOne() throws {
    let file = try ParquetFile(path: Self.fixture("zstd-groups.parquet").path)
    #expect((0..<file.groupCount).map(file.rowCount(ofGroup:)) == [7, 7, 7, 7, 7, 5])
    #expect(try file.values(file.column("name"), group: 5).first == .text("row 35 of them"))
    #expect(try file.column("image").isImage)
  }

  @Test func anUnknownColumnIsNamed() throws {
    let file = try ParquetFile(path: Self.fixture("snappy.parquet").path)
    #expect { try file.values("nmae") } throws: { error in
      guard case ParquetError.noColumn("nmae", let known) = error else { return false }
      return known.contains("name")
    }
  }

  @Test(arguments: ["snappy", "zstd-v2-pages", "gzip"])
  func everyCutOffFileSaysSo(_ name: String) throws {
    let bytes = try Self.fixture(name + ".parquet").bytes()
    for length in stride(from: 0, to: bytes.count, by: 97) {
      #expect(throws: ParquetError.self) { try ParquetFile(bytes: Array(bytes.prefix(length))) }
    }
  }

  @Test func damagedFilesNeverCrash() throws {
    let originals = try ["snappy", "none-v2", "deltas", "duckdb-zstd", "old-lists"].map {
      try Self.fixture($0 + ".parquet").bytes()
    }
    var stream = RandomStream(seed: 4, purpose: "fuzz")
    for round in 0..<400 {
      var bytes = originals[round % originals.count]
      for _ in 0..<stream.integer(in: 1...8) {
        bytes[stream.integer(below: bytes.count)] = UInt8(stream.integer(below: 256))
      }
      do throws(ParquetError) {
        _ = try Self.rows(ParquetFile(bytes: bytes))
      } catch { #expect(!error.description.isEmpty && !error.hint.isEmpty) }
    }
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let talk = ParquetType.list(
      .record([.init("role", .text), .init("content", .list(.text)), .init("n", .int)]))
    var writer = ParquetWriter(
      columns: [
        .init("prompt", talk), .init("images", .list(.image)), .init("answer", .text),
        .init("score", .double), .init("right", .bool), .init("grid", .list(.list(.int))),
      ], metadata: [("huggingface", "{}")])
    func part(_ role: String, _ content: [String]) -> ParquetValue {
      .record([
        ("role", .text(role)), ("content", .list(content.map { .text($0) })), ("n", .null),
      ])
    }
    let picture = ParquetValue.record([("bytes", .bytes([1, 2, 3])), ("path", .null)])
    let rows: [[ParquetValue]] = [
      [
        .list([part("user", ["a", "b"]), part("assistant", [])]), .list([picture, picture]),
        .text("x"), .double(0.5), .bool(true),
        .list([.list([.int(1), .int(2)]), .list([]), .null]),
      ],
      [.list([]), .null, .null, .null, .null, .list([.list([.int(3)])])],
      [.null, .list([]), .text("größe"), .double(-1), .bool(false), .null],
    ]
    for _ in 0..<3 { for row in rows { writer.append(row) } }
    let file = try ParquetFile(bytes: writer.finish())
    #expect(file.metadata["huggingface"] == "{}")
    let read = try Self.rows(file)
    let names = file.columns.map(\.name)
    for (index, row) in read.enumerated() {
      let wanted = zip(names, rows[index % 3]).map { "\($0): \(Self.shown($1))" }
      #expect(row == "{" + wanted.joined(separator: ", ") + "}")
    }
  }

  @Test func valuesOfALargePageAreReadInAnyOrder() throws {
    var writer = ParquetWriter(columns: [.init("image", .bytes)])
    var stream = RandomStream(seed: 3, purpose: "large page")
    let values = (0..<60).map { index -> [UInt8] in
      // Some that snappy packs, some that it cannot, some empty; across many blocks of 64 KiB.
      let count = index % 7 == 0 ? 0 : stream.integer(in: 1...150_000)
      return index % 2 == 0
        ? (0..<count).map { UInt8(truncatingIfNeeded: $0 / 100) }
        : (0..<count).map { _ in UInt8(stream.integer(below: 256)) }
    }
    for value in values { writer.append([.bytes(value)]) }
    let read = try ParquetFile(bytes: writer.finish()).values("image")
    for place in stream.shuffled(Array(values.indices)) {
      guard case .stored(let stored) = read[place] else {
        Issue.record("\(read[place].kind)")
        continue
      }
      #expect(try stored.bytes() == values[place])
    }
  }

  @Test func aTextThatFillsTheMemoryIsRefused() throws {
    var writer = ParquetWriter(columns: [.init("answer", .text)])
    writer.append([.text(String(repeating: "a", count: (64 << 20) + 1))])
    let bytes = writer.finish()
    #expect(bytes.count < 8 << 20)
    let file = try ParquetFile(bytes: bytes)
    #expect { try file.values("answer") } throws: { error in
      "\(error)".contains("67108865 bytes")
    }
  }

  @Test func everyErrorHasAMessageAndAHint() {
    let errors: [ParquetError] = [
      .cannotRead(reason: "x"), .notParquet, .truncated, .damaged(reason: "x"), .unsupported("x"),
      .noColumn("x", known: ["y"]),
    ]
    for error in errors { #expect(!error.description.isEmpty && !error.hint.isEmpty) }
    #expect(throws: ParquetError.self) { try ParquetFile(path: "/no/such/file") }
  }
}
