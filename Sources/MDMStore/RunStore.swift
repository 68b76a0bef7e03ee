import Foundation
import GRDB
import Glibc
import MDMJSON

/// The folder of runs: the database `runs.sqlite`, and a folder a run, named by its id.
///
/// The database has all that is known of runs but what is large or has a format of its own: a run's folder
/// holds its checkpoint `run.safetensors` and TensorBoard's files, and `stop` once somebody has asked it
/// to stop. One process writes a run, any may read.
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

  /// What a query of an existing database gives; `empty` where there is none.
  func read<T>(_ empty: T, _ body: (Database) throws -> T) throws(StoreError) -> T {
    guard let database = try RunDatabase.of(path, creates: false) else { return empty }
    return try database.read(body)
  }

  // MARK: Finding

  /// The ids of the newest runs, the oldest first; 0 gives all.
  public func ids(newest count: Int = 0) throws(StoreError) -> [String] {
    try read([]) { db in
      try String.fetchAll(
        db, sql: "SELECT id FROM run ORDER BY number DESC LIMIT ?",
        arguments: [count > 0 ? count : -1]
      ).reversed()
    }
  }

  /// The ids that the id of a run or of its job, or its beginning, stands for; one alone where it is an
  /// id itself.
  public func find(_ text: String) throws(StoreError) -> [String] {
    guard RunIdentifier.isPlausible(text) else { return [] }
    return try read([]) { db in
      let exact = try String.fetchAll(
        db,
        sql: "SELECT id FROM run WHERE id = ?1 OR (job = ?1 AND NOT EXISTS "
          + "(SELECT 1 FROM run WHERE id = ?1)) ORDER BY id LIMIT 1", arguments: [text])
      if !exact.isEmpty { return exact }
      return try String.fetchAll(
        db,
        sql: "SELECT id FROM run WHERE substr(id, 1, ?2) = ?1 OR substr(job, 1, ?2) = ?1 "
          + "ORDER BY number", arguments: [text, text.utf8.count])
    }
  }

  /// A run by its id; nil where there is none.
  public func run(_ id: String) throws(StoreError) -> StoredRun? {
    guard RunIdentifier.isPlausible(id) else { return nil }
    return try read(nil) { try RunRow.fetch($0, id: id) }.map { StoredRun($0, store: self) }
  }

  /// All runs, the oldest first.
  public var runs: [StoredRun] {
    get throws(StoreError) {
      try read([]) {
        try Row.fetchAll($0, sql: "SELECT * FROM run ORDER BY number").map(RunRow.init)
      }
      .map { StoredRun($0, store: self) }
    }
  }

  /// The runs that were made of the same, the newest first.
  public func runs(ofKey key: String) throws(StoreError) -> [StoredRun] {
    try read([]) { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM run WHERE key = ? ORDER BY number DESC", arguments: [key]
      ).map(RunRow.init)
    }.map { StoredRun($0, store: self) }
  }

  /// The run that made something, such as the policy of a fingerprint: the newest one before another run.
  public func maker(
    of fingerprint: String, before id: String? = nil
  ) throws(StoreError) -> StoredRun? {
    try read(nil) { db in
      try Row.fetchOne(
        db,
        sql: "SELECT run.* FROM artefact JOIN run ON run.number = artefact.run "
          + "WHERE fingerprint = ?1 AND (?2 IS NULL"
          + " OR run.number < (SELECT number FROM run WHERE id = ?2)) ORDER BY run.number DESC",
        arguments: [fingerprint, id]
      ).map(RunRow.init)
    }.map { StoredRun($0, store: self) }
  }

  // MARK: Results by content

  /// A result that was kept under a key; nil where there is none.
  public func recall(_ key: String) throws(StoreError) -> [UInt8]? {
    try read(nil) { db in
      try Data.fetchOne(db, sql: "SELECT value FROM memory WHERE key = ?", arguments: [key])
    }.map(Array.init)
  }

  /// Keeps a result under a key, in the place of an earlier one.
  public func remember(_ key: String, kind: String, value: [UInt8]) throws(StoreError) {
    try RunDatabase.of(path, creates: true)?.write { db in
      try db.execute(
        sql: "INSERT OR REPLACE INTO memory VALUES (?, ?, ?, ?)",
        arguments: [key, kind, Data(value), Disk.wallSeconds()])
    }
  }

  // MARK: Removing

  /// Removes a run that nobody writes any more, with all that is in its folder.
  public func remove(_ id: String) throws(StoreError) { try remove(runs: [id], results: []) }

  /// Removes runs up to the first that cannot be, and results; unused images are looked for once.
  private func remove(runs: [String], results: [String]) throws(StoreError) {
    var gone: [String] = []
    var failure: StoreError?
    for id in runs {
      do throws(StoreError) {
        // First the files: what is half removed is still listed.
        try removeFiles(id)
        gone.append(id)
      } catch {
        failure = error
        break
      }
    }
    try RunDatabase.of(path, creates: false)?.write { db in
      for id in gone { try db.execute(sql: "DELETE FROM run WHERE id = ?", arguments: [id]) }
      for key in failure == nil ? results : [] {
        try db.execute(sql: "DELETE FROM memory WHERE key = ?", arguments: [key])
      }
      try KeptCompletion.removeUnusedImages(db)
    }
    if let failure { throw failure }
  }

  private func removeFiles(_ id: String) throws(StoreError) {
    guard let run = try run(id) else {
      throw StoreError(path: path, reason: "there is no run \(id)")
    }
    guard run.status != .running else {
      throw StoreError(path: run.folder, reason: "the run still goes on")
    }
    for name in Disk.names(in: run.folder) { unlink("\(run.folder)/\(name)") }
    if rmdir(run.folder) != 0, errno != ENOENT {
      throw StoreError(path: run.folder, reason: Disk.reason(errno))
    }
  }

  /// What has not changed since some time: runs that have ended, and results by content.
  public struct Old: Sendable {
    public let runs: [StoredRun]
    /// The keys of the results.
    public let results: [String]
    /// The bytes of the runs' folders and of the results.
    public let bytes: Int
  }

  /// What has not changed in some last seconds.
  public func old(seconds: Double) throws(StoreError) -> Old {
    let limit = Disk.wallSeconds() - seconds
    let runs = try runs.filter { $0.status != .running && $0.row.changed < limit }
    let results = try read([]) { db in
      try Row.fetchAll(
        db, sql: "SELECT key, length(value) FROM memory WHERE stored < ?", arguments: [limit])
    }
    var bytes = results.reduce(0) { $0 + ($1[1] as Int) }
    for run in runs {
      for name in Disk.names(in: run.folder) { bytes += Disk.size("\(run.folder)/\(name)") }
    }
    return Old(runs: runs, results: results.map { $0[0] }, bytes: bytes)
  }

  /// Removes what is old, and gives the space back to the disk.
  public func remove(_ old: Old) throws(StoreError) {
    try remove(runs: old.runs.map(\.id), results: old.results)
    try RunDatabase.of(path, creates: false)?.compact()
  }
}
