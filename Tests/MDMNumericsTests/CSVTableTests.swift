import MDMNumerics
import Testing

@Suite struct CSVTableTests {
  @Test func quotesCommasAndLineEndsAreRead() throws {
    let table = try CSVTable(parsing: "\u{FEFF}a,b\r\n\"x, \"\"y\"\"\",2\r\n\"two\nlines\",\r\n")
    #expect(table.header == ["a", "b"])
    #expect(table.rows == [["x, \"y\"", "2"], ["two\nlines", ""]])
  }

  @Test func theLastLineNeedsNoEnd() throws {
    #expect(try CSVTable(parsing: "a,b\n1,2").numbers("b") == [2])
    #expect(try CSVTable(parsing: "a\n\"1\"").rows == [["1"]])
  }

  @Test(
    arguments: [
      ("", 1, 1, "there is no header line"),
      ("a,b\n1,2\n3\n", 3, 2, "1 field where the header has 2"),
      ("a,b\n1,\"2\n", 2, 3, "a quote is never closed"),
      ("a,b\n1,2\"3\n", 2, 4, "a quote inside of a field that does not begin with one"),
      ("a,b\n\"1\"x,2\n", 2, 4, "text after a closing quote"),
      ("a,a\n1,2\n", 1, 2, "the column 'a' appears twice"),
    ])
  func mistakesAreNamedWithTheirPlace(text: String, line: Int, column: Int, problem: String) {
    #expect(
      throws: NumericsError.csv(source: "f.csv", line: line, column: column, problem: problem)
    ) {
      try CSVTable(parsing: text, source: "f.csv")
    }
  }

  @Test func aCellThatIsNoNumberIsNamed() throws {
    let table = try CSVTable(parsing: "a,b\n1,2\n\"3\n\",x\n5,6\n", source: "t")
    #expect(
      throws: NumericsError.csv(
        source: "t", line: 3, column: 2, problem: "'x' in column 'b' is not a number")
    ) {
      try table.numbers("b")
    }
    #expect(
      throws: NumericsError.unknownColumn(source: "t", name: "c", known: ["a", "b"])
    ) {
      try table.column("c")
    }
  }

  @Test func aMissingFileIsAnError() {
    #expect(throws: NumericsError.self) { try CSVTable(path: "/nonexistent/table.csv") }
  }

  @Test func damagedTextNeverTraps() {
    var stream = RandomStream(seed: 1, purpose: "fuzz")
    for _ in 0..<3000 {
      let bytes = (0..<stream.integer(below: 40)).map { _ in
        stream.element(of: Array("a,\"\n\r1".utf8) + [0xC3])
      }
      _ = try? CSVTable(parsing: String(decoding: bytes, as: UTF8.self))
    }
  }
}
