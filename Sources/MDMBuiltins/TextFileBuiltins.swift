import MDMDeclarations
import MDMRuntime

/// Text files: read whole, written whole or not at all.
enum TextFileBuiltins: BuiltinFamily {
  static let name = "files"
  private static let path = ParameterDeclaration("path", .string, "The file.")
  private static let text = ParameterDeclaration("text", .string, "What to write, as UTF-8.")

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    [readText, readLines, eachLine, writeText, appendText]
  }

  private static let readText = NativeFunction(
    FunctionSignature(
      "read_text", [path], returns: .string, family: name, "The text of a UTF-8 file.",
      examples: [
        Example(
          "let file = path_join(temporary_folder(), \"a.txt\")\nwrite_text(file, \"hello\")\n"
            + "read_text(file)", prints: "hello")
      ])
  ) { call in
    let path = try Files.path(call)
    return .string(try Files.text(try Files.read(path, call), path, firstLine: 1, call))
  }

  private static let readLines = NativeFunction(
    FunctionSignature(
      "read_lines", [path, LinePart.skip, LinePart.limit], returns: .list, family: name,
      "The lines of a UTF-8 file without their ends; what follows the last one wanted is not read.",
      examples: [
        Example(
          "let file = path_join(temporary_folder(), \"a.txt\")\nwrite_text(file, \"a\\nb\\n\")\n"
            + "read_lines(file)", prints: "[\"a\", \"b\"]"),
        Example(
          "let file = path_join(temporary_folder(), \"a.txt\")\nwrite_text(file, \"a\\nb\\nc\")\n"
            + "read_lines(file, skip: 1, limit: 1)", prints: "[\"b\"]"),
      ])
  ) { call in
    let path = try Files.path(call)
    var part = try LinePart(call, 1, 2)
    var lines = try LineReader(path, call)
    var values: [Datum] = []
    while !part.isDone, let line = try lines.next(call) {
      if part.takes() {
        values.append(.string(try Files.text(line, path, firstLine: lines.number, call)))
      }
    }
    return .list(values)
  }

  private static let eachLine = NativeFunction(
    FunctionSignature(
      "each_line",
      [
        path,
        ParameterDeclaration("f", .function, "Takes a line, or a line and its number from 1."),
      ],
      returns: .int, family: name,
      "Calls a function with each line of a UTF-8 file, which may be larger than the memory; gives "
        + "how many there were.",
      examples: [
        Example(
          "let file = path_join(temporary_folder(), \"a.txt\")\nwrite_text(file, \"a\\nbb\\n\")\n"
            + "let found = []\neach_line(file, fn(line, number) found.push([number, len(line)]))\nfound",
          prints: "[[1, 1], [2, 2]]")
      ])
  ) { call in
    let path = try Files.path(call)
    let visit = try LineVisit(call, 1)
    var lines = try LineReader(path, call)
    while let line = try lines.next(call) {
      try visit(.string(try Files.text(line, path, firstLine: lines.number, call)), lines.number)
    }
    return .int(lines.number)
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
    let path = try Files.path(call)
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
    let path = try Files.path(call)
    try Files.makeFolder(of: path, call)
    try Files.append(Array(try call.string(1).utf8), to: path, call)
    return .none
  }
}
