import Glibc
import MDMJSON

/// A run on disk as any process sees it at one moment.
public struct StoredRun: Sendable {
  public enum Status: String, Sendable {
    case running, complete, interrupted, budget, failed
    /// Its process ended without a word.
    case lost
  }

  public let id: String
  public let folder: String
  /// What `run.json` holds; empty where that cannot be read.
  public let description: JSONNode
  public let status: Status

  /// Nil where there is neither a description that can be read nor a file of metrics: what a run has
  /// written is not lost with its description.
  init?(id: String, folder: String) {
    let written = Disk.read(folder + "/run.json").flatMap { try? JSONNode(parsing: $0) }
    let isReadable = written?.members != nil
    guard isReadable || Disk.exists(folder + "/metrics.jsonl") else { return nil }
    self.id = id
    self.folder = folder
    let description = isReadable ? written ?? .object([]) : .object([])
    self.description = description
    let told = description["status"]?.text.flatMap(Status.init(rawValue:)) ?? .lost
    let isAlive = ProcessIdentity(description)?.isAlive ?? false
    status = told == .running && !isAlive ? .lost : told
  }

  /// What the run is called.
  public var label: String {
    description["label"]?.text ?? (description.members == [] ? "run.json cannot be read" : "")
  }

  /// The steps that were asked for.
  public var plannedSteps: Int { description["steps"]?.integer ?? 0 }

  /// When it began, as text.
  public var started: String { description["started"]?.text ?? "" }

  /// How long it took, or has taken so far; of a lost one up to its last step.
  public var seconds: Double {
    guard let start = description["started_seconds"]?.number else { return 0 }
    let end: Double
    switch status {
    case .running: end = Disk.wallSeconds()
    case .lost: end = Self.changed(folder + "/metrics.jsonl") ?? start
    default: end = description["ended_seconds"]?.number ?? start
    }
    return max(0, end - start)
  }

  /// The values of each metric by step, as far as they are on disk. Lines that were cut short are
  /// left out, and steps out of order too.
  public var series: [String: [Double]] {
    var series: [String: [Double]] = [:]
    var last = 0
    for line in (Disk.read(folder + "/metrics.jsonl") ?? []).split(separator: 0x0A) {
      guard let node = try? JSONNode(parsing: Array(line)), let members = node.members,
        let step = node["step"]?.integer, step > last
      else { continue }
      last = step
      for member in members where member.name != "step" {
        series[member.name, default: []].append(member.value.number ?? .nan)
      }
    }
    return series
  }

  /// The last step that is on disk.
  public var lastStep: Int {
    let lines = (Disk.read(folder + "/metrics.jsonl") ?? []).split(separator: 0x0A)
    for line in lines.reversed() {
      if let step = (try? JSONNode(parsing: Array(line)))?["step"]?.integer { return step }
    }
    return 0
  }

  /// Asks the process that writes the run to stop it.
  public func requestStop() throws(StoreError) {
    let path = folder + "/stop"
    let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw StoreError(path: path, reason: Disk.reason(errno)) }
    close(file)
  }

  private static func changed(_ path: String) -> Double? {
    var information = stat()
    guard stat(path, &information) == 0 else { return nil }
    return Double(information.st_mtim.tv_sec) + Double(information.st_mtim.tv_nsec) * 1e-9
  }
}
