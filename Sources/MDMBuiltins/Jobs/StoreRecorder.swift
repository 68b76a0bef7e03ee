import MDMRuntime
import MDMStore
import MDMSyntax
import Synchronization

/// Keeps runs, and results by their content, in a store; what cannot be kept is told once a session.
public final class StoreRecorder: Sendable {
  private struct State {
    var problem: StoreError?
    var hasWarned = false
    /// Calls of `sweep(…, fresh: true)` that are under way.
    var freshSweeps = 0
    /// Runs that were taken from earlier results.
    var recalled = 0
  }

  let store: RunStore
  /// Whether results of earlier calls stand for new ones.
  let remembers: Bool
  private let state = Mutex(State())

  public init(_ store: RunStore, remembers: Bool) {
    self.store = store
    self.remembers = remembers
  }

  /// Begins a run; nil where it cannot be kept.
  func begin(_ description: RunWriter.Description) -> RunWriter? {
    trying {
      () throws(StoreError) in
      let id = description.job ?? RunIdentifier.make()
      return try RunWriter(store, id: id, description) { [self] in note($0) }
    }
  }

  /// Goes on with a run after a step; nil where another process does, or where it cannot be kept.
  func resume(_ run: StoredRun, after step: Int, job: String?) -> RunWriter? {
    trying {
      () throws(StoreError) in
      try RunWriter.resume(run, in: store, after: step, job: job) { [self] in note($0) }
    } ?? nil
  }

  /// The runs that an id or its beginning stands for, the oldest first; the newest where it is empty.
  func find(_ id: String) throws(StoreError) -> [StoredRun] {
    var runs: [StoredRun] = []
    for id in id.isEmpty ? try store.ids(newest: 1) : try store.find(id) {
      if let run = try store.run(id) { runs.append(run) }
    }
    return runs
  }

  /// The same as what `attach` gives.
  func found(_ id: String) throws(StoreError) -> [any KeptRun] {
    try find(id).map { FoundRun(store: store, first: $0) }
  }

  /// Which runs made a policy, and the policy that they began with, and so on: names and texts.
  func makers(of fingerprint: String, before id: String?) -> [(name: String, text: String)] {
    var facts: [(name: String, text: String)] = []
    var next = fingerprint
    var last = id
    while facts.count < 8 {
      let (wanted, id) = (next, last)
      let found = trying { () throws(StoreError) in try store.maker(of: wanted, before: id) } ?? nil
      guard let run = found else { break }
      facts.append(
        (
          "\(wanted) made by",
          "run \(run.id): \(run.kind), \(run.label), \(run.lastStep) steps, \(run.started)"
        ))
      last = run.id
      next = run.base
    }
    return facts
  }

  // MARK: Results by content

  /// Whether a call has to compute anew.
  func isFresh(_ asked: Bool) -> Bool {
    asked || !remembers || state.withLock { $0.freshSweeps > 0 }
  }

  /// Runs the body so that nothing in it is taken from earlier results.
  func afresh<T>(_ isFresh: Bool, _ body: () throws -> T) rethrows -> T {
    if isFresh { state.withLock { $0.freshSweeps += 1 } }
    defer { if isFresh { state.withLock { $0.freshSweeps -= 1 } } }
    return try body()
  }

  /// A run was taken from earlier results.
  func noteRecalled() { state.withLock { $0.recalled += 1 } }

  /// How many were so far.
  var recalled: Int { state.withLock { $0.recalled } }

  /// The runs of a key, the newest first.
  func runs(ofKey key: String) -> [StoredRun] {
    trying { () throws(StoreError) in try store.runs(ofKey: key) } ?? []
  }

  func recall(_ key: String) -> [UInt8]? {
    trying { () throws(StoreError) in try store.recall(key) } ?? nil
  }

  func remember(_ key: String, kind: String, _ value: [UInt8]) {
    trying { () throws(StoreError) in try store.remember(key, kind: kind, value: value) }
  }

  // MARK: Problems

  /// A warning where something could not be kept, once a session.
  func warning() -> Diagnostic? {
    state.withLock { state in
      guard let problem = state.problem, !state.hasWarned else { return nil }
      state.hasWarned = true
      return Diagnostic(
        .warning, code: "W0803", "runs are not kept: \(problem)",
        hint: problem.hint ?? "MDM_RUNS names another folder; the training goes on")
    }
  }

  func note(_ problem: StoreError) {
    state.withLock { if $0.problem == nil { $0.problem = problem } }
  }

  @discardableResult
  private func trying<T>(_ body: () throws(StoreError) -> T) -> T? {
    do throws(StoreError) { return try body() } catch {
      note(error)
      return nil
    }
  }
}

extension NativeCall {
  /// Asks the store; its error becomes one of this call.
  func storing<T>(_ body: () throws(StoreError) -> T) throws -> T {
    do { return try body() } catch {
      throw fail("E0804", "the store of runs cannot be used: \(error)", hint: error.hint)
    }
  }
}

/// A run of the store; what it tells is read anew every time.
struct FoundRun: KeptRun {
  let store: RunStore
  /// What was read first, for when it has been removed since.
  let first: StoredRun

  var run: StoredRun { (try? store.run(first.id)) ?? first }

  var row: Job.Row {
    let run = run
    let status: Job.Status =
      switch run.status {
      case .running: .running
      case .complete, .budget: .complete
      case .interrupted, .lost: .interrupted
      case .failed: .failed
      }
    var row = Job.Row(number: 0, id: run.id, label: run.label, status: status)
    (row.step, row.steps, row.seconds) = (run.lastStep, run.plannedSteps, run.seconds)
    row.progress =
      run.status == .lost
      ? "its process ended at step \(row.step)" : "\(run.label)  step \(row.step)/\(row.steps)"
    return row
  }

  var series: [String: [Double]] { (try? run.series) ?? [:] }

  func requestStop() -> String? {
    let run = run
    guard run.status == .running else { return nil }
    do throws(StoreError) {
      try run.requestStop()
      return nil
    } catch {
      return "the run cannot be asked to stop: \(error)"
    }
  }
}
