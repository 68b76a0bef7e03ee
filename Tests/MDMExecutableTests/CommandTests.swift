import Foundation
import Testing

@Suite struct CommandTests {
  @Test func codeRunsAndPrints() throws {
    #expect(try Executable.run(["-e", "print(1 + 1)"]).output == "2\n")
    #expect(try Executable.run(["-p", "2 ** 10"]).output == "1024\n")
    #expect(try Executable.run(["-"], input: "print(\"from stdin\")").output == "from stdin\n")
  }

  @Test(arguments: [
    ("1", 0), ("error(\"x\")", 1), ("nosuchname", 2), ("1 +", 2), ("assert 1 == 2", 3),
  ])
  func exitStatusesTellWhatHappened(_ code: String, _ status: Int) throws {
    #expect(try Executable.run(["-e", code]).status == Int32(status))
  }

  @Test func theTimeLimitHasItsOwnStatus() throws {
    let result = try Executable.run(["run", "--time-limit", "200ms", "-e", "while true { }"])
    #expect(result.status == 4)
  }

  @Test func waitingForAPipeEndsWithTheTimeLimit() throws {
    let folder = try Executable.temporaryFolder()
    #expect(mkfifo(folder.appending(path: "pipe").path, 0o600) == 0)
    let result = try Executable.run(
      ["run", "--time-limit", "200ms", "-e", "read_text(\"pipe\")"], in: folder)
    #expect(result.status == 4)
  }

  /// Writing whole files goes over a temporary one, which must not take the place of a pipe or device.
  @Test func writingToAPipeLeavesItAPipe() throws {
    let folder = try Executable.temporaryFolder()
    let path = folder.appending(path: "pipe").path
    #expect(mkfifo(path, 0o600) == 0)
    let reader = open(path, O_RDWR | O_NONBLOCK)
    defer { close(reader) }
    #expect(try Executable.run(["-e", "write_text(\"pipe\", \"x\")"], in: folder).status == 0)
    var byte: UInt8 = 0
    #expect(read(reader, &byte, 1) == 1 && byte == UInt8(ascii: "x"))
    var status = stat()
    #expect(lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
  }

  @Test func temporaryFoldersGoWithTheProcess() throws {
    let folder = try Executable.temporaryFolder()
    let code = """
      let folder = temporary_folder()
      write_text(path_join(folder, "deep", "a.txt"), "x")
      print(folder)
      error("the end")
      """
    let result = try Executable.run(["-e", code], in: folder)
    let made = result.output.trimmingCharacters(in: .newlines)
    #expect(result.status == 1 && made.contains("mdm-"))
    #expect(!FileManager.default.fileExists(atPath: made))
  }

  @Test func scriptsTakeParametersAndListThem() throws {
    let folder = try Executable.temporaryFolder()
    let script = "param n: Int = 3, \"how many\"\nprint(n * 2)\n"
    try Data(script.utf8).write(to: folder.appending(path: "p.mdm"))
    #expect(try Executable.run(["p.mdm", "--n", "21"], in: folder).output == "42\n")
    #expect(try Executable.run(["run", "p.mdm", "--help"], in: folder).output.contains("how many"))
    let unknown = try Executable.run(["run", "p.mdm", "--m", "1"], in: folder)
    #expect(unknown.status == 2)
    #expect(unknown.errors.contains("--n"))
    #expect(try Executable.run(["run", "p.mdm", "--n", "many"], in: folder).status == 1)
  }

  @Test func foldersAreCheckedWithOneLineAtTheEnd() throws {
    let folder = try Executable.temporaryFolder()
    let files = ["a.mdm": "let a = nosuch", "b.mdm": "let b = 1", "c.txt": "no script"]
    for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
    let result = try Executable.run(["check"], in: folder)
    #expect(result.status == 2)
    #expect(result.output == "2 files checked: 1 error, 0 warnings\n")
    #expect(result.errors.hasPrefix("error[E0301]"))
    let missing = try Executable.run(["check", "b.mdm", "missing.mdm"], in: folder)
    #expect(missing.status == 2 && missing.errors.contains("E0801"))
    #expect(try Executable.run(["check", "b.mdm"], in: folder).status == 0)
  }

