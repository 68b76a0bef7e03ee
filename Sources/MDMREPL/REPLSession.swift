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
  /// What may stand at a cursor, which counts Unicode scalars.
  func completions(of text: String, at cursor: Int) -> Completions

  /// Whether an input is whole; commands are.
  func completeness(of text: String) -> InputCompleteness

  /// Past inputs, oldest first. Asked for once, when the first key has been pressed: the prompt
  /// does not wait for them.
  func pastInputs() -> [String]

  /// Runs an input or a command such as `:help`; prints results and errors itself.
  /// - Returns: whether the loop goes on.
  func evaluate(_ text: String) -> Bool

  /// Called inside a signal handler while ``evaluate(_:)`` runs: set an atomic flag, nothing more.
  func interrupt()
}
