import MDMDeclarations
import MDMJSON
import MDMRuntime

/// JSON texts and files, one value or one a line.
enum JSONBuiltins: BuiltinFamily {
  static let name = "json"
  private static let path = ParameterDeclaration("path", .string, "The file.")
  private static let value = ParameterDeclaration(
    "value", .any,
    "none, true, false, numbers, Strings, Lists and Records of them; a Table is a list of its rows."
  )
  private static let indent = ParameterDeclaration(
    "indent", .int, default: "none", "Spaces a level, up to 16; without it all on one line.")
  private static let nan = ParameterDeclaration(
    "nan", .string, default: "\"error\"",
    "For nan and inf, which JSON lacks: \"error\" or \"null\"."
  )
  private static let source = "RFC 8259"

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    [parse, text, readFile, writeFile, readLines, eachLine, writeLines, appendLine]
  }

  private static let parse = NativeFunction(
    FunctionSignature(
      "parse_json", [ParameterDeclaration("text", .string, "A whole JSON text.")], returns: .any,
      family: name,
      "The value of a JSON text, read strictly; whole numbers beyond 64 bits become Floats.",
      examples: [
        Example("parse_json(\"{\\\"a\\\": [1, 2.0, null]}\")", prints: "{a: [1, 2.0, none]}")
      ], source: source), form: .both([.string])
  ) { call in
    let text = try call.string(0)
    do throws(JSONError) {
      return JSONText.datum(try JSONNode(parsing: Array(text.utf8)))
    } catch {
      throw call.fail(
        "E0431", "this is not JSON, at \(error.line):\(error.column): \(error.reason)", argument: 0)
    }
  }

  private static let text = NativeFunction(
    FunctionSignature(
      "to_json", [value, indent, nan], returns: .string, family: name,
      "The JSON text of a value, keys in their order; parse_json gives an equal value back.",
      examples: [
        Example(
          "to_json({a: [1, 2.5, none], b: \"x\"})", prints: "{\"a\": [1, 2.5, null], \"b\": \"x\"}"),
        Example("to_json([nan], nan: \"null\")", prints: "[null]"),
      ], source: source)
  ) { call in
    .string(String(decoding: try written(call, 0, indent: try spaces(call, 1), 2), as: UTF8.self))
  }

  private static let readFile = NativeFunction(
    FunctionSignature(
      "read_json", [path], returns: .any, family: name, "The value of a JSON file.",
      examples: [
        Example(
          "let file = path_join(temporary_folder(), \"a.json\")\nwrite_json(file, {lr: 1e-4})\n"
            + "read_json(file).lr", prints: "0.0001")
      ], source: source)
  ) { call in
    let path = try Files.path(call)
    let bytes = try Files.read(path, call)
    do throws(JSONError) { return JSONText.datum(try JSONText.node(bytes)) } catch {
      throw call.fail(
        "E0801", "\(path):\(error.line):\(error.column) is not JSON: \(error.reason)", argument: 0)
    }
  }

  private static let writeFile = NativeFunction(
    FunctionSignature(
      "write_json",
      [
        path, value,
        ParameterDeclaration(
          "indent", .either([.int, .none]), default: "2",
          "Spaces a level, up to 16; none for all on one line."), nan,
      ], returns: .none, family: name, "Writes a value as a JSON file, whole or not at all.",
      examples: [
        Example(
          "let file = path_join(temporary_folder(), \"a.json\")\nwrite_json(file, {a: 1})\n"
            + "read_text(file)", prints: "{\n  \"a\": 1\n}")
      ], source: source)
  ) { call in
    let path = try Files.path(call)
    let bytes = try written(call, 1, indent: try spaces(call, 2), 3) + [0x0A]
    try Files.makeFolder(of: path, call)
    try Files.write(bytes, to: path, call)
    return .none
  }

  private static let readLines = NativeFunction(
    FunctionSignature(
      "read_jsonl", [path, LinePart.skip, LinePart.limit], returns: .list, family: name,
      "The values of a file with one JSON text a line; empty lines are not counted.",
      examples: [
        Example(
          "let file = path_join(temporary_folder(), \"a.jsonl\")\nwrite_jsonl(file, [{a: 1}, {a: 2}])\n"
            + "read_jsonl(file) |> map(.a)", prints: "[1, 2]")
      ], source: "jsonlines.org")
  ) { call in
    let path = try Files.path(call)
    var part = try LinePart(call, 1, 2)
    var lines = try LineReader(path, call)
    var values: [Datum] = []
    while !part.isDone, let line = try lines.next(call) {
      if isEmpty(line) || !part.takes() { continue }
      values.append(try value(of: line, lines, path, call))
    }
    return .list(values)
  }

  private static let eachLine = NativeFunction(
    FunctionSignature(
      "each_jsonl",
      [
        path,
        ParameterDeclaration("f", .function, "Takes a value, or a value and its line's number."),
      ], returns: .int, family: name,
      "Calls a function with each value of a file with one JSON text a line, which may be larger "
        + "than the memory; gives how many there were.",
      examples: [
        Example(
          "let file = path_join(temporary_folder(), \"a.jsonl\")\nwrite_jsonl(file, [{a: 1}, {a: 2}])\n"
            + "let kept = []\neach_jsonl(file, fn(r) if r.a > 1 { kept.push(r) })\nkept",
          prints: "[{a: 2}]")
      ], source: "jsonlines.org")
  ) { call in
    let path = try Files.path(call)
    let visit = try LineVisit(call, 1)
    var lines = try LineReader(path, call)
    var count = 0
    while let line = try lines.next(call) {
      if isEmpty(line) { continue }
      try visit(try value(of: line, lines, path, call), lines.number)
      count += 1
    }
    return .int(count)
  }

  private static func isEmpty(_ line: [UInt8]) -> Bool {
    line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
  }

  private static func value(
    of line: [UInt8], _ lines: LineReader, _ path: String, _ call: NativeCall
  ) throws -> Datum {
    do throws(JSONError) { return JSONText.datum(try JSONText.node(line)) } catch {
      throw call.fail(
        "E0801", "\(path):\(lines.number):\(error.column) is not JSON: \(error.reason)",
        hint: lines.isCutOff ? "the last line has no end; was its writer stopped?" : nil,
        argument: 0)
    }
  }

  private static let writeLines = NativeFunction(
    FunctionSignature(
      "write_jsonl",
      [
        path,
        ParameterDeclaration(
          "values", .either([.list, TableBuiltins.type]), "One value, or row of a table, a line."),
        nan,
      ], returns: .none, family: name,
      "Writes a file with one JSON text a line, whole or not at all.",
      examples: [
        Example(
          "let file = path_join(temporary_folder(), \"a.jsonl\")\nwrite_jsonl(file, [1, [2]])\n"
            + "read_lines(file)", prints: "[\"1\", \"[2]\"]")
      ], source: "jsonlines.org")
  ) { call in
    let path = try Files.path(call)
    let policy = try policy(call, 2)
    var bytes: [UInt8] = []
    let values = try rows(try call.datum(1)) ?? call.list(1)
    for (position, item) in values.enumerated() {
      var writer = JSONText.Writer(indent: nil, nullsForNonFinite: policy)
      do throws(JSONText.Misfit) { try writer.write(item) } catch {
        throw call.fail(
          "E0431", "value \(position): \(error.message)", hint: error.hint, argument: 1)
      }
      bytes += writer.bytes
      bytes.append(0x0A)
      if position & 0xFF == 0 { try call.checkInterrupt() }
    }
    try Files.makeFolder(of: path, call)
    try Files.write(bytes, to: path, call)
    return .none
  }

  private static let appendLine = NativeFunction(
    FunctionSignature(
      "append_jsonl", [path, value, nan], returns: .none, family: name,
      "Adds a value as a line to the end of a file, which is made where there is none.",
      examples: [
        Example(
          "let file = path_join(temporary_folder(), \"log.jsonl\")\nappend_jsonl(file, {step: 1})\n"
            + "append_jsonl(file, {step: 2})\nread_jsonl(file) |> map(.step)", prints: "[1, 2]")
      ], source: "jsonlines.org")
  ) { call in
    let path = try Files.path(call)
    let bytes = try written(call, 1, indent: nil, 2) + [0x0A]
    try Files.makeFolder(of: path, call)
    try Files.append(bytes, to: path, call)
    return .none
  }

  /// The rows of a table; nil for other values.
  private static func rows(_ datum: Datum) -> [Datum]? {
    guard case .domain(let value as TableValue) = datum else { return nil }
    return (0..<value.table.rowCount).map { .record(value.table.record($0)) }
  }

  /// Whether nan and inf become null.
  private static func policy(_ call: NativeCall, _ index: Int) throws -> Bool {
    let policy = try call.string(index)
    guard policy == "error" || policy == "null" else {
      throw call.fail(
        "E0420", "`nan` is \"error\" or \"null\", got \"\(policy)\"", argument: index)
    }
    return policy == "null"
  }

  /// The spaces a level that an argument asks for; `none` for all on one line.
  private static func spaces(_ call: NativeCall, _ index: Int) throws -> Int? {
    if case .none = try call.datum(index) { return nil }
    let spaces = try call.int(index)
    guard (0...16).contains(spaces) else {
      throw call.fail("E0420", "`indent` is from 0 to 16, got \(spaces)", argument: index)
    }
    return spaces
  }

  private static func written(
    _ call: NativeCall, _ value: Int, indent: Int?, _ nan: Int
  ) throws -> [UInt8] {
    let datum = try call.datum(value)
    var writer = JSONText.Writer(indent: indent, nullsForNonFinite: try policy(call, nan))
    do throws(JSONText.Misfit) { try writer.write(datum) } catch {
      throw call.fail("E0431", error.message, hint: error.hint, argument: value)
    }
    return writer.bytes
  }
}
