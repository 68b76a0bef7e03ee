import ArgumentParser
import MDMNotebooks
import MDMRuntime
import MDMSession
import MDMStore

/// `mdm nb run`: a notebook with its outputs.
struct NotebookRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a notebook and keep what its cells show.",
    discussion: """
      All cells are checked before the first one runs: a wrong name in the last one is told at once, \
      and ends with status 2. The output is written after every cell, so that a kill loses one cell at most. Cells tagged
      raises-exception may fail; cells tagged skip-execution are left out.
      """)

  @Argument(help: "The notebook, .mdm or .ipynb.") var input: String
  @Option(
    name: [.short, .long],
    help: "Where the notebook with outputs goes (.ipynb or .html); without it they are printed.")
  var output: String?
  @Option(
    name: [.customShort("p"), .customLong("parameter")],
    help: "A value for a `param` of the notebook; may be repeated.")
  var parameters: [String] = []
  @Option(help: "End a cell that takes longer, such as 30s or 5min.") var cellTimeLimit: String?
  @Option(help: "End the run when all cells together take longer.") var timeLimit: String?
  @Option(help: "The most that values may take, such as 2GB.") var memoryLimit: String?
  @Flag(help: "Go on behind a cell that fails.") var keepGoing = false
  @Flag(help: "Let cells that begin with :! run commands of the shell.") var allowShell = false

  func validate() throws {
    guard let output else { return }
    guard output.hasSuffix(".ipynb") || output.hasSuffix(".html") else {
      throw ValidationError("-o names an .ipynb or .html file.")
    }
  }

  func run() throws {
    let front = FrontEnd()
    let files = NotebookFiles(front: front)
    var notebook = files.read(input)
    let options = try NotebookArguments(
      parameters: parameters, cellTimeLimit: cellTimeLimit, timeLimit: timeLimit,
      memoryLimit: memoryLimit, keepsGoing: keepGoing, allowsShell: allowShell
    ).options(for: notebook, input, front)
    let runner = NotebookRunner(
      options, live: { front.progress.show($0) }, session: { $0.runs = RunStore.standard })
    if !keepGoing {
      let errors = files.check(notebook, of: input, with: runner).filter { $0.severity == .error }
      if !errors.isEmpty {
        front.session.report(errors)
        Exit.now(Exit.usage)
      }
    }
    Interrupts.route(to: runner.interrupt)
    Interrupts.handleHangUp()
    // The place is tried before an hour of work, not after it.
    if let output { files.write(notebook, to: output, from: input) }
    let ending = runner.run(&notebook) { notebook, index, _ in
      front.progress.clear()
      if let output {
        files.write(notebook, to: output, from: input)
      } else {
        Self.show(notebook.cells[index])
      }
    }
    // What a notebook has started and not waited for goes on to its end, as that of a script.
    if ending != .finished || !runner.jobs.wait(isInterrupted: { runner.interrupt.isRequested }) {
      runner.jobs.leave()
    }
    front.progress.clear()
    leave(ending, notebook)
  }

  /// Writes what a cell has shown as text; errors come at the end.
  private static func show(_ cell: NotebookCell) {
    for output in cell.outputs {
      switch output {
      case .stream("stderr", let text): Terminal.write(text, to: 2)
      case .stream(_, let text): print(text)
      case .display(let data, _), .result(_, let data, _):
        if let text = data["text/plain"]?.text { print(text + "\n") }
      case .error: break
      }
    }
    // A reader that went away (mdm … | head) ends the program quietly.
    func print(_ text: String) { if !Terminal.write(text) { Exit.now(Exit.success) } }
  }

  private func leave(_ ending: NotebookRunner.Ending, _ notebook: Notebook) -> Never {
    func tell(_ cell: Int) {
      for case .error(_, _, let lines) in notebook.cells[cell - 1].outputs {
        let text = lines.joined(separator: "\n") + "\n"
        Terminal.write(Terminal.usesColor(on: 2) ? text : text.withoutEscapes, to: 2)
      }
    }
    let place = output.map { "; \($0) has what ran" } ?? ""
    switch ending {
    case .finished: Exit.now(Exit.success)
    case .interrupted(let cell):
      Terminal.write("note: interrupted in cell \(cell)\(place)\n", to: 2)
      Exit.interrupted()
    case .timeLimit(let cell):
      tell(cell)
      Terminal.write("note: time is over at cell \(cell)\(place)\n", to: 2)
      Exit.now(Exit.timeLimit)
    case .failed(let cell, let status):
      tell(cell)
      switch status {
      case .rejected: Exit.now(Exit.usage)
      case .assertionFailed: Exit.now(Exit.testFailure)
      default: Exit.now(Exit.runtimeError)
      }
    }
  }
}

extension String {
  /// The text without the escape sequences of colours.
  fileprivate var withoutEscapes: String {
    var text = ""
    var isEscape = false
    for scalar in unicodeScalars {
      if scalar == "\u{1B}" {
        isEscape = true
      } else if isEscape {
        isEscape = !(("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar))
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
