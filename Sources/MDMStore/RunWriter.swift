import Glibc
import MDMJSON
import Synchronization

/// Writes one run while it goes on.
///
/// Each step is one write of one line at the end of a file, so that whatever kills the process takes
/// the step under way at most. What cannot be written is left out: a full disk does not end a
/// training.
public final class RunWriter: Sendable {
  private struct State {
    var file: Int32
    /// The last line was cut short, so the next begins on a new one.
    var isTorn = false
    var hasWarned = false
    var step = 0
    var hasEnded = false
  }

  public let id: String
  public let folder: String
  private let description: [JSONNode.Member]
  private let started: Double
  private let warn: @Sendable (String) -> Void
  private let state: Mutex<State>
  private let nextLook = Atomic<UInt64>(0)
  private let isStopping = Atomic<Bool>(false)

  /// Seconds between looks for a request to stop.
  private static let lookInterval = 0.05

  /// Begins a run.
  ///
  /// - Parameters:
  ///   - id: what it should be called, see `RunStore.create`.
  ///   - description: what goes into `run.json` besides its own members.
  ///   - warn: takes one sentence where something cannot be written, once.
  /// - Throws: where not even the folder can be made.
  public init(
    _ store: RunStore, id: String, description: [JSONNode.Member],
    warn: @escaping @Sendable (String) -> Void
  ) throws(StoreError) {
    let made = try store.create(id)
    (self.id, folder) = made
    self.description = description
    self.warn = warn
    started = Disk.wallSeconds()
    state = Mutex(State(file: -1))
    // First of all: metrics without a description are a run that lost it.
    writeDescription(status: "running", more: [])
    let file = open(
      made.folder + "/metrics.jsonl", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    let problem = file < 0 ? Disk.reason(errno) : nil
    state.withLock { state in
      state.file = file
      if let problem { complain(&state, "metrics.jsonl", problem) }
    }
  }

  deinit { state.withLock { if $0.file >= 0 { close($0.file) } } }

  /// Adds a step; metrics that are no numbers become null.
  public func add(step: Int, metrics: [String: Double]) {
    var members: [JSONNode.Member] = [.init(name: "step", value: .integer(Int64(step)))]
    for key in metrics.keys.sorted() {
      members.append(.init(name: key, value: .number(metrics[key] ?? .nan)))
    }
    var line = JSONNode.object(members).compact
    line.append(0x0A)
    state.withLock { state in
      state.step = step
      guard state.file >= 0 else { return }
      let bytes = state.isTorn ? [0x0A] + line : line
      let (count, problem) = Disk.write(bytes, to: state.file)
      if let problem {
        if count > 0 { state.isTorn = true }
        complain(&state, "metrics.jsonl", problem)
      } else {
        state.isTorn = false
      }
    }
  }

  /// Says how the run ended; only the first call counts.
  public func end(status: String, more: [JSONNode.Member]) {
    let isFirst = state.withLock { state in
      defer { state.hasEnded = true }
      return !state.hasEnded
    }
    if isFirst { writeDescription(status: status, more: more) }
  }

  /// Somebody asked the run to stop: `StoredRun.requestStop`. Looks at the disk now and then only.
  public var isStopRequested: Bool {
    if isStopping.load(ordering: .relaxed) { return true }
    let now = Disk.seconds()
    let next = nextLook.load(ordering: .relaxed)
    guard now >= Double(bitPattern: next) else { return false }
    let later = (now + Self.lookInterval).bitPattern
    guard
      nextLook.compareExchange(expected: next, desired: later, ordering: .relaxed).exchanged,
      Disk.exists(folder + "/stop")
    else { return false }
    isStopping.store(true, ordering: .relaxed)
    return true
  }

  private func writeDescription(status: String, more: [JSONNode.Member]) {
    var members: [JSONNode.Member] = [
      .init(name: "format", value: .integer(1)), .init(name: "id", value: .string(id)),
      .init(name: "status", value: .string(status)),
      .init(name: "started", value: .string(Disk.timeText(started))),
      .init(name: "started_seconds", value: .number(started)),
    ]
    if status != "running" {
      let now = Disk.wallSeconds()
      members.append(.init(name: "ended", value: .string(Disk.timeText(now))))
      members.append(.init(name: "ended_seconds", value: .number(now)))
      let step = state.withLock { $0.step }
      members.append(.init(name: "steps_done", value: .integer(Int64(step))))
    }
    members += ProcessIdentity.current.members + description + more
    let path = folder + "/run.json"
    if let problem = Disk.replace(path, with: JSONNode.object(members).compact + [0x0A]) {
      state.withLock { complain(&$0, "run.json", problem) }
    }
  }

  private func complain(_ state: inout State, _ name: String, _ problem: String) {
    guard !state.hasWarned else { return }
    state.hasWarned = true
    warn("\(folder)/\(name) cannot be written: \(problem); the run goes on")
  }
}
