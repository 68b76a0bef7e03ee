import Foundation
import Testing

@Suite struct TestCommandTests {
  private let folder: URL

  init() throws {
    folder = try Executable.temporaryFolder()
    try FileManager.default.createDirectory(
      at: folder.appending(path: "sub/.hidden"), withIntermediateDirectories: true)
    let files = [
      "a.mdm": "test \"a\" { assert true }\ntest \"b\" { print(\"seen\")\n  assert 1 == 2 }\n",
      "sub/c.mdm": "## Adds.\n##\n##     c.one_more(1)  # 2\npub fn one_more(x) x + 1\n",
      "sub/.hidden/d.mdm": "test \"hidden\" { assert false }\n",
      "plain.mdm": "error(\"a script without tests does not run\")\n",
    ]
    for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
  }

  private func test(_ arguments: String...) throws -> Executable.Result {
    try Executable.run(["test"] + arguments, in: folder)
  }

  @Test func foldersAreWalked() throws {
    let result = try test()
    #expect(result.status == 3)
    #expect(result.output.contains("2 passed, 1 failed"))
    #expect(result.output.contains("a.mdm\n✔ a"))
    #expect(result.output.contains("sub/c.mdm\n✔ example of one_more"), "\(result.output)")
    #expect(result.output.contains("| seen\nerror[E0450]"))
    #expect(!result.output.contains("hidden"))
  }

  @Test func statusesTellWhatHappened() throws {
    #expect(try test("sub").status == 0)
    #expect(try test("a.mdm", "-k", "a.mdm: a").status == 0)
    let nothing = try test("-k", "nosuch")
    #expect(nothing.status == 2)
    #expect(nothing.errors.contains("no test in 3 files has `nosuch` in its name"))
    #expect(try test("plain.mdm").errors.contains("there are no tests in 1 file"))
    #expect(try test("missing.mdm").status == 2)
    try Data("test \"x\" {".utf8).write(to: folder.appending(path: "z.mdm"))
    let rejected = try test()
    #expect(rejected.status == 2)
    #expect(rejected.output.contains("2 passed, 1 failed, 1 file with errors"))
  }

  @Test func testsOfUsedModulesStayWithTheirFiles() throws {
    let main = "use \"./a.mdm\" as a\ntest \"mine\" { assert true }\n"
    try Data(main.utf8).write(to: folder.appending(path: "main.mdm"))
    let result = try test("main.mdm")
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("main.mdm\n✔ mine") && result.output.contains("1 passed, 0"))
  }

  @Test func testsAreListedWithTheirPlaces() throws {
    let expected = "a.mdm:1: a\na.mdm:2: b\nsub/c.mdm:3: example of one_more\n"
    #expect(try test("--list").output == expected)
    #expect(try test("--list", "-k", "EXAMPLE").output.hasSuffix(":3: example of one_more\n"))
    #expect(try test("--list", "-k", "nosuch").status == 2)
  }

  @Test func reportsForMachines() throws {
    let result = try test("--tap", "--junit", "out.xml", "sub")
    #expect(result.output.hasPrefix("TAP version 14\nok 1 - sub/c.mdm: example of one_more\n"))
    let xml = try String(contentsOf: folder.appending(path: "out.xml"), encoding: .utf8)
    #expect(xml.contains("<testcase name=\"example of one_more\" classname=\"sub.c\""))
    let unwritable = try test("--junit", "nowhere/out.xml", "sub")
    #expect(unwritable.status == 2 && unwritable.errors.contains("E0803"))
  }

  @Test func diagnosticsGoToTheErrorOutputInOtherFormats() throws {
    let result = try test("--diagnostics=github", "a.mdm")
    let line = "::error file=a.mdm,line=3,endLine=3,col=10,endColumn=16,title=E0450::"
    #expect(result.errors.hasPrefix(line), "\(result.errors)")
    #expect(!result.output.contains("error["))
  }
}
