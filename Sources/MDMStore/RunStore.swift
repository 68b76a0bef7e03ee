import Glibc
import MDMJSON

/// The folder of runs: one folder a run, named by its id.
///
/// A run's folder holds `run.json`, which says what the run is and how it ended, `metrics.jsonl`, a
/// line a step, and `stop` once somebody has asked it to stop. One process writes it, any may read.
public struct RunStore: Sendable {
  public let path: String

  public init(path: String) { self.path = path }

  /// Where runs are kept: `$MDM_RUNS`, else `mdm/runs` below `$XDG_DATA_HOME` or ~/.local/share; nil
  /// where there is no home.
  public static var standard: RunStore? {
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
    if let own = variable("MDM_RUNS") { return RunStore(path: own) }
    let base = variable("XDG_DATA_HOME") ?? variable("HOME").map { $0 + "/.local/share" }
    return base.map { RunStore(path: $0 + "/mdm/runs") }
  }

  /// The ids of all runs, the oldest first.
  public var ids: [String] {
    Disk.names(in: path).filter {
      RunIdentifier.isPlausible($0)
        && (Disk.exists("\(path)/\($0)/run.json") || Disk.exists("\(path)/\($0)/metrics.jsonl"))
    }.sorted()
  }

  /// The ids that an id or its beginning stands for; one alone where it is an id itself.
  public func find(_ text: String) -> [String] {
    guard RunIdentifier.isPlausible(text) else { return [] }
    let ids = ids
    return ids.contains(text) ? [text] : ids.filter { $0.hasPrefix(text) }
  }

  /// A run by its id; nil where there is none.
  public func run(_ id: String) -> StoredRun? {
    guard RunIdentifier.isPlausible(id) else { return nil }
    return StoredRun(id: id, folder: "\(path)/\(id)")
  }

  /// All runs that can be read, the oldest first.
  public var runs: [StoredRun] { ids.compactMap(run) }

  /// Makes the folder of a new run.
  ///
  /// - Parameter id: what it should be called; where that is taken it gets a number behind it.
  public func create(_ id: String) throws(StoreError) -> (id: String, folder: String) {
    if let problem = Disk.makeFolders(path) { throw StoreError(path: path, reason: problem) }
    for number in 1..<100_000 {
      let name = number == 1 ? id : "\(id)-\(number)"
      let folder = "\(path)/\(name)"
      if mkdir(folder, 0o755) == 0 { return (name, folder) }
      guard errno == EEXIST else {
        throw StoreError(path: folder, reason: Disk.reason(errno))
      }
    }
    throw StoreError(path: "\(path)/\(id)", reason: "it exists already")
  }

  /// Removes a run that nobody writes any more, with all that is in its folder.
  public func remove(_ id: String) throws(StoreError) {
    guard let run = run(id) else { throw StoreError(path: path, reason: "there is no run \(id)") }
    guard run.status != .running else {
      throw StoreError(path: run.folder, reason: "the run still goes on")
    }
    for name in Disk.names(in: run.folder) { unlink("\(run.folder)/\(name)") }
    if rmdir(run.folder) != 0 { throw StoreError(path: run.folder, reason: Disk.reason(errno)) }
  }
}

/// Why something could not be kept.
public struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
  public let path: String
  public let reason: String

  public var description: String { "\(path): \(reason)" }
}
