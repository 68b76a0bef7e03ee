/// Why a line editor could not be made or its history not be kept.
public enum LineEditorError: Error, Equatable, Sendable, CustomStringConvertible {
  /// libedit could not set the terminal up.
  case terminalUnusable
  /// The history file cannot be read or written; `reason` is the system's words.
  case historyUnusable(path: String, reason: String)

  /// One sentence that says what happened.
  public var message: String {
    switch self {
    case .terminalUnusable: "the line editor cannot use this terminal"
    case .historyUnusable(let path, let reason): "cannot keep the history in \(path): \(reason)"
    }
  }

  /// What to do about it.
  public var hint: String {
    switch self {
    case .terminalUnusable: "check TERM, or feed the input through a pipe"
    case .historyUnusable: "check the file's owner and mode, or choose another path"
    }
  }

  /// The message with its hint.
  public var description: String { "\(message) (\(hint))" }
}
