import MDMJSON
import MDMStore
import Synchronization

/// Keeps runs in a folder: see `RunStore`.
public final class StoreRecorder: RunRecorder {
  private struct State {
    var problem: String?
    var hasWarned = false
  }

  private let store: RunStore
  private let state = Mutex(State())

  public init(_ store: RunStore) { self.store = store }

  public func begin(_ run: RunDescription, id: String?) -> (any RunRecording)? {
    do throws(StoreError) {
      let writer = try RunWriter(
        store, id: id ?? RunIdentifier.make(), description: Self.members(run, job: id)
      ) { [self] in note($0) }
      return StoreRecording(writer: writer)
    } catch {
      note("\(error)")
      return nil
    }
  }

  public func takeProblem() -> String? {
    state.withLock { state in
      guard let problem = state.problem, !state.hasWarned else { return nil }
      state.hasWarned = true
      return problem
    }
  }

  public func find(_ id: String) -> [any KeptRun] {
    (id.isEmpty ? store.ids.suffix(1) : store.find(id)).compactMap { id in
      store.run(id).map { FoundRun(store: store, id: id, last: $0) }
    }
  }

  private func note(_ problem: String) {
    state.withLock { if $0.problem == nil { $0.problem = problem } }
  }

  private static func members(_ run: RunDescription, job: String?) -> [JSONNode.Member] {
    [
      .init(name: "kind", value: .string("train")),
      .init(name: "label", value: .string(run.label)),
      .init(name: "job", value: job.map(JSONNode.string) ?? .null),
      .init(name: "steps", value: .integer(Int64(run.steps))),
      .init(name: "seed", value: .integer(Int64(bitPattern: run.seed))),
      .init(
        name: "mixture",
        value: .object(run.mixture.map { .init(name: $0.domain, value: .number($0.weight)) })),
      .init(
        name: "options",
        value: .object(run.options.map { .init(name: $0.name, value: .string($0.value)) })),
      .init(name: "inputs", value: .string(run.inputs)),
    ]
  }
}

/// One run that is being written.
private struct StoreRecording: RunRecording {
  let writer: RunWriter

  var id: String { writer.id }

  func add(step: Int, metrics: [String: Double]) { writer.add(step: step, metrics: metrics) }

  func end(status: String, scores: [(name: String, value: Double)]) {
    writer.end(
      status: status,
      more: scores.isEmpty
        ? []
        : [
          .init(
            name: "scores",
            value: .object(scores.map { .init(name: $0.name, value: .number($0.value)) }))
        ])
  }

  var isStopRequested: Bool { writer.isStopRequested }
}

/// A run of the folder; what it tells is read anew every time.
private struct FoundRun: KeptRun {
  let store: RunStore
  let id: String
  /// What was read first, for when the folder has been removed since.
  let last: StoredRun

  private var run: StoredRun { store.run(id) ?? last }

  var row: Job.Row {
    let run = run
    let status: Job.Status =
      switch run.status {
      case .running: .running
      case .complete, .budget: .complete
      case .interrupted, .lost: .interrupted
      case .failed: .failed
      }
    var row = Job.Row(number: 0, id: id, label: run.label, status: status)
    (row.step, row.steps, row.seconds) = (run.lastStep, run.plannedSteps, run.seconds)
    row.progress =
      run.status == .lost
      ? "its process ended at step \(row.step)" : "\(run.label)  step \(row.step)/\(row.steps)"
    return row
  }

  var series: [String: [Double]] { run.series }

  func requestStop() -> String? {
    guard run.status == .running else { return nil }
    do throws(StoreError) {
      try run.requestStop()
      return nil
    } catch {
      return "the run cannot be asked to stop: \(error)"
    }
  }
}
