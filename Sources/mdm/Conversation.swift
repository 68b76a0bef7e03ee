import MDMREPL
import MDMRuntime
import MDMSession
import MDMSyntax

/// What the line editor talks to: a thin client of the cell evaluator.
final class Conversation: REPLSession {
  private let front: FrontEnd
  private let cells: CellEvaluator
  /// A person sits before it: inputs are remembered.
  private let isInteractive: Bool
  /// Whether any chunk failed, for the exit status of a pipe.
  private(set) var hasFailed = false
  /// The history could not be written; nobody wants to read that twice.
  private var hasToldOfHistory = false

  /// Inputs that take longer are told how long they took.
  private static let longInput = 5.0

  init(_ front: FrontEnd, isInteractive: Bool) {
    self.front = front
    self.isInteractive = isInteractive
    cells = front.cells(named: "repl")
    cells.allowsShell = true
    cells.shellUsesTerminal = isInteractive
  }

  /// Runs the user's own start file; its errors are shown, and are no reason to stop.
  func start(_ path: String) {
    do throws(ScriptError) {
      guard let text = try FileText.read(path) else { return }
      front.show(cells.load(SourceText(name: path, text: text)))
    } catch {
      var result = CellResult(number: 0, status: .rejected)
      result.diagnostics = [error.diagnostic]
      front.show(result)
    }
  }

  func completions(of text: String, at cursor: Int) -> Completions {
    let found = cells.view.complete(text, at: cursor)
    return Completions(
      start: found.start, end: found.end,
      candidates: found.candidates.map {
        Completions.Candidate(
          $0.text, type: $0.type.isEmpty ? $0.kind.rawValue : $0.type, help: $0.help,
          isFirst: $0.kind == .argument)
      })
  }

  func completeness(of text: String) -> InputCompleteness {
    switch cells.view.completeness(of: text) {
    case .complete: .complete
    case .incomplete(let depth): .incomplete(indent: 2 * depth)
    case .invalid: .invalid
    }
  }

  func pastInputs() -> [String] { history.tail(Self.pastInputLimit).map(\.input) }

  /// More are on disk; `:history` finds them.
  private static let pastInputLimit = 5000

  func evaluate(_ text: String) -> Bool {
    Interrupts.reset()
    remember(text)
    var result = cells.evaluate(text)
    front.progress.clear()
    let curves =
      isInteractive && result.value != nil ? cells.sparklines(columns: Terminal.width) : nil
    if curves?.replacesText == true { result.value = nil }
    front.show(result)
    if let curves { front.write(curves.text) }
    if isInteractive, result.seconds > Self.longInput {
      front.note("took \(DurationText.text(result.seconds))")
    }
    if result.status != .finished { hasFailed = true }
    return !result.isLeaving
  }

  func interrupt() { cells.interrupt() }

  /// Tells above the prompt when something in the background has ended.
  func tellOfJobs(_ announcements: Announcements) {
    cells.session.jobs.observe { announcements.add(JobsCommand.notice($0)) }
  }

  /// Stops what runs in the background; nothing of it is lost without a word.
  func end() {
    cells.session.jobs.observe(nil)
    cells.session.leaveJobs()
  }

  // MARK: History

  /// Opened when it is needed: the prompt does not wait for the disk.
  private lazy var history: InputHistory = {
    let history = InputHistory(path: UserFiles.history, source: "repl")
    cells.history = history
    return history
  }()

  /// Keeps an input before it runs, whatever it does then. One that begins with a blank is not kept.
  private func remember(_ text: String) {
    guard isInteractive, let first = text.first, !first.isWhitespace else { return }
    do throws(ScriptError) {
      try history.append(text, number: cells.count + 1)
    } catch {
      guard !hasToldOfHistory else { return }
      hasToldOfHistory = true
      var result = CellResult(number: 0, status: .finished)
      result.diagnostics = [error.diagnostic]
      front.show(result)
    }
  }
}
