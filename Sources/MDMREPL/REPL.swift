import Glibc

/// The loop between a person, or a pipe, and a session.
public struct REPL: Sendable {
  /// How the loop ended.
  public enum Ending: Equatable, Sendable {
    /// Ctrl-D, the end of the input, or a command that leaves.
    case endOfInput
    /// Ctrl-C while input from a pipe was evaluated: the caller raises SIGINT again.
    case interrupted
    /// The terminal has gone, or somebody wants the process to end.
    case signalled(Int32)
  }

  /// One line shown at the start; empty for none.
  public var banner: String
  /// Lines of other threads, shown above the prompt.
  public let announcements = Announcements()
  /// Whether the prompt and the list of candidates are coloured.
  public var isColored: Bool

  /// The terminal or pipe to read from.
  public var input: Int32
  /// Where prompts and edited lines are written.
  public var output: Int32

  /// A loop on the process's own terminal unless told otherwise.
  public init(
    banner: String = "", isColored: Bool = false, input: Int32 = STDIN_FILENO,
    output: Int32 = STDOUT_FILENO
  ) {
    self.input = input
    self.output = output
    self.banner = banner
    self.isColored = isColored
  }

  /// Reads and evaluates until the input ends.
  ///
  /// On a terminal the first and second Ctrl-C in an evaluation call the session's `interrupt()`
  /// and the third ends the process by SIGINT. Without a terminal, the input is read whole and
  /// evaluated input by input, without prompts.
  public func run(_ session: any REPLSession) throws(LineEditorError) -> Ending {
    // Taken over for the whole loop: a Ctrl-C between two inputs must not end the process.
    Signals.leaving.store(0, ordering: .sequentiallyConsistent)
    Signals.isInterrupted.store(false, ordering: .sequentiallyConsistent)
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
    let editor = try LineEditor(
      announcements: announcements, isColored: isColored, input: input, output: output)
    editor.complete = { [unowned session] in session.completions(of: $0, at: $1) }
    editor.completeness = { [unowned session] in
      InputSplitter.isCommand($0) ? .complete : session.completeness(of: $0)
    }
    editor.pastInputs = { [unowned session] in session.pastInputs() }
    if !banner.isEmpty { editor.write(banner + "\n") }
    while true {
      let read = editor.readInput()
      if let signal = Self.signal { return .signalled(signal) }
      switch read {
      case .text(let entered):
        // A pasted session may hold commands: each line for the prompt itself goes alone.
        let hasCommand = entered.split(separator: "\n").contains {
          InputSplitter.isCommand(String($0))
        }
        let splitter = InputSplitter { [unowned session] in session.completeness(of: $0) }
        for part in hasCommand ? splitter.inputs(of: entered) : [entered] {
          let (presses, goesOn) = Self.evaluate(part, in: session, target)
          if let signal = Self.signal { return .signalled(signal) }
          if !goesOn { return .endOfInput }
          if presses > 0 { break }
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
      var waits = [
        pollfd(fd: input, events: Int16(POLLIN), revents: 0),
        pollfd(fd: Signals.source, events: Int16(POLLIN), revents: 0),
      ]
      _ = poll(&waits, 2, -1)
      if let signal = Self.signal { return .signalled(signal) }
      if Signals.isInterrupted.load(ordering: .sequentiallyConsistent) { return .interrupted }
      if waits[1].revents != 0 { Signals.drain() }
      guard waits[0].revents != 0 else { continue }
      let count = read(input, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { break }
      bytes += buffer[0..<count]
    }
    let splitter = InputSplitter { [unowned session] in session.completeness(of: $0) }
    for input in splitter.inputs(of: String(decoding: bytes, as: UTF8.self)) {
      let (presses, goesOn) = Self.evaluate(input, in: session, target)
      if let signal = Self.signal { return .signalled(signal) }
      if !goesOn { return .endOfInput }
      if presses > 0 { return .interrupted }
    }
    return .endOfInput
  }

  /// The signal that wants the loop to end, once it has come.
  private static var signal: Int32? {
    let number = Signals.leaving.load(ordering: .sequentiallyConsistent)
    return number == 0 ? nil : number
  }

  /// Evaluates one input or command with Ctrl-C going to the session.
  private static func evaluate(
    _ input: String, in session: any REPLSession, _ target: Signals.Target
  ) -> (presses: Int, goesOn: Bool) {
    guard input.contains(where: { !$0.isWhitespace }) else { return (0, true) }
    var goesOn = true
    let presses = Signals.evaluating(target) { goesOn = session.evaluate(input) }
    // What was printed stands before the next prompt, which takes another way to the terminal.
    fflush(nil)
    return (presses, goesOn)
  }
}
