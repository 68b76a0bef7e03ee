import Glibc

/// The loop between a person, or a pipe, and a session.
public struct REPL {
  /// How the loop ended.
  public enum Ending: Equatable, Sendable {
    /// Ctrl-D, or the end of the input.
    case endOfInput
    /// Ctrl-C while input from a pipe was evaluated: the caller raises SIGINT again.
    case interrupted
  }

  /// One line shown at the start; empty for none.
  public var banner: String
  /// Where past inputs are kept; `nil` keeps them in memory only.
  public var history: HistoryFile?

  /// The terminal or pipe to read from.
  public var input: Int32
  /// Where prompts and edited lines are written.
  public var output: Int32

  /// A loop on the process's own terminal unless told otherwise.
  public init(
    banner: String = "", history: HistoryFile? = nil, input: Int32 = STDIN_FILENO,
    output: Int32 = STDOUT_FILENO
  ) {
    self.input = input
    self.output = output
    self.banner = banner
    self.history = history
  }

  /// Reads and evaluates until the input ends.
  ///
  /// On a terminal the first and second Ctrl-C in an evaluation call the session's `interrupt()`
  /// and the third ends the process by SIGINT. Without a terminal, the input is read whole and
  /// evaluated input by input, without prompts.
  public func run(_ session: any REPLSession) throws(LineEditorError) -> Ending {
    // Taken over for the whole loop: a Ctrl-C between two inputs must not end the process.
    let actions = Signals.install()
    defer { Signals.restore(actions) }
    let target = Signals.Target(session)
    defer { withExtendedLifetime(target) {} }
    return isatty(input) == 1 && isatty(output) == 1
      ? try converse(with: session, target) : feed(session, target)
  }

  private func converse(with session: any REPLSession, _ target: Signals.Target)
    throws(LineEditorError) -> Ending
  {
    let editor = try LineEditor(history: history, input: input, output: output)
    editor.complete = { [unowned session] in session.completions(of: $0, at: $1) }
    editor.completeness = { [unowned session] in
      InputSplitter.isCommand($0) ? .complete : session.completeness(of: $0)
    }
    if !banner.isEmpty { editor.write(banner + "\n") }
    var hasTold = false
    while true {
      if let failure = editor.historyFailure, !hasTold {
        editor.write("\(failure)\n")
        hasTold = true
      }
      switch editor.readInput() {
      case .text(let entered):
        // A pasted session may hold commands: each line for the prompt itself goes alone.
        let hasCommand = entered.split(separator: "\n").contains {
          InputSplitter.isCommand(String($0))
        }
        let splitter = InputSplitter { [unowned session] in session.completeness(of: $0) }
        for part in hasCommand ? splitter.inputs(of: entered) : [entered] {
          if Self.evaluate(part, in: session, target) > 0 { break }
        }
      case .interrupted: continue
      case .end: return .endOfInput
      }
    }
  }

  private func feed(_ session: any REPLSession, _ target: Signals.Target) -> Ending {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(input, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { break }
      bytes += buffer[0..<count]
    }
    let splitter = InputSplitter { [unowned session] in session.completeness(of: $0) }
    for input in splitter.inputs(of: String(decoding: bytes, as: UTF8.self)) {
      if Self.evaluate(input, in: session, target) > 0 { return .interrupted }
    }
    return .endOfInput
  }

  /// Evaluates one input or command with Ctrl-C going to the session.
  /// - Returns: how often Ctrl-C was pressed.
  private static func evaluate(
    _ input: String, in session: any REPLSession, _ target: Signals.Target
  ) -> Int {
    guard input.contains(where: { !$0.isWhitespace }) else { return 0 }
    let presses = Signals.evaluating(target) {
      session.evaluate(input)
    }
    // What was printed stands before the next prompt, which takes another way to the terminal.
    fflush(nil)
    return presses
  }
}
