import ArgumentParser
import MDMNotebooks
import MDMRuntime
import MDMSession
import MDMSyntax
import MDMTesting

/// `mdm nb test`: runs notebooks and compares what they show with what is stored.
struct NotebookTestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Run notebooks and compare their outputs with the stored ones.",
    discussion: """
      Numbers are compared within a tolerance, wherever they stand in a text; plots by their data. A
      cell without a stored result only has to run, and so has every cell of a script. Cells tagged
      nb-ignore-output may show anything, cells tagged raises-exception may fail. The exit status is
      0 where all cells pass, 3 where one does not, 2 where a file is no notebook or the cells of
      one have errors that are found before they run; then none of its cells runs.
      """)

  @ArgumentParser.Argument(help: "Notebooks, .ipynb or .mdm.") var paths: [String]
  @Option(help: "How far apart numbers may be, as a share of the larger one.")
  var tolerance = 1e-6
  @Option(
    name: [.customShort("p"), .customLong("parameter")],
    help: "A value for a `param` of the notebooks; may be repeated.")
  var parameters: [String] = []
  @Option(help: "End a cell that takes longer, such as 30s or 5min.") var cellTimeLimit: String?
  @Option(help: "End a notebook whose cells together take longer.") var timeLimit: String?
  @Option(help: "The most that values may take, such as 2GB.") var memoryLimit: String?
  @Flag(help: "Store what the cells show now, where it differs.") var update = false
  @Option(help: ArgumentHelp("Also write JUnit XML.", valueName: "file")) var junit: String?
  @Flag(help: "Write TAP 14 for test harnesses.") var tap = false

  func validate() throws { try NotebookArguments.check(tolerance: tolerance) }

  func run() throws {
    let front = FrontEnd()
    let files = NotebookFiles(front: front)
    var report: any TestReport =
      tap ? TAPTestReport() : TextTestReport(colour: Terminal.usesColor(on: 1))
    var xml = JUnitTestReport()
    var summary = TestSummary()
    front.write(report.begin())
    // All files are read first: a wrong name costs no run.
    let notebooks = paths.map { ($0, files.read($0)) }
    func add(_ outcome: TestOutcome) {
      summary.add(outcome)
      front.progress.clear()
      front.write(report.add(outcome))
      _ = xml.add(outcome)
    }
    // And all cells are checked: a wrong name in the last one costs none either.
    var sound: [(String, Notebook)] = []
    for (path, stored) in notebooks {
      let errors = try files.check(
        stored, of: path, with: NotebookRunner(options(for: stored, path, front))
      ).filter { $0.severity == .error }
      if errors.isEmpty {
        sound.append((path, stored))
      } else {
        add(
          TestOutcome(
            status: .rejected, name: "check before the run",
            source: SourceText(name: path, text: ""), line: 1, seconds: 0, diagnostics: errors,
            output: ""))
      }
    }
    for (path, stored) in sound where !Interrupts.wasInterrupted {
      try test(path, stored, front, add: add) {
        files.write($0, to: path, from: path)
      }
    }
    front.write(report.end(summary))
    if let junit { front.write(xml.end(summary), toFile: junit) }
    if Interrupts.wasInterrupted { Exit.interrupted() }
    Exit.now(
      summary.rejected > 0 ? Exit.usage : summary.failed > 0 ? Exit.testFailure : Exit.success)
  }

  private func options(
    for notebook: Notebook, _ path: String, _ front: FrontEnd
  ) throws -> NotebookRunner.Options {
    try NotebookArguments(
      parameters: parameters, cellTimeLimit: cellTimeLimit, timeLimit: timeLimit,
      memoryLimit: memoryLimit
    ).options(for: notebook, path, front)
  }

  private func test(
    _ path: String, _ stored: Notebook, _ front: FrontEnd, add: (TestOutcome) -> Void,
    store: (Notebook) -> Void
  ) throws {
    let runner = NotebookRunner(
      try options(for: stored, path, front), live: { front.progress.show($0) })
    Interrupts.route(to: runner.interrupt)
    let comparison = OutputComparison(tolerance: tolerance)
    var fresh = stored
    var isChanged = false
    let source = SourceText(name: path, text: "")
    _ = runner.run(&fresh) { notebook, index, result in
      let cell = notebook.cells[index]
      let old = stored.cells[index]
      var diagnostics: [Diagnostic] = []
      let mayFail = cell.tags.contains("raises-exception")
      if result.status != .finished, !mayFail {
        diagnostics = result.diagnostics.filter { $0.severity == .error }
      } else if old.executionCount != nil || !old.outputs.isEmpty,
        !cell.tags.contains("nb-ignore-output")
      {
        let differences = comparison.differences(old.outputs, cell.outputs)
        if !differences.isEmpty {
          isChanged = true
          if !update {
            diagnostics = [
              Diagnostic(
                code: "E0816", "the cell shows something else than what is stored",
                hint: "where it should, mdm nb test --update stores it", notes: differences)
            ]
          }
        }
      }
      add(
        TestOutcome(
          status: diagnostics.isEmpty ? .passed : result.status == .finished ? .failed : .broken,
          name: "cell \(index + 1)" + (cell.title.map { ": \($0)" } ?? ""), source: source,
          line: index + 1, seconds: result.seconds, diagnostics: diagnostics, output: ""))
    }
    if update, isChanged, path.hasSuffix(".ipynb") { store(fresh) }
  }
}
