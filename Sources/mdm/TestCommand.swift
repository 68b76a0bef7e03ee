import ArgumentParser
import MDMRuntime
import MDMSession
import MDMSyntax
import MDMTesting

/// `mdm test [PATHS…]`: runs the `test` blocks of scripts and the examples of their doc comments.
struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Run the test blocks and documentation examples of scripts.",
    discussion: """
      Of a folder all .mdm files are looked at, those in folders below included. A file is run only \
      if it has a test or an example, first its statements outside of tests. The exit status is 0 if \
      all pass, 3 if one fails, 2 if a file has errors or there is nothing to run.
      """)

  @ArgumentParser.Argument(help: "Scripts and folders; without any the current folder.")
  var paths: [String] = []
  @Option(
    name: .customShort("k"),
    help: "Run only tests with this text, in any case, in their name or their file's; repeatable.")
  var patterns: [String] = []
  @Flag(help: "Name the tests, run none.") var list = false
  @Option(help: ArgumentHelp("Also write JUnit XML.", valueName: "file")) var junit: String?
  @Flag(help: "Write TAP 14 for test harnesses.") var tap = false
  @Flag(help: "Show what passing tests print, too.") var showOutput = false
  @Option(help: "Fail a test that takes longer, such as 30s.") var timeLimit: String?
  @OptionGroup var diagnostics: DiagnosticArguments

  func run() throws {
    let front = FrontEnd(diagnostics.format)
    var options = TestRunner.Options()
    options.patterns = patterns
    options.timeLimit = try timeLimit.map { try FrontEnd.seconds($0, option: "--time-limit") }
    let runner = TestRunner(
      options, isInterrupted: { Interrupts.wasInterrupted },
      makeSession: { sinks in
        var sinks = sinks
        sinks.live = { front.progress.show($0) }
        let session = Session(sinks)
        Interrupts.route(to: session.interrupt)
        return session
      })
    let sources = front.scripts(paths).map { front.source($0) }
    if list { listTests(sources, runner) }

    var report: any TestReport =
      tap
      ? TAPTestReport()
      : TextTestReport(
        colour: Terminal.usesColor(on: 1), showsOutput: showOutput,
        omitsDiagnostics: diagnostics.format != .text)
    var xml = JUnitTestReport()
    var summary = TestSummary()
    front.write(report.begin())
    for source in sources where !Interrupts.wasInterrupted {
      runner.run(source) { outcome in
        summary.add(outcome)
        front.write(report.add(outcome))
        _ = xml.add(outcome)
        if diagnostics.format != .text { front.session.report(outcome.diagnostics) }
      }
    }
    if summary.count > 0 || tap { front.write(report.end(summary)) }
    if let junit { front.write(xml.end(summary), toFile: junit) }
    if Interrupts.wasInterrupted { Exit.interrupted() }
    if summary.count == 0 { front.refuse(nothing(sources.count)) }
    Exit.now(
      summary.rejected > 0 ? Exit.usage : summary.failed > 0 ? Exit.testFailure : Exit.success)
  }

  private func listTests(_ sources: [SourceText], _ runner: TestRunner) -> Never {
    var count = 0
    for source in sources {
      guard let plan = runner.plan(source) else { continue }
      count += plan.count
      for test in plan { Terminal.write("\(source.name):\(test.line): \(test.name)\n") }
    }
    if count == 0 { FrontEnd().refuse(nothing(sources.count)) }
    Exit.now(Exit.success)
  }

  /// Why nothing ran.
  private func nothing(_ files: Int) -> ScriptError {
    let place = files == 1 ? "1 file" : "\(files) files"
    if patterns.isEmpty {
      return ScriptError(
        "E0811", "there are no tests in \(place)",
        hint: "write test \"name\" { assert … }, or an example in a ## comment")
    }
    let wanted = patterns.map { "`\($0)`" }.joined(separator: " or ")
    return ScriptError(
      "E0811", "no test in \(place) has \(wanted) in its name", hint: "mdm test --list names them")
  }
}
