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
      The output is written after every cell, so that a kill loses one cell at most. Cells tagged
      raises-exception may fail; cells tagged skip-execution are left out.
      """)

  @Argument(help: "The notebook, .mdm or .ipynb.") var input: String
  @Option(name: [.short, .long], help: "Where the notebook with outputs goes (.ipynb or .html).")
  var output: String
  @Option(
    name: [.customShort("p"), .customLong("parameter")],
    help: "A value for a `param` of the notebook; may be repeated.")
  var parameters: [String] = []
  @Option(help: "End a cell that takes longer, such as 30s or 5min.") var cellTimeLimit: String?
  @Option(help: "End the run when all cells together take longer.") var timeLimit: String?
  @Flag(help: "Go on behind a cell that fails.") var keepGoing = false
  @Flag(help: "Let cells that begin with :! run commands of the shell.") var allowShell = false

  func validate() throws {
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
      keepsGoing: keepGoing, allowsShell: allowShell
    ).options(for: notebook, input, front)
    let runner = NotebookRunner(options, live: { front.progress.show($0) }) {
      $0.runs = RunStore.standard
    }
    Interrupts.route(to: runner.interrupt)
    // The place is tried before an hour of work, not after it.
    files.write(notebook, to: output, from: input)
    let ending = runner.run(&notebook) { notebook, _, _ in
      front.progress.clear()
      files.write(notebook, to: output, from: input)
    }
    // What a notebook has started and not waited for goes on to its end, as that of a script.
    if ending != .finished || !runner.jobs.wait(isInterrupted: { runner.interrupt.isRequested }) {
      runner.jobs.leave()
    }
    front.progress.clear()
    leave(ending, notebook)
  }

  private func leave(_ ending: NotebookRunner.Ending, _ notebook: Notebook) -> Never {
    func tell(_ cell: Int) {
      for case .error(_, _, let lines) in notebook.cells[cell - 1].outputs {
        let text = lines.joined(separator: "\n") + "\n"
        Terminal.write(Terminal.usesColor(on: 2) ? text : text.withoutEscapes, to: 2)
      }
    }
    switch ending {
    case .finished: Exit.now(Exit.success)
    case .interrupted: Exit.interrupted()
    case .timeLimit(let cell):
      tell(cell)
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
