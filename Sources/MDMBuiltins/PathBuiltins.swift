import Glibc
import MDMDeclarations
import MDMRuntime

/// Paths, folders, and what lies where.
enum PathBuiltins: BuiltinFamily {
  static let name = "files"
  private static let path = ParameterDeclaration("path", .string, "A path.")

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    texts + questions + changes + [environment]
  }

  private static let texts: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "path_join", [ParameterDeclaration("parts", rest: true, "Strings.")], returns: .string,
        family: name, "The parts as one path; an absolute part begins anew.",
        examples: [Example("path_join(\"runs\", \"a\", \"log.csv\")", prints: "runs/a/log.csv")])
    ) { call in .string(Paths.joined(try call.strings(0))) },
    text(
      "basename", "The last part of a path.", Example("basename(\"runs/a.csv\")", prints: "a.csv"),
      Paths.name),
    text(
      "dirname", "What stands before the last part of a path.",
      Example("dirname(\"runs/a.csv\")", prints: "runs"), Paths.folder),
    text(
      "stem", "The last part of a path without its extension.",
      Example("stem(\"runs/a.tar.gz\")", prints: "a.tar"), { Paths.split($0).stem }),
    text(
      "extension", "The extension of a path with its dot, or an empty text.",
      Example("extension(\"runs/a.tar.gz\")", prints: ".gz"), { Paths.split($0).suffix }),
    NativeFunction(
      FunctionSignature(
        "absolute_path", [path], returns: .string, family: name,
        "The path from the root, without `.` and `..`; links are not followed.",
        examples: [Example("absolute_path(\"/a/./b/../c\")", prints: "/a/c")])
    ) { call in
      let path = try Files.path(call)
      guard !path.hasPrefix("/") else { return .string(Paths.normalized(path)) }
      guard let here = getcwd(nil, 0) else {
        throw call.fail("E0801", "the current folder is gone: \(Files.reason)")
      }
      defer { free(here) }
      return .string(Paths.normalized(String(cString: here) + "/" + path))
    },
  ]

  private static let questions: [NativeFunction] = [
    question("exists", "Whether something lies at a path.", "\"/\"", prints: "true") { _ in true },
    question("is_file", "Whether a file lies at a path.", "\"/\"", prints: "false") {
      $0.st_mode & S_IFMT == S_IFREG
    },
    question("is_folder", "Whether a folder lies at a path.", "\"/\"", prints: "true") {
      $0.st_mode & S_IFMT == S_IFDIR
    },
    NativeFunction(
      FunctionSignature(
        "file_size", [path], returns: .size, family: name, "The bytes of a file.",
        examples: [Example("file_size(\"/dev/null\")", prints: "0B")])
    ) { call in
      let path = try Files.path(call)
      guard let status = Folders.status(path) else { throw Files.unreadable(path, call) }
      return .size(Int64(status.st_size))
    },
    NativeFunction(
      FunctionSignature(
        "file_time", [path], returns: .float, family: name,
        "When a file was changed last, in seconds since 1970.",
        examples: [
          Example(
            "let file = path_join(temporary_folder(), \"a\")\nwrite_text(file, \"\")\n"
              + "abs(now() - file_time(file)) < 60", prints: "true")
        ])
    ) { call in
      let path = try Files.path(call)
      guard let status = Folders.status(path) else { throw Files.unreadable(path, call) }
      return .float(Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) * 1e-9)
    },
    NativeFunction(
      FunctionSignature(
        "list_files",
        [
          ParameterDeclaration(
            "pattern", .string,
            "A path in which `*`, `?`, `[a-z]` and `[!ab]` stand for parts of a name and `**` for "
              + "any number of folders; hidden names need their dot.")
        ], returns: .list, family: name, "The paths that a pattern fits, sorted.",
        examples: [
          Example(
            "let folder = temporary_folder()\nwrite_text(path_join(folder, \"b.txt\"), \"\")\n"
              + "write_text(path_join(folder, \"a.txt\"), \"\")\n"
              + "list_files(path_join(folder, \"*.txt\")) |> map(basename)",
            prints: "[\"a.txt\", \"b.txt\"]"),
          Example(
            "let folder = temporary_folder()\n"
              + "write_text(path_join(folder, \"a\", \"b\", \"log.csv\"), \"\")\n"
              + "len(list_files(path_join(folder, \"**\", \"*.csv\")))", prints: "1"),
        ])
    ) { call in
      .strings(try PathPattern.paths(try Files.path(call)) { try call.checkInterrupt() })
    },
    NativeFunction(
      FunctionSignature(
        "list_folder", [path], returns: .list, family: name,
        "The names in a folder, sorted, hidden ones too.",
        examples: [
          Example(
            "let folder = temporary_folder()\nwrite_text(path_join(folder, \"b\"), \"\")\n"
              + "write_text(path_join(folder, \".a\"), \"\")\nlist_folder(folder)",
            prints: "[\".a\", \"b\"]")
        ])
    ) { call in
      let path = try Files.path(call)
      guard let names = Folders.names(path) else { throw Files.unreadable(path, call) }
      return .strings(names)
    },
  ]

  private static let changes: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "make_folder", [path], returns: .none, family: name,
        "Makes a folder and those above it, where they are missing.",
        examples: [
          Example(
            "let folder = path_join(temporary_folder(), \"a\", \"b\")\nmake_folder(folder)\n"
              + "is_folder(folder)", prints: "true")
        ])
    ) { call in
      let path = try Files.path(call)
      try Files.makeFolder(path, call)
      guard Folders.isFolder(path) else {
        throw call.fail("E0803", "\(path) is no folder, but something else", argument: 0)
      }
      return .none
    },
    NativeFunction(
      FunctionSignature(
        "temporary_folder", [], returns: .string, family: name,
        "Makes a new folder, which is removed with all in it when mdm ends.",
        examples: [Example("is_folder(temporary_folder())", prints: "true")])
    ) { call in
      guard let folder = TemporaryFolders.make() else {
        throw call.fail("E0803", "cannot make a temporary folder: \(Files.reason)")
      }
      return .string(folder)
    },
    NativeFunction(
      FunctionSignature(
        "remove_file", [path], returns: .none, family: name,
        "Removes a file; folders are left alone.",
        examples: [
          Example(
            "let file = path_join(temporary_folder(), \"a\")\nwrite_text(file, \"\")\n"
              + "remove_file(file)\nexists(file)", prints: "false")
        ])
    ) { call in
      let path = try Files.path(call)
      guard unlink(path) == 0 else {
        throw Files.refused("cannot remove \(path)", path, call)
      }
      return .none
    },
    moved(
      "copy_file", "Copies a file, replacing what stands there; its bytes, not its rights."
    ) { from, to, call in
      let bytes = try Files.read(from, call)
      try Files.makeFolder(of: to, call)
      try Files.write(bytes, to: to, call)
    },
    moved("rename_file", "Gives a file or folder another path, replacing a file there.") {
      from, to, call in
      try Files.makeFolder(of: to, call)
      guard rename(from, to) == 0 else {
        throw Files.refused("cannot rename \(from) to \(to)", from, call)
      }
    },
  ]

  private static let environment = NativeFunction(
    FunctionSignature(
      "env",
      [
        ParameterDeclaration("name", .string, "The variable."),
        ParameterDeclaration("default", default: "none", "What stands for a missing one."),
      ], returns: .any, family: name, "The text of an environment variable, or a default.",
      examples: [Example("env(\"NO_SUCH_VARIABLE\", \"none here\")", prints: "none here")])
  ) { call in
    if let value = getenv(try call.string(0)) {
      return .string(
        String(decoding: UnsafeRawBufferPointer(start: value, count: strlen(value)), as: UTF8.self))
    }
    return try call.datum(1)
  }

  private static func text(
    _ function: String, _ summary: String, _ example: Example,
    _ body: @escaping @Sendable (String) -> String
  ) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        function, [path], returns: .string, family: name, summary, examples: [example])
    ) { call in .string(body(try call.string(0))) }
  }

  private static func question(
    _ function: String, _ summary: String, _ argument: String, prints: String,
    _ test: @escaping @Sendable (stat) -> Bool
  ) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        function, [path], returns: .bool, family: name, summary,
        examples: [Example("\(function)(\(argument))", prints: prints)])
    ) { call in .bool(Folders.status(try Files.path(call, allowsEmpty: true)).map(test) ?? false) }
  }

  private static func moved(
    _ function: String, _ summary: String,
    _ body: @escaping @Sendable (String, String, NativeCall) throws -> Void
  ) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        function,
        [
          ParameterDeclaration("from", .string, "Where it is."),
          ParameterDeclaration("to", .string, "Where it will be."),
        ], returns: .none, family: name, summary,
        examples: [
          Example(
            "let folder = temporary_folder()\nwrite_text(path_join(folder, \"a\"), \"x\")\n"
              + "\(function)(path_join(folder, \"a\"), path_join(folder, \"b\"))\n"
              + "read_text(path_join(folder, \"b\"))", prints: "x")
        ])
    ) { call in
      try body(try Files.path(call), try Files.path(call, 1), call)
      return .none
    }
  }
}
