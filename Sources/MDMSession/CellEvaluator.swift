import Glibc
import MDMBuiltins
import MDMRuntime
import MDMSyntax

/// Evaluates the inputs of a REPL or the cells of a notebook: numbered, commands included.
///
/// One thread owns it; only ``view`` and ``interrupt()`` may be used from others.
public final class CellEvaluator {
  public let session: Session
  /// What completion and inspection know, for any thread.
  public let view: SessionView
  /// Whether `:!command` runs; notebooks run no shell unless they are told to.
  public var allowsShell = false
  /// Whether such a command has the terminal to itself; otherwise what it writes is output.
  public var shellUsesTerminal = false
  /// Past inputs, for `:history`.
  public var history: InputHistory?
  /// The last error of an input and all the calls that were open then, for `:trace`.
  public private(set) var lastError: (diagnostic: Diagnostic, frames: [Diagnostic.Frame])?
  /// What inputs are called, before their number: `repl[7]`.
  let prefix: String
  /// The number of the last input.
  public private(set) var count = 0
  let collected: Collected
  /// `_1` and its like: the numbers whose values are kept.
  private var keptNumbers: [Int] = []
  /// The inputs that ran, with their numbers, for `:save` and `:why`.
  public private(set) var inputs: [Input] = []

  /// An input that was evaluated.
  public struct Input: Sendable {
    public let number: Int
    public let text: String
    public let status: CellResult.Status
  }

  /// How many values `_1` and its like keep alive.
  static let keptValues = 20

  /// Diagnostics that the session reports while an input runs.
  final class Collected {
    var diagnostics: [Diagnostic] = []
  }

  /// - Parameter prefix: what inputs are called before their number.
  public init(_ options: SessionOptions, named prefix: String = "cell") {
    let collected = Collected()
    var options = options
    options.report = { collected.diagnostics.append($0) }
    self.collected = collected
    self.prefix = prefix
    session = Session(options)
    view = SessionView(session)
  }

  /// Asks what runs to stop: the first time a training gives its partial run. Any thread may call
  /// it, and signal handlers.
  public func interrupt() { session.interrupt.requestInterrupt() }

  /// Runs an input. What it prints goes to the session's sinks meanwhile.
  ///
  /// - Parameter number: its number; by default one more than the last.
  public func evaluate(_ text: String, number: Int? = nil) -> CellResult {
    count = number ?? count + 1
    let start = Self.seconds()
    collected.diagnostics = []
    session.interrupt.clear()
    var result: CellResult
    if let (command, argument) = CellCommands.find(text) {
      result = CellResult(number: count, status: .finished)
      command.run(argument, self, &result)
    } else if let unknown = CellCommands.unknown(text) {
      result = CellResult(number: count, status: .rejected)
      result.diagnostics = [unknown]
    } else {
      result = run(text)
    }
    result.diagnostics = collected.diagnostics + result.diagnostics
    collected.diagnostics = []
    if let error = result.error {
      lastError = (error, session.machine.allFrames(of: error) ?? error.trace)
    }
    result.seconds = Self.seconds() - start
    inputs.append(Input(number: count, text: text, status: result.status))
    return result
  }

  /// Runs a file whose names the inputs may use, such as a user's own start file; it is no input.
  public func load(_ source: SourceText) -> CellResult {
    collected.diagnostics = []
    session.interrupt.clear()
    var result = CellResult(number: count, status: Self.status(session.run(source, form: .chunk)))
    result.diagnostics = collected.diagnostics
    collected.diagnostics = []
    view.update(session, mentionedIn: source)
    return result
  }

  /// Runs a text as a chunk: the part of an input that is no command.
  func run(_ text: String) -> CellResult {
    let source = SourceText(name: "\(prefix)[\(count)]", text: text)
    let outcome = session.run(source, form: .chunk)
    var result = CellResult(number: count, status: Self.status(outcome))
    if case .finished(let value) = outcome, !value.isNone {
      result.value = session.presentation(of: value)
      keep(value)
    }
    view.update(session, mentionedIn: source)
    return result
  }

  /// Binds `_7` to the value of input 7, and lets the oldest one go.
  private func keep(_ value: ValueHandle) {
    session.machine.setGlobal("_\(count)", value)
    keptNumbers.removeAll { $0 == count }
    keptNumbers.append(count)
    guard keptNumbers.count > Self.keptValues else { return }
    session.machine.setGlobal("_\(keptNumbers.removeFirst())", Datum.none)
  }

  static func status(_ outcome: Session.Outcome) -> CellResult.Status {
    switch outcome {
    case .finished: .finished
    case .rejected: .rejected
    case .failed(.assertion): .assertionFailed
    case .failed(.interrupt): .interrupted
    case .failed(.timeLimit): .timeLimit
    case .failed: .failed
    }
  }

  static func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
