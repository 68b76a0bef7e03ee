import MDMDeclarations
import MDMNumerics
import MDMRuntime

/// Tables from files and from the standard library.
enum FileBuiltins: BuiltinFamily {
  static let name = "files"

  static func functions(_ context: BuiltinContext) -> [NativeFunction] { [readCSV, published] }

  private static let readCSV = NativeFunction(
    FunctionSignature(
      "read_csv",
      [ParameterDeclaration("path", .string, "A file with a header line, as RFC 4180 has it.")],
      returns: .record, family: name,
      "Reads a table as a record of columns; a column of numbers becomes a list of Floats.")
  ) { call in
    let path = try call.string(0)
    do { return columns(try CSVTable(path: path)) } catch let error as NumericsError {
      throw call.fail("E0801", error.message, hint: error.hint.isEmpty ? nil : error.hint)
    }
  }

  private static let published = NativeFunction(
    FunctionSignature(
      "published_outcomes", [], returns: .record, family: name,
      "Gives the paper's Table 2: 42 training recipes with their benchmark scores.",
      examples: [Example("len(published_outcomes().ChartQA)", prints: "42")],
      source: "MoDoMoDo, arXiv 2505.24871, Table 2")
  ) { call in
    guard let text = EmbeddedFiles.text("data/table2.csv") else {
      throw call.fail("E0801", "the standard library has no data/table2.csv")
    }
    return columns(
      try call.numeric { () throws(NumericsError) in
        try CSVTable(parsing: text, source: "stdlib/data/table2.csv")
      })
  }

  private static func columns(_ table: CSVTable) -> Datum {
    .record(
      table.header.enumerated().map { index, name in
        let cells = table.rows.map { $0[index] }
        let numbers = cells.compactMap { Double($0) }
        return (name, numbers.count == cells.count ? .numbers(numbers) : .strings(cells))
      })
  }
}
