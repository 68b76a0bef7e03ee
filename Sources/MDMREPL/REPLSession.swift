/// Whether an input can be evaluated as it stands.
public enum InputCompleteness: Sendable, Equatable {
  case complete
  /// More must follow; the next line starts with this many spaces.
  case incomplete(indent: Int)
  /// No continuation can mend it; it is evaluated so that its error is shown.
  case invalid
}

/// What the prompt talks to: the one engine behind it, seen from the line editor.
///
/// All calls come from the thread that runs the loop, but for ``interrupt()``.
public protocol REPLSession: AnyObject {
  /// What may stand at a cursor. Offsets count Unicode scalars; candidates replace the text from
  /// `from` to the cursor.
  func completions(of line: String, at cursor: Int) -> (from: Int, candidates: [String])

  /// Whether an input is whole.
  func completeness(of text: String) -> InputCompleteness

  /// Runs an input, which may be a command such as `:help`; prints results and errors itself.
  func evaluate(_ text: String)

  /// Called inside a signal handler while ``evaluate(_:)`` runs: set an atomic flag, nothing more.
  func interrupt()
}
