import Glibc
import MDMRuntime
import MDMSession
import MDMSyntax

/// Runs the tests of files, each file in a session of its own.
public final class TestRunner {
  public struct Options {
    /// Runs what has one of these texts, in any case, in its name or its file's; empty: everything.
    public var patterns: [String] = []
    /// The seconds that a test may take.
    public var timeLimit: Double?

    public init() {}
  }

  private let options: Options
  private let makeSession: (SessionOptions) -> Session
  private let isInterrupted: () -> Bool
  private let capture = Capture()

  /// - Parameters:
  ///   - makeSession: makes the session of a file with the sinks that it is given.
  ///   - isInterrupted: whether no more tests shall run.
  public init(
    _ options: Options = Options(), isInterrupted: @escaping () -> Bool = { false },
    makeSession: @escaping (SessionOptions) -> Session
  ) {
    self.options = options
    self.isInterrupted = isInterrupted
    self.makeSession = makeSession
  }

  /// The tests of a file that the patterns choose; nil where it cannot be parsed.
  public func plan(_ source: SourceText) -> [TestCase]? {
    let parsed = Parser.parse(source)
    guard !parsed.diagnostics.contains(where: { $0.severity == .error }) else { return nil }
    return TestCase.all(of: parsed.tree).filter { isChosen("\(source.name): \($0.name)") }
  }

  /// Runs the chosen tests of a file; without any of them nothing of the file runs.
  public func run(_ source: SourceText, report: (TestOutcome) -> Void) {
    let plan = plan(source)
    if plan?.isEmpty ?? false { return }
    let session = makeSession(capture.options)
    session.runsTests = true
    let start = Self.now()
    capture.clear()
    let outcome = limited(session) { session.run(source) }
    let seconds = Self.now() - start
    func whole(_ status: TestOutcome.Status, _ name: String) {
      report(
        TestOutcome(
          status: status, name: name, source: source, line: 1, seconds: seconds,
          diagnostics: capture.errors, output: capture.text))
    }
    switch outcome {
    case .finished: break
    case .rejected:
      whole(.rejected, "check before the run")
      return
    case .failed(let kind):
      whole(kind == .assertion ? .failed : .broken, "statements outside of tests")
      return
    }
    let blocks = session.machine.takeTests().filter { $0.source === source }
    var next = 0
    for test in TestCase.all(of: Parser.parse(source).tree) {
      if isInterrupted() { return }
      let isChosen = isChosen("\(source.name): \(test.name)")
      switch test.kind {
      case .block:
        // Blocks are collected in the order of the text; a `return` outside may leave some out.
        guard next < blocks.count else { continue }
        let block = blocks[next]
        next += 1
        if isChosen { report(run(test, session) { session.machine.run(block).errors }) }
      case .example(let doctest):
        if isChosen { report(run(test, session) { run(doctest, session) }) }
      }
    }
  }

  private func run(
    _ test: TestCase, _ session: Session, _ body: () -> [ScriptError]
  ) -> TestOutcome {
    capture.clear()
    let start = Self.now()
    let errors = limited(session, body)
    let seconds = Self.now() - start
    let isFailure = errors.allSatisfy { $0.kind == .assertion }
    return TestOutcome(
      status: errors.isEmpty ? .passed : isFailure ? .failed : .broken, name: test.name,
      source: test.source, line: test.line, seconds: seconds,
      diagnostics: errors.map(\.diagnostic), output: capture.text)
  }

  /// Runs an example and compares what it printed, its value included, with what it says.
  private func run(_ doctest: Doctest, _ session: Session) -> [ScriptError] {
    let parsed = Parser.parse(doctest.source)
    var faults = parsed.diagnostics.filter { $0.severity == .error }
    let tree = doctest.tree(parsed.tree) { session.machine.global($0) != nil }
    if faults.isEmpty {
      faults = session.check(tree, form: .chunk).filter { $0.severity == .error }
    }
    guard faults.isEmpty else { return faults.map { ScriptError(.error, $0) } }
    do throws(ScriptError) {
      _ = try session.machine.run(tree)
    } catch {
      return [error]
    }
    guard let test = session.machine.takeTests().last else { return [] }
    let result = session.machine.run(test)
    guard result.errors.isEmpty, let value = result.value, let expected = doctest.prints else {
      return result.errors
    }
    let shown = Self.trimmed(capture.text + (value.isNone ? "" : session.display(value)))
    return shown == Self.trimmed(expected)
      ? [] : [Self.mismatch(doctest, tree, shown: shown, expected: expected)]
  }

  private static func mismatch(
    _ doctest: Doctest, _ tree: SyntaxTree, shown: String, expected: String
  ) -> ScriptError {
    var diagnostic = Diagnostic(
      code: RuntimeCode.example.rawValue, "\(doctest.name) does not print what it says",
      hint: "change the comment at its end, or the code",
      notes: ["says:   \(expected)", "prints: \(shown.isEmpty ? "nothing" : shown)"])
    if let last = tree.statements.last { diagnostic.place = (doctest.source, last.span) }
    return ScriptError(.assertion, diagnostic)
  }

  /// Calls a body that ends, with an error, when the time limit is over.
  private func limited<Result>(_ session: Session, _ body: () -> Result) -> Result {
    let interrupt = session.interrupt
    let alarm = options.timeLimit.map { seconds in
      Alarm(after: seconds) { interrupt.requestTimeLimit() }
    }
    let result = body()
    alarm?.cancel()
    // One that rang after the end is no word to the next test.
    if interrupt.isTimeLimit { interrupt.clear() }
    return result
  }

  private func isChosen(_ title: String) -> Bool {
    guard !options.patterns.isEmpty else { return true }
    let lowered = title.lowercased()
    return options.patterns.contains { lowered.contains($0.lowercased()) }
  }

  private static func trimmed(_ text: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      String(line.reversed().drop { $0 == " " }.reversed())
    }
    while lines.last?.isEmpty ?? false { lines.removeLast() }
    return lines.joined(separator: "\n")
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// What a session prints and reports, kept for the report.
private final class Capture {
  private(set) var text = ""
  /// Errors that were reported while no test ran.
  private(set) var errors: [Diagnostic] = []

  var options: SessionOptions {
    var options = SessionOptions(
      output: { [self] in text += $0 }, errorOutput: { [self] in text += $0 })
    options.report = { [self] in
      if $0.severity == .error {
        errors.append($0)
      } else if $0.code.hasPrefix("W04") {
        // What is said while a script runs belongs to what it printed; lints are for mdm check.
        text += DiagnosticRenderer().render($0)
      }
    }
    return options
  }

  func clear() {
    text = ""
    errors = []
  }
}
