import Glibc
import MDMRuntime
import MDMSyntax
import Synchronization

/// The jobs of a session, from any thread.
public final class JobRegistry: Sendable {
  /// What a job printed or ended with that nobody has waited for.
  public struct Untold: Sendable {
    public let row: Job.Row
    /// Its output in order.
    public let pieces: [(text: String, isError: Bool)]
    public let diagnostics: [Diagnostic]
  }

  private struct State {
    var jobs: [Job] = []
    var hear: (@Sendable (Job.Row) -> Void)?
  }

  private let state = Mutex(State())

  /// Jobs that may run at once.
  static let limit = 64
  private static let stackBytes = 16 << 20

  public init() {}

  /// What is known of each job now, in the order of starting.
  public var rows: [Job.Row] { jobs.map(\.row) }

  /// The jobs in the order of starting.
  public var jobs: [Job] { state.withLock { $0.jobs } }

  /// How many of them run.
  public var runningCount: Int { jobs.count(where: \.isRunning) }

  /// Sets what hears of a job's end, on that job's thread.
  public func observe(_ hear: (@Sendable (Job.Row) -> Void)?) { state.withLock { $0.hear = hear } }

  /// The job with an id or a unique beginning of one.
  func job(_ id: String) -> Job? {
    let jobs = jobs
    if let exact = jobs.first(where: { $0.id == id }) { return exact }
    let matches = jobs.filter { $0.id.hasPrefix(id) }
    return matches.count == 1 ? matches[0] : nil
  }

  // MARK: Starting

  /// Runs a fork of a machine on a thread of its own; nil where there is no thread for it.
  ///
  /// - Parameter fork: makes the machine, on the calling thread.
  func start(
    id: String, label: String, at place: (source: SourceText, span: Span)?,
    _ fork: (Job) -> MachineFork
  ) -> Job? {
    let job = state.withLock { state in
      let job = Job(number: state.jobs.count + 1, id: id, label: label, place: place)
      state.jobs.append(job)
      return job
    }
    let machine = fork(job)
    let started = Self.startThread { [self] in
      job.run(machine)
      state.withLock { $0.hear }?(job.row)
    }
    if started { return job }
    state.withLock { state in state.jobs.removeAll { $0 === job } }
    return nil
  }

  /// Runs a body on a thread that no signal of the terminal ever meets.
  private static func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
    final class Box: Sendable {
      let body: @Sendable () -> Void
      init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, stackBytes)
    defer { pthread_attr_destroy(&attributes) }
    var blocked = sigset_t()
    var before = sigset_t()
    sigfillset(&blocked)
    pthread_sigmask(SIG_SETMASK, &blocked, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let box = Unmanaged.passRetained(Box(body))
    var thread = pthread_t()
    let status = pthread_create(
      &thread, &attributes,
      { argument in
        if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, box.toOpaque())
    if status != 0 { box.release() }
    return status == 0
  }

  // MARK: Ending

  /// Asks all that run to stop.
  public func stopAll() { for job in jobs { job.stop() } }

  /// Waits until nothing runs any more; false where the time is over or `isInterrupted` before.
  public func wait(
    seconds: Double = .infinity, isInterrupted: () -> Bool = { false }
  ) -> Bool {
    let start = Job.now()
    var pause = 0.001
    while runningCount > 0 {
      if isInterrupted() || Job.now() - start > seconds { return false }
      Self.sleep(&pause)
    }
    return true
  }

  /// Stops what runs and waits for it for some seconds; those still running then are given up.
  ///
  /// The first request lets a training give its partial value, a later one ends whatever goes on.
  public func leave(within seconds: Double = 4) {
    for _ in 0..<2 where runningCount > 0 {
      stopAll()
      _ = wait(seconds: seconds / 2)
    }
  }

  /// What jobs that have ended printed and failed with, where nobody has waited for them; once.
  public func takeUntold() -> [Untold] {
    jobs.compactMap { job in
      guard !job.isRunning else { return nil }
      let error = job.takeUntoldError()
      let (pieces, warnings) = job.takePieces()
      if error == nil, pieces.isEmpty, warnings.isEmpty { return nil }
      return Untold(
        row: job.row, pieces: pieces.map { ($0.text, $0.isError) },
        diagnostics: warnings + (error.map { [$0.diagnostic] } ?? []))
    }
  }

  /// Sleeps a little, longer every time, at most 10 ms.
  static func sleep(_ pause: inout Double) {
    usleep(UInt32(pause * 1e6))
    pause = min(pause * 2, 0.01)
  }
}
