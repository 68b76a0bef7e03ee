import GRDB
import Glibc
import MDMJSON

/// A run in the store as any process sees it at one moment.
public struct StoredRun: Sendable {
  public enum Status: String, Sendable {
    case running, complete, interrupted, budget, failed
    /// Its process ended without a word.
    case lost
  }

  public let id: String
  /// Where its files are.
  public let folder: String
  public let status: Status
  /// `train` or `warmup`.
  public let kind: String
  /// What the run is called.
  public let label: String
  /// Why it failed; nil where it did not.
  public let reason: String?
  /// The steps that were asked for.
  public let plannedSteps: Int
  /// The last step that is in the store.
  public let lastStep: Int
  /// What went in, as text.
  public let inputs: String
  /// The engine that trained it.
  public let engine: String
  /// What else is known: seed, mixture, options.
  public let details: JSONNode
  let row: RunRow
  private let store: RunStore

  init(_ row: RunRow, store: RunStore) {
    self.row = row
    self.store = store
    id = row.id
    folder = "\(store.path)/\(row.id)"
    kind = row.kind
    label = row.label
    reason = row.reason
    plannedSteps = row.steps
    lastStep = row.step
    inputs = row.inputs
    engine = row.engine ?? ""
    details = row.details
    let told = Status(rawValue: row.status) ?? .lost
    status = told == .running && !row.process.isAlive ? .lost : told
  }

  /// The fingerprint of the policy that it began with; empty where nothing is told of it.
  public var base: String {
    let line = inputs.split(separator: "\n").first { $0.hasPrefix("base ") }
    return line.map { String($0.dropFirst(5)) } ?? ""
  }

  /// When it began, as text.
  public var started: String { row.started > 0 ? Disk.timeText(row.started) : "" }

  /// How long it took, or has taken so far; of a lost one up to its last step.
  public var seconds: Double {
    max(0, (status == .running ? Disk.wallSeconds() : row.changed) - row.started)
  }

  /// Where its newest checkpoint is, or its result once it is complete.
  public var checkpoint: String { folder + "/" + RunWriter.checkpointName }

  public var hasCheckpoint: Bool { Disk.exists(checkpoint) }

  /// The values of each metric by step, as far as they are in the store.
  public var series: [String: [Double]] {
    get throws(StoreError) {
      try store.read([:]) { db in
        var series: [String: [Double]] = [:]
        let rows = try Row.fetchCursor(
          db,
          sql: "SELECT name, value FROM metric JOIN series ON series.number = metric.series "
            + "WHERE run = ? ORDER BY step", arguments: [row.number])
        while let row = try rows.next() {
          let value: Double? = row[1]
          series[row[0], default: []].append(value ?? .nan)
        }
        return series
      }
    }
  }

  /// The scores of its evaluation by name.
  public var scores: [String: Double] {
    get throws(StoreError) {
      try store.read([:]) { db in
        let rows = try Row.fetchAll(
          db, sql: "SELECT name, value FROM score WHERE run = ?", arguments: [row.number])
        return Dictionary(rows.map { ($0[0], $0[1] ?? .nan) }) { first, _ in first }
      }
    }
  }

  /// Completions that were kept, in the order of their steps.
  public func completions() throws(StoreError) -> [KeptCompletion] {
    try store.read([]) { try KeptCompletion.fetch($0, run: row.number) }
  }

  /// Asks the process that writes the run to stop it.
  public func requestStop() throws(StoreError) {
    let path = folder + "/stop"
    let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw StoreError(path: path, reason: Disk.reason(errno)) }
    close(file)
  }
}
