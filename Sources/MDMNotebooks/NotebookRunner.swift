import Glibc
import MDMBuiltins
import MDMJSON
import MDMRuntime
import MDMSession
import MDMSyntax

/// Runs the cells of a notebook in order, in a session of their own.
public final class NotebookRunner {
  /// Limits and habits of a run.
  public struct Options: Sendable {
    /// Values for the notebook's `param`s, as text.
    public var parameters: [String: String] = [:]
    /// The seconds that one cell may take.
    public var cellTimeLimit: Double?
    /// The seconds that the whole notebook may take.
    public var timeLimit: Double?
    /// Goes on behind a cell that fails.
    public var keepsGoing = false
    /// Lets `:!command` cells run.
    public var allowsShell = false
    /// The folder of the notebook's file, with `/` at its end: paths of modules are relative to it.
    public var folder = ""
    /// The bytes that the outputs of one cell may have.
    public var outputLimit = 10 << 20
    /// The bytes that values may take; nil: as many as there are.
    public var memoryLimit: Int?
    /// Whether somebody wants the run to end: asked behind every cell.
    public var isStopped: @Sendable () -> Bool = { false }

    public init() {}
  }

  /// How a run ended.
  public enum Ending: Sendable, Equatable {
    case finished
    /// The first cell that failed without the tag `raises-exception`, counted from 1.
    case failed(cell: Int, CellResult.Status)
    case timeLimit(cell: Int)
    case interrupted(cell: Int)
  }

  /// The `param`s that a notebook declares, in order.
  public static func parameters(of notebook: Notebook) -> [ScriptParameter] {
    notebook.cells.filter { $0.kind == .code }.flatMap { cell in
      ScriptParameter.all(of: Parser.parse(SourceText(name: "cell", text: cell.source)).tree)
    }
  }

  let options: Options
  /// What the running cell has shown.
  private final class Screen { var outputs = OutputCollector() }
  private let screen = Screen()
  let cells: CellEvaluator
  /// What messages call cells, before their number.
  static let cellPrefix = "cell"
  /// What later cells may replace: the cell and its output, by the id of `display`.
  private var shown: [String: (cell: Int, output: Int)] = [:]

  /// - Parameters:
  ///   - live: takes progress lines.
  ///   - session: changes further options of the session.
  public init(
    _ options: Options, live: @escaping (String) -> Void = { _ in },
    session change: (inout SessionOptions) -> Void = { _ in }
  ) {
    self.options = options
    let screen = screen
    var settings = SessionOptions(
      output: { screen.outputs.add($0, to: "stdout") },
      errorOutput: { screen.outputs.add($0, to: "stderr") }, live: live)
    settings.memoryLimit = options.memoryLimit
    settings.present = { screen.outputs.add($0, id: $1, isUpdate: $2) }
    settings.clearOutput = { screen.outputs.clear(wait: $0) }
    settings.inputPlace = (Self.cellPrefix, options.folder)
    change(&settings)
    cells = CellEvaluator(settings, named: Self.cellPrefix)
    cells.allowsShell = options.allowsShell
    cells.session.setParameters(options.parameters)
  }

  /// Set it to stop the running cell.
  public var interrupt: InterruptFlag { cells.session.interrupt }

  /// What cells have started in the background.
  public var jobs: JobRegistry { cells.session.jobs }

  /// Runs all code cells; those tagged `skip-execution` are left as they are.
  ///
  /// - Parameter afterCell: gets the notebook as it stands behind each cell, so that a kill loses
  ///   one cell at most.
  /// - Returns: how it ended; what ran has its outputs in the notebook.
  public func run(
    _ notebook: inout Notebook, afterCell: (Notebook, _ index: Int, CellResult) throws -> Void
  ) rethrows -> Ending {
    for index in notebook.cells.indices where notebook.cells[index].isRun {
      notebook.cells[index].outputs = []
      notebook.cells[index].executionCount = nil
    }
    let deadline = options.timeLimit.map { Self.seconds() + $0 }
    var ending = Ending.finished
    for index in notebook.cells.indices where notebook.cells[index].isRun {
      let number = index + 1
      // A training whose time is over gives its partial run, and its cell ends well.
      if Self.isOver(deadline) { return ending == .finished ? .timeLimit(cell: number) : ending }
      let result = run(index, of: &notebook, until: deadline)
      try afterCell(notebook, index, result)
      if options.isStopped() { return .interrupted(cell: number) }
      switch result.status {
      case .finished: continue
      case .interrupted: return .interrupted(cell: number)
      case .timeLimit where Self.isOver(deadline): return .timeLimit(cell: number)
      case let status:
        if notebook.cells[index].tags.contains("raises-exception"), status != .timeLimit {
          continue
        }
        if ending == .finished {
          ending = status == .timeLimit ? .timeLimit(cell: number) : .failed(cell: number, status)
        }
        if !options.keepsGoing { return ending }
      }
    }
    return ending
  }

  private func run(
    _ index: Int, of notebook: inout Notebook, until deadline: Double?
  ) -> CellResult {
    screen.outputs = OutputCollector(limit: options.outputLimit)
    let left = deadline.map { max(0.001, $0 - Self.seconds()) }
    let flag = interrupt
    let alarm = [options.cellTimeLimit, left].compactMap { $0 }.min().map { seconds in
      // Again and again: a cell that catches the first one still ends.
      Alarm(after: seconds, every: 1) { flag.requestTimeLimit() }
    }
    let result = cells.evaluate(notebook.cells[index].source)
    alarm?.cancel()
    for diagnostic in result.diagnostics where diagnostic.severity != .error {
      screen.outputs.add(DiagnosticRenderer().render(diagnostic), to: "stderr")
    }
    if let page = result.page { screen.outputs.add(page, id: nil) }
    for error in result.diagnostics where error.severity == .error { screen.outputs.add(error) }
    if let value = result.value { screen.outputs.add(result: value, count: result.number) }
    notebook.cells[index].executionCount = result.number
    let (outputs, places) = screen.outputs.finished()
    notebook.cells[index].outputs = outputs
    for (id, output) in places { shown[id] = (index, output) }
    for (id, presentation) in screen.outputs.updates {
      update(id, presentation, index, &notebook)
    }
    return result
  }

  /// Shows a value where an earlier cell has shown one under the id; behind this cell's outputs
  /// where that place is gone.
  private func update(
    _ id: String, _ presentation: Presentation, _ index: Int, _ notebook: inout Notebook
  ) {
    let output = NotebookOutput.display(
      data: OutputCollector.data(of: presentation), metadata: [])
    if let place = shown[id] {
      notebook.cells[place.cell].outputs[place.output] = output
    } else {
      shown[id] = (index, notebook.cells[index].outputs.count)
      notebook.cells[index].outputs.append(output)
    }
  }

  private static func isOver(_ deadline: Double?) -> Bool {
    deadline.map { seconds() >= $0 } ?? false
  }

  private static func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

extension NotebookCell {
  /// Whether running the notebook runs this cell.
  var isRun: Bool {
    kind == .code && source.contains { !$0.isWhitespace } && !tags.contains("skip-execution")
  }
}
