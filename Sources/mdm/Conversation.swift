import MDMREPL
import MDMSession
import MDMSyntax

/// What the line editor talks to: a thin client of the cell evaluator.
final class Conversation: REPLSession {
  private let front: FrontEnd
  private let cells: CellEvaluator
  /// Whether any chunk failed, for the exit status of a pipe.
  private(set) var hasFailed = false

  init(_ front: FrontEnd) {
    self.front = front
    cells = front.cells(named: "repl")
    cells.allowsShell = true
  }

  func completions(of line: String, at cursor: Int) -> (from: Int, candidates: [String]) {
    let found = cells.view.complete(line, at: cursor)
    return (found.start, found.candidates.map(\.text))
  }

  func completeness(of text: String) -> InputCompleteness {
    switch cells.view.completeness(of: text) {
    case .complete: .complete
    case .incomplete(let depth): .incomplete(indent: 2 * depth)
    case .invalid: .invalid
    }
  }

  func evaluate(_ text: String) {
    Interrupts.reset()
    let result = cells.evaluate(text)
    front.progress.clear()
    front.show(result)
    if result.status != .finished { hasFailed = true }
    if result.isLeaving { Exit.now(Exit.success) }
  }

  func interrupt() { cells.interrupt() }
}
