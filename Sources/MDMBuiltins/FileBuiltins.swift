import MDMDeclarations
import MDMNumerics
import MDMRuntime
import MDMTables

/// Tables from files and from the standard library, and into files.
enum FileBuiltins: BuiltinFamily {
  static let name = "files"

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    [readCSV, writeCSV, published]
  }

  private static let separator = ParameterDeclaration(
    "separator", .string, default: "\",\"", "The character between cells.")

  private static let readCSV = NativeFunction(
    FunctionSignature(
      "read_csv",
      [
        ParameterDeclaration("path", .string, "A file with a header line, as RFC 4180 has it."),
        ParameterDeclaration(
          "types", .record, default: "none",
          "Types that are given instead of found: {id: \"String\"}; Int, Float, Bool or String."),
        ParameterDeclaration(
          "missing", .list, default: "none",
          "Texts that stand for a missing cell; the empty text without it."), separator,
      ], returns: TableBuiltins.type, family: name,
      "Reads a table; each column becomes the narrowest of Int, Float, Bool and String that fits.",
      examples: [
        Example(
          "let file = path_join(temporary_folder(), \"runs.csv\")\n"
            + "write_text(file, \"step,loss\\n1,0.5\\n2,0.25\\n\")\n"
            + "read_csv(file).loss",
          prints: "[0.5, 0.25]")
      ])
  ) { call in
    let path = try call.string(0)
    var types: [String: ColumnType] = [:]
    for entry in try call.optional(1, { try call.record($0) })?.entries ?? [] {
      guard let type = entry.value.text.flatMap(ColumnType.init), type != .mixed else {
        throw call.fail(
          "E0420",
          "the type of `\(entry.key)` is Int, Float, Bool or String, not "
            + entry.value.brief, argument: 1)
      }
      types[entry.key] = type
    }
    let missing = try call.optional(2) { Set(try call.strings($0)) } ?? [""]
    let byte = try separator(call, 3)
    do {
      let cells = try CSVCells(
        try Files.read(path, call), source: path, separator: byte)
      for name in types.keys.sorted() where !cells.header.contains(name) {
        throw call.failure(.unknownColumn(name, known: cells.header), argument: 1)
      }
      return TableBuiltins.value(try Table(csv: cells, types: types, missing: missing))
    } catch let error as NumericsError {
      throw call.fail("E0801", error.message, hint: error.hint.isEmpty ? nil : error.hint)
    }
  }

  private static func separator(_ call: NativeCall, _ index: Int) throws -> UInt8 {
    let bytes = Array(try call.string(index).utf8)
    guard bytes.count == 1, let byte = bytes.first, byte != 34, byte != 10, byte != 13 else {
      throw call.fail(
        "E0420", "a separator is one character, such as \",\" or \"\\t\"", argument: index)
    }
    return byte
  }

  private static let writeCSV = NativeFunction(
    FunctionSignature(
      "write_csv",
      [
        ParameterDeclaration("path", .string, "The file."), TableBuiltins.table, separator,
      ], returns: .none, family: name,
      "Writes a table with a header line, missing cells empty, whole or not at all.",
      examples: [
        Example(
          "let file = path_join(temporary_folder(), \"a.csv\")\n"
            + "write_csv(file, table({id: [1, 2], note: [\"a, b\", none]}))\nread_text(file)",
          prints: "id,note\n1,\"a, b\"\n2,")
      ], source: "RFC 4180")
  ) { call in
    let (path, table) = (try call.string(0), try call.table(1))
    let bytes = table.csv(separator: try separator(call, 2)) { TableText.brief(.other($0)) }
    try Files.makeFolder(of: path, call)
    try Files.write(bytes, to: path, call)
    return .none
  }

  private static let published = NativeFunction(
    FunctionSignature(
      "published_outcomes", [], returns: TableBuiltins.type, family: name,
      "Gives the paper's Table 2: 42 training recipes with their benchmark scores.",
      examples: [Example("len(published_outcomes().ChartQA)", prints: "42")],
      source: "MoDoMoDo, arXiv 2505.24871, Table 2")
  ) { call in
    guard let text = EmbeddedFiles.text("data/table2.csv") else {
      throw call.fail("E0801", "the standard library has no data/table2.csv")
    }
    return TableBuiltins.value(
      try call.numeric { () throws(NumericsError) in
        try Table(csv: try CSVCells(Array(text.utf8), source: "stdlib/data/table2.csv"))
      })
  }
}
