import Glibc
import MDMRuntime
import MDMSyntax
import Synchronization

/// A call that runs in the background: `spawn f(x)`.
///
/// What it prints is kept until somebody waits for it; what it trains is seen while it goes on.
public final class Job: KeptRun {
  public enum Status: String, Sendable, CaseIterable {
    case running
    case complete
    /// It was asked to stop; what it had is its value.
    case interrupted
    /// It ended with an error.
    case failed
  }

  /// What is known of a job at one moment, for lists.
  public struct Row: Sendable {
    /// From 1, in the order of starting; 0 for a run of another process.
    public var number: Int
    /// What `attach` takes.
    public var id: String
    /// What runs, as it was written.
    public var label: String
    public var status: Status
    /// The steps done and planned of the training in it; 0 where nothing trains.
    public var step: Int
    public var steps: Int
    public var seconds: Double
    /// The newest line of progress; empty where there is none.
    public var progress: String
    /// What it ended with, where that is an error.
    public var error: Diagnostic?

    public init(number: Int, id: String, label: String, status: Status) {
      (self.number, self.id, self.label, self.status) = (number, id, label, status)
      (step, steps, seconds, progress) = (0, 0, 0, "")
    }

    /// What messages call it.
    var name: String { number > 0 ? "job \(number)" : "job \(id)" }
  }

  /// A piece of what the job printed.
  struct Piece: Sendable {
    let text: String
    let isError: Bool
  }

  private struct State {
    var status = Status.running
    var step = 0
    var steps = 0
    var series: [String: [Double]] = [:]
    var progress = ""
    var pieces: [Piece] = []
    var text = ""
    var warnings: [Diagnostic] = []
    var value: Datum?
    var error: ScriptError?
    var end: Double?
    /// It was asked to stop.
    var isStopping = false
    /// A run in it gave a partial value.
    var isPartial = false
    /// Somebody has waited for it: its error is theirs.
    var isToldOf = false
  }

  /// Bytes of printed text that are kept, the newest ones.
  static let textLimit = 1 << 20

  public let number: Int
  public let id: String
  public let label: String
  /// Where it was started.
  let place: (source: SourceText, span: Span)?
  /// What asks the job's machine to stop.
  let interrupt = InterruptFlag()
  private let start = Job.now()
  private let state = Mutex(State())

  init(
    number: Int, id: String, label: String, place: (source: SourceText, span: Span)? = nil
  ) {
    self.number = number
    self.place = place
    self.id = id
    self.label = label
  }

  // MARK: Reading

  /// What is known now.
  public var row: Row {
    state.withLock { state in
      var row = Row(number: number, id: id, label: label, status: state.status)
      (row.step, row.steps) = (state.step, state.steps)
      row.seconds = (state.end ?? Job.now()) - start
      row.progress = state.progress
      row.error = state.error?.diagnostic
      return row
    }
  }

  public var isRunning: Bool { state.withLock { $0.status == .running } }

  /// The metrics of the newest training in it, by key: a value a step.
  public var series: [String: [Double]] { state.withLock { $0.series } }

  /// Its value; nil while it runs and where it failed.
  var value: Datum? { state.withLock { $0.value } }

  /// What it ended with, where that is an error.
  var error: ScriptError? { state.withLock { $0.error } }

  /// The newest of what it printed.
  var text: String { state.withLock { $0.text } }

  // MARK: Stopping

  /// Asks it to stop; never refused.
  public func requestStop() -> String? {
    stop()
    return nil
  }

  /// Asks it to stop: a training ends its step and gives what it has, anything else ends.
  public func stop() {
    let isRunning = state.withLock { state in
      if state.status == .running { state.isStopping = true }
      return state.status == .running
    }
    if isRunning { interrupt.requestInterrupt() }
  }

  /// Its value, error and text are somebody's who waits.
  func tell() { state.withLock { $0.isToldOf = true } }

  /// Takes what has been printed since the last call.
  func takePieces() -> (pieces: [Piece], warnings: [Diagnostic]) {
    state.withLock { state in
      defer { (state.pieces, state.warnings) = ([], []) }
      return (state.pieces, state.warnings)
    }
  }

  /// The error of a job that has ended, where nobody has been told of it; after that it is told.
  func takeUntoldError() -> ScriptError? {
    state.withLock { state in
      guard state.status != .running, !state.isToldOf else { return nil }
      state.isToldOf = true
      return state.status == .failed ? state.error : nil
    }
  }

  // MARK: What the job's thread tells

  func write(_ text: String, isError: Bool) {
    state.withLock { state in
      state.pieces.append(Piece(text: text, isError: isError))
      state.text += text
      if state.text.utf8.count > 2 * Job.textLimit {
        state.text = String(state.text.suffix(Job.textLimit))
        state.pieces = [Piece(text: state.text, isError: false)]
      }
    }
  }

  func warn(_ diagnostic: Diagnostic) { state.withLock { $0.warnings.append(diagnostic) } }

  func show(_ line: String) { if !line.isEmpty { state.withLock { $0.progress = line } } }

  /// A training with so many steps begins.
  func begin(steps: Int) {
    state.withLock { state in
      (state.step, state.steps) = (0, steps)
      state.series = [:]
    }
  }

  func note(step: Int, of steps: Int) {
    state.withLock { ($0.step, $0.steps) = (step, steps) }
  }

  func note(_ metrics: [String: Double]) {
    state.withLock { state in
      for (key, value) in metrics { state.series[key, default: []].append(value) }
    }
  }

  /// A run in it was ended early and gave what it had.
  func notePartial() { state.withLock { $0.isPartial = true } }

  /// Runs the call to its end.
  func run(_ fork: MachineFork) {
    do throws(ScriptError) {
      let result = try fork.run()
      state.withLock { state in
        state.value = result.value
        if result.lostFunctions > 0 {
          var warning = Diagnostic(
            .warning, code: "W0707",
            "the value of job \(number) holds \(result.lostFunctions) functions: each is none now",
            hint: "give what they made; a function cannot leave its job")
          warning.place = place
          state.warnings.append(warning)
        }
        state.status = state.isStopping && state.isPartial ? .interrupted : .complete
        state.end = Job.now()
      }
    } catch {
      state.withLock { state in
        let isStopped = error.kind == .interrupt && state.isStopping
        state.status = isStopped ? .interrupted : .failed
        if !isStopped { state.error = error }
        state.end = Job.now()
      }
    }
  }

  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