  @Test func diagnosticsHaveThreeForms() throws {
    let folder = try Executable.temporaryFolder()
    try Data("let a = 1\nnosuch".utf8).write(to: folder.appending(path: "a.mdm"))
    let json = try Executable.run(["check", "--diagnostics=json", "a.mdm"], in: folder)
    let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect(object?["code"] as? String == "E0301" && object?["file"] as? String == "a.mdm")
    let annotations = try Executable.run(["check", "--diagnostics", "github", "a.mdm"], in: folder)
    #expect(
      annotations.output == "::error file=a.mdm,line=2,endLine=2,col=1,endColumn=7,title=E0301"
        + "::there is no `nosuch`\n")
    let run = try Executable.run(["run", "--diagnostics=json", "a.mdm"], in: folder)
    #expect(run.status == 2 && run.errors == json.output)
  }

  @Test func warningsFailStrictChecks() throws {
    let code = "fn f() {\n  let a = 1\n  2\n}\nf()"
    #expect(try Executable.run(["check", "-"], input: code).status == 0)
    #expect(try Executable.run(["check", "--strict", "-"], input: code).status == 2)
  }

  @Test func codesAreExplainedListedAndSuggested() throws {
    #expect(try Executable.run(["explain", "e0301"]).output.hasPrefix("E0301: "))
    #expect(try Executable.run(["explain", "450"]).output.hasPrefix("E0450: "))
    let list = try Executable.run(["explain"]).output.split(separator: "\n")
    #expect(list.count > 80 && list.allSatisfy { $0.wholeMatch(of: /[EW][0-9]{4}  .+/) != nil })
    let unknown = try Executable.run(["explain", "E0320"])
    #expect(unknown.status == 2)
    #expect(unknown.errors.contains("there is no code E0320") && unknown.errors.contains("E0314  "))
    #expect(try Executable.run(["explain", "circle"]).errors.contains("E0314  "))
  }

  @Test func aPipedREPLEvaluatesChunkByChunk() throws {
    let result = try Executable.run(
      [], input: "let x = 20\nfn f(a) {\n  a + 1\n}\nf(x)\nf(_ + 0)\n")
    #expect(result.output == "21\n22\n")
  }

  @Test func theReferencePageIsCurrent() throws {
    let page = try String(
      contentsOf: Executable.root.appending(path: "docs/reference/functions.md"), encoding: .utf8)
    #expect(
      try Executable.run(["doc"]).output == page, "run: mdm doc > docs/reference/functions.md")
  }

  @Test func functionsModulesAndScriptsAreDocumented() throws {
    #expect(try Executable.run(["doc", "mean"]).output.contains("### `mean("))
    #expect(try Executable.run(["doc", "stats.zscore"]).output.contains("### `zscore("))
    let unknown = try Executable.run(["doc", "maen"])
    #expect(unknown.status == 2 && unknown.errors.contains("did you mean `mean`?"))
    let folder = try Executable.temporaryFolder()
    let script = "# Odds.\n\n## Adds.\nfn one_more(x) x + 1\nerror(\"nothing runs\")\n"
    try Data(script.utf8).write(to: folder.appending(path: "odds.mdm"))
    let page = try Executable.run(["doc", "odds.mdm"], in: folder)
    #expect(page.output == "# odds\n\nOdds.\n\n## Functions\n\n### `one_more(x) -> Any`\n\nAdds.\n")
    let html = try Executable.run(
      ["doc", "odds.mdm", "--format", "html", "-o", "odds.html"], in: folder)
    #expect(html.status == 0 && html.output.isEmpty)
    let written = try String(contentsOf: folder.appending(path: "odds.html"), encoding: .utf8)
    #expect(written.hasPrefix("<!DOCTYPE html>\n") && written.hasSuffix("</html>\n"))
    #expect(try Executable.run(["doc", "missing.mdm"], in: folder).status == 2)
  }

  @Test func anInterruptGivesThePartialRun() throws {
    let code = """
      let r = train(policy("mini"), uniform(load("mini")), steps: 100000)
      print(r.status, r.steps > 0)
      """
    let result = try Executable.run(["-e", code], interruptAfter: "step 1/")
    #expect(result.output == "interrupted true\n")
    #expect(result.wasSignalled, "shell loops around mdm stop")
  }
}
