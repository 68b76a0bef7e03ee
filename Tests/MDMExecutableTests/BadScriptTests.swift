import Foundation
import Testing

/// Whatever a script file holds, and whatever a script does to the machine, it ends in an ordinary
/// error with a code, soon and without a gigabyte.
@Suite struct BadScriptTests {
  private let folder: URL

  init() throws { folder = try Executable.temporaryFolder() }

  private func run(_ bytes: Data, _ verb: String = "run") throws -> Executable.Result {
    try bytes.write(to: folder.appending(path: "a.mdm"))
    return try Executable.run([verb, "a.mdm"], in: folder)
  }

  private func fails(
    _ text: String, _ code: String, place: SourceLocation = #_sourceLocation
  ) throws {
    let result = try run(Data(text.utf8))
    #expect(result.status == 2 && !result.wasSignalled, sourceLocation: place)
    let errors = result.errors.prefix(3000)
    #expect(errors.contains("error[\(code)]"), "\(errors)", sourceLocation: place)
    #expect(result.errors.utf8.count < 20_000, sourceLocation: place)
  }

  @Test func aFileThatIsNotUTF8() throws {
    let result = try run(Data([0x70, 0xFF, 0xFE, 0x0A]))
    #expect(result.status == 2 && result.errors.contains("error[E0801]: a.mdm is not UTF-8"))
    #expect(try run(Data([0x70, 0xFF]), "check").status == 2)
    #expect(try run(Data([0x70, 0xFF]), "test").status == 2)
  }

  @Test func aFileOfNullBytes() throws {
    try fails("print(1)\n\0print(2)\n", "E0101")
    try fails(String(repeating: "\0", count: 100_000), "E0101")
  }

  @Test func aFolderIsNoScript() throws {
    let result = try Executable.run(["run", folder.path])
    #expect(result.status == 2 && result.errors.contains("error[E0801]"))
  }

  @Test func aLineOfFiftyMegabytes() throws {
    try fails("let a = \"" + String(repeating: "x", count: 50_000_000) + "\"", "E0801")
  }

  /// Just below the limit of a file, each in a few seconds.
  @Test(arguments: [
    ("x", 4_000_000, "E0301"), ("(", 400_000, "E0202"), ("f([", 100_000, "E0202"),
    ("if a {", 100_000, "E0202"), ("1 + ", 500_000, "E0218"), (")", 400_000, "E0203"),
    ("f\"{", 400_000, "E0107"), ("nosuch\n", 20_000, "E0301"), ("-", 400_000, "E0218"),
    ("([", 100_000, "E0202"), ("(]", 100_000, "E0203"),
  ])
  func manyOfOneKind(_ piece: String, _ count: Int, _ code: String) throws {
    try fails(String(repeating: piece, count: count), code)
  }

  @Test func aLongLineOfNumbersIsAList() throws {
    let list = "[" + String(repeating: "1,", count: 300_000) + "]"
    let result = try run(Data("print(len(\(list)))".utf8))
    #expect(result.status == 0 ? result.output == "300000\n" : result.errors.contains("error[E04"))
  }

  /// The script is read before it runs; what happens to its file then does not matter to it.
  @Test func aScriptThatIsEditedWhileItRuns() throws {
    let script = """
      print("first")
      write_text("a.mdm", "print(\\"other\\")\\n) broken")
      print("second")
      [1][7]
      """
    let result = try run(Data(script.utf8))
    #expect(result.output == "first\nsecond\n" && result.status == 1)
    #expect(result.errors.contains("4 | [1][7]"))
    #expect(try Executable.run(["run", "a.mdm"], in: folder).errors.contains("E0203"))
  }

  @Test func modulesInACircle() throws {
    try Data("use \"./b.mdm\" as b".utf8).write(to: folder.appending(path: "a.mdm"))
    try Data("use \"./a.mdm\" as a".utf8).write(to: folder.appending(path: "b.mdm"))
    for verb in ["run", "check"] {
      let result = try Executable.run([verb, "a.mdm"], in: folder)
      #expect(result.status == 2 && result.errors.contains("a.mdm uses b.mdm uses a.mdm"))
    }
  }

  @Test(arguments: [
    ("fn f(n) f(n + 1)\nf(0)", "E0411"),
    ("fn f(n) map([n], f)\nf(0)", "E0411"),
    ("var s = \"ab\"\nwhile true { s += s }", "E0412"),
    ("var xs = [1]\nwhile true { xs = xs + xs }", "E0412"),
    ("let r = {}\nvar i = 0\nwhile true {\n  r[i] = \"x\" * 1_000_000\n  i += 1\n}", "E0412"),
    ("\"a\" * 9_000_000_000_000", "E0412"),
    ("list(0..9_000_000_000_000)", "E0412"),
  ])
  func runAwayScripts(_ script: String, _ code: String) throws {
    try Data(script.utf8).write(to: folder.appending(path: "a.mdm"))
    let result = try Executable.run(["run", "--memory-limit", "300MB", "a.mdm"], in: folder)
    #expect(result.status == 1 && !result.wasSignalled)
    #expect(result.errors.contains("error[\(code)]"), "\(result.errors.prefix(3000))")
  }
}
