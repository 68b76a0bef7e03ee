import MDMDeclarations
import MDMJSON
import MDMRuntime

/// JSON texts and files, one value or one a line.
enum JSONBuiltins: BuiltinFamily {
  static let name = "json"
  private static let path = ParameterDeclaration("path", .string, "The file.")
  private static let value = ParameterDeclaration(
    "value", .any, "none, true, false, numbers, Strings, Lists and Records of them.")
  private static let indent = ParameterDeclaration(
    "indent", .int, default: "none", "Spaces a level, up to 16; without it all on one line.")
  private static let nan = ParameterDeclaration(
    "nan", .string, default: "\"error\"",
    "For nan and inf, which JSON lacks: \"error\" or \"null\"."
  )
  private static let source = "RFC 8259"

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    [parse, text, readFile, writeFile, readLines, writeLines]
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
  ) { call in .string(String(decoding: try written(call, 0, 1, 2), as: UTF8.self)) }

  private static let readFile = NativeFunction(
    FunctionSignature(
      "read_json", [path], returns: .any, family: name, "The value of a JSON file.",
      examples: [
        Example(
          "let file = path_join(temporary_folder(), \"a.json\")\nwrite_json(file, {lr: 1e-4})\n"
            + "read_json(file).lr", prints: "0.0001")
      ], source: source)
  ) { call in
    let path = try call.string(0)
    let bytes = try Files.read(path, call)
    do throws(JSONError) { return JSONText.datum(try JSONNode(parsing: bytes)) } catch {
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
    let path = try call.string(0)
    let bytes = try written(call, 1, 2, 3) + [0x0A]
    try Files.makeFolder(of: path, call)
    try Files.write(bytes, to: path, call)
    return .none
  }

  private static let readLines = NativeFunction(
    FunctionSignature(
      "read_jsonl", [path], returns: .list, family: name,
      "The values of a file with one JSON text a line; empty lines are skipped.",
      examples: [
        Example(
          "let file = path_join(temporary_folder(), \"a.jsonl\")\nwrite_jsonl(file, [{a: 1}, {a: 2}])\n"
            + "read_jsonl(file) |> map(.a)", prints: "[1, 2]")
      ], source: "jsonlines.org")
  ) { call in
    let path = try call.string(0)
    let bytes = try Files.read(path, call)
    var values: [Datum] = []
    var number = 0
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      number += 1
      if number & 0xFF == 0 { try call.checkInterrupt() }
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
      do throws(JSONError) {
        values.append(JSONText.datum(try JSONNode(parsing: Array(line))))
      } catch {
        throw call.fail(
          "E0801", "\(path):\(number):\(error.column) is not JSON: \(error.reason)", argument: 0)
      }
    }
    return .list(values)
  }

  private static let writeLines = NativeFunction(
    FunctionSignature(
      "write_jsonl",
      [path, ParameterDeclaration("values", .list, "One value a line."), nan], returns: .none,
      family: name, "Writes a file with one JSON text a line, whole or not at all.",
      examples: [
        Example(
          "let file = path_join(temporary_folder(), \"a.jsonl\")\nwrite_jsonl(file, [1, [2]])\n"
            + "read_lines(file)", prints: "[\"1\", \"[2]\"]")
      ], source: "jsonlines.org")
  ) { call in
    let path = try call.string(0)
    let policy = try policy(call, 2)
    var bytes: [UInt8] = []
    for (position, item) in try call.list(1).enumerated() {
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

  /// Whether nan and inf become null.
  private static func policy(_ call: NativeCall, _ index: Int) throws -> Bool {
    let policy = try call.string(index)
    guard policy == "error" || policy == "null" else {
      throw call.fail(
        "E0420", "`nan` is \"error\" or \"null\", got \"\(policy)\"", argument: index)
    }
    return policy == "null"
  }

  private static func written(
    _ call: NativeCall, _ value: Int, _ indent: Int, _ nan: Int
  ) throws -> [UInt8] {
    // A given `none` asks for one line where the default is 2.
    let spaces: Int? = if case .none = try call.datum(indent) { nil } else { try call.int(indent) }
    if let spaces, !(0...16).contains(spaces) {
      throw call.fail("E0420", "`indent` is from 0 to 16, got \(spaces)", argument: indent)
    }
    let datum = try call.datum(value)
    var writer = JSONText.Writer(indent: spaces, nullsForNonFinite: try policy(call, nan))
    do throws(JSONText.Misfit) { try writer.write(datum) } catch {
      throw call.fail("E0431", error.message, hint: error.hint, argument: value)
    }
    return writer.bytes
  }
}
