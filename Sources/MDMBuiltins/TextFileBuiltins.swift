import MDMDeclarations
import MDMRuntime

/// Text files: read whole, written whole or not at all.
enum TextFileBuiltins: BuiltinFamily {
  static let name = "files"
  private static let path = ParameterDeclaration("path", .string, "The file.")
  private static let text = ParameterDeclaration("text", .string, "What to write, as UTF-8.")

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    [readText, readLines, writeText, appendText]
  }

  private static let readText = NativeFunction(
    FunctionSignature(
      "read_text", [path], returns: .string, family: name, "The text of a UTF-8 file.",
      examples: [
        Example(
          "let file = path_join(temporary_folder(), \"a.txt\")\nwrite_text(file, \"hello\")\n"
            + "read_text(file)", prints: "hello")
      ])
  ) { call in .string(try contents(call)) }

  private static let readLines = NativeFunction(
    FunctionSignature(
      "read_lines", [path], returns: .list, family: name,
      "The lines of a UTF-8 file without their ends.",
      examples: [
        Example(
          "let file = path_join(temporary_folder(), \"a.txt\")\nwrite_text(file, \"a\\nb\\n\")\n"
            + "read_lines(file)", prints: "[\"a\", \"b\"]")
      ])
  ) { call in
    let text = try contents(call)
    var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
    let last = lines.popLast()
    var values = lines.map { line in
      Datum.string(
        String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self))
    }
    // The end of the last line makes no empty one after it.
    if let last, !last.isEmpty { values.append(.string(String(decoding: last, as: UTF8.self))) }
    return .list(values)
  }

  private static let writeText = NativeFunction(
    FunctionSignature(
      "write_text", [path, text], returns: .none, family: name,
      "Writes a file, and the folders above it, whole or not at all.",
      examples: [
        Example(
          "let file = path_join(temporary_folder(), \"new\", \"a.txt\")\nwrite_text(file, \"é\")\n"
            + "file_size(file)", prints: "2B")
      ])
  ) { call in
    let path = try call.string(0)
    try Files.makeFolder(of: path, call)
    try Files.write(Array(try call.string(1).utf8), to: path, call)
    return .none
  }

  private static let appendText = NativeFunction(
    FunctionSignature(
      "append_text", [path, text], returns: .none, family: name,
      "Adds to the end of a file, which is made where there is none.",
      examples: [
        Example(
          "let file = path_join(temporary_folder(), \"log.txt\")\nappend_text(file, \"a\\n\")\n"
            + "append_text(file, \"b\\n\")\nread_lines(file)", prints: "[\"a\", \"b\"]")
      ])
  ) { call in
    let path = try call.string(0)
    try Files.makeFolder(of: path, call)
    try Files.append(Array(try call.string(1).utf8), to: path, call)
    return .none
  }

  private static func contents(_ call: NativeCall) throws -> String {
    let path = try call.string(0)
    guard let text = String(validating: try Files.read(path, call), as: UTF8.self) else {
      throw call.fail("E0801", "\(path) is not UTF-8 text", hint: "save it as UTF-8", argument: 0)
    }
    return text
  }
}
