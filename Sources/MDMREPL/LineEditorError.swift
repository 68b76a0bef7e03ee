/// Why a line editor could not be made.
public enum LineEditorError: Error, Equatable, Sendable, CustomStringConvertible {
  /// libedit could not set the terminal up.
  case terminalUnusable

  /// One sentence that says what happened.
  public var message: String { "the line editor cannot use this terminal" }

  /// What to do about it.
  public var hint: String { "check TERM, or feed the input through a pipe" }

  /// The message with its hint.
  public var description: String { "\(message) (\(hint))" }
}
