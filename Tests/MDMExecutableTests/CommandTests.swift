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

  @Test func testBlocksAreCounted() throws {
    let folder = try Executable.temporaryFolder()
    let script = "test \"a\" { assert true }\ntest \"b\" { assert 1 == 2 }\n"
    try Data(script.utf8).write(to: folder.appending(path: "t.mdm"))
    let result = try Executable.run(["test", "t.mdm"], in: folder)
    #expect(result.output.hasSuffix("1 passed, 1 failed\n"))
    #expect(result.status == 3)
    #expect(try Executable.run(["check", "t.mdm"], in: folder).status == 0)
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
