import MDMSession
import MDMSyntax
import MDMTesting
import Testing

/// The outcomes of a file's tests.
func outcomes(
  _ text: String, name: String = "dir/boxes.mdm", _ options: TestRunner.Options = .init()
) -> [TestOutcome] {
  let runner = TestRunner(options) { Session($0) }
  var found: [TestOutcome] = []
  runner.run(SourceText(name: name, text: text)) { found.append($0) }
  return found
}

@Suite struct TestRunnerTests {
  @Test func blocksRunInOrderWithTheirLines() {
    let found = outcomes(
      "let a = 1\ntest \"x\" { assert a == 1 }\n\ntest \"y\" { assert a == 2 }\n")
    #expect(found.map(\.name) == ["x", "y"])
    #expect(found.map(\.line) == [2, 4])
    #expect(found.map(\.status) == [.passed, .failed])
    #expect(found[1].diagnostics.map(\.code) == ["E0450"])
  }

  @Test func anErrorThatIsNoAssertionIsToldApart() {
    let found = outcomes("test \"x\" { [1][7] }\ntest \"y\" { expect 1 == 2\n expect 2 == 3 }")
    #expect(found.map(\.status) == [.broken, .failed])
    #expect(found[1].diagnostics.count == 2)
  }

  @Test func whatATestPrintsIsKeptWithIt() {
    let found = outcomes("print(\"top\")\ntest \"x\" { print(1)\n eprint(2) }\ntest \"y\" { }")
    #expect(found.map(\.output) == ["1\n2\n", ""])
  }

  @Test func patternsChooseByNameOrFileInAnyCase() {
    let text = "test \"Boxes overlap\" { }\ntest \"points\" { }"
    var options = TestRunner.Options()
    options.patterns = ["bOXES o"]
    #expect(outcomes(text, options).map(\.name) == ["Boxes overlap"])
    options.patterns = ["dir/"]
    #expect(outcomes(text, options).count == 2)
    options.patterns = ["nothing", "points"]
    #expect(outcomes(text, options).map(\.name) == ["points"])
  }

  /// The second file would fail if any of it ran.
  @Test func filesWithoutAChosenTestDoNotRun() {
    #expect(outcomes("error(\"it ran\")").isEmpty)
    var options = TestRunner.Options()
    options.patterns = ["other"]
    #expect(outcomes("error(\"it ran\")\ntest \"x\" { }", options).isEmpty)
  }

  @Test func aFileThatCannotRunIsOneOutcome() {
    let rejected = outcomes("test \"x\" { nosuchname }")
    #expect(rejected.map(\.status) == [.rejected])
    #expect(rejected[0].diagnostics.map(\.code) == ["E0301"])
    #expect(outcomes("test \"x\" {").map(\.status) == [.rejected])
    let broken = outcomes("print(1)\nerror(\"no\")\ntest \"x\" { }")
    #expect(broken.map(\.status) == [.broken])
    #expect(broken[0].output == "1\n")
  }

  @Test func aTestThatTakesTooLongFailsAndTheNextOneRuns() {
    var options = TestRunner.Options()
    options.timeLimit = 0.05
    let found = outcomes("test \"x\" { while true { } }\ntest \"y\" { }", options)
    #expect(found.map(\.status) == [.broken, .passed])
    #expect(found[0].diagnostics.map(\.code) == ["E0461"])
  }
}

@Suite struct DoctestTests {
  private let file = """
    # Boxes.

    ## The area of a box.
    ##
    ##     area([0, 0, 2, 3])  # 6
    ##
    ##     let box = [1, 1, 2, 2]
    ##     area(box)  # 2
    pub fn area(box) {
      (box[2] - box[0]) * (box[3] - box[1])
    }

    ## Prints a table.
    ##
    ##     table([1, 2])
    ##     # 1
    ##     # 2
    fn table(xs) { for x in xs { print(x) } }
    """

  @Test func examplesAreComparedWithTheirComments() {
    let found = outcomes(file)
    #expect(found.map(\.name) == ["example 1 of area", "example 2 of area", "example of table"])
    #expect(found.map(\.line) == [5, 7, 15])
    #expect(found.map(\.status) == [.passed, .failed, .passed])
    let diagnostic = found[1].diagnostics[0]
    #expect(diagnostic.code == "E0451")
    #expect(diagnostic.notes == ["says:   2", "prints: 1"])
    let place = diagnostic.place.map { $0.source.position(of: Int($0.span.start)) }
    #expect(place?.line == 7 && place?.column == 8)
  }

  @Test func errorsOfExamplesPointIntoTheComment() {
    let found = outcomes(
      "let a = 1\n## Doubles.\n##\n##     double(\"x\") +\n##     nosuch\nfn double(x) x")
    #expect(found.map(\.status) == [.broken])
    let place = found[0].diagnostics[0].place.map { $0.source.position(of: Int($0.span.start)) }
    #expect(found[0].diagnostics[0].code == "E0301")
    #expect(place?.line == 5 && place?.column == 8)
  }

  @Test func namesOfOneExampleAreUnknownToTheNext() {
    let found = outcomes("## A.\n##\n##     let q = 1\n##\n##     q\nfn a() 1")
    #expect(found.map(\.status) == [.passed, .broken])
  }

  @Test func anExampleWithoutACommentHasOnlyToRun() {
    #expect(outcomes("## A.\n##\n##     a()\nfn a() 1").map(\.status) == [.passed])
  }
}
