import GRDB
import Glibc
import Synchronization

/// The database of a store: SQLite with a log of writes (WAL), so that any process reads while another
/// writes, and a killed writer takes back what it had not finished.
///
/// Nothing of SQLite is touched before the first run is written or looked for.
final class RunDatabase: Sendable {
  static let name = "runs.sqlite"
  /// Seconds that a write waits for another process.
  private static let patience = 5.0

  let path: String
  private let queue: DatabaseQueue
  private let file: FileIdentity

  /// Databases that this process has open, by their paths: all writers share one connection.
  private static let known = Mutex<[String: RunDatabase]>([:])

  /// The database of a folder.
  ///
  /// - Parameter creates: Makes it where there is none; else the answer is nil.
  static func of(_ folder: String, creates: Bool) throws(StoreError) -> RunDatabase? {
    let path = "\(folder)/\(name)"
    let present = FileIdentity(path)
    guard creates || present != nil || LegacyRuns.areThere(in: folder) else { return nil }
    var failure: StoreError?
    let database = known.withLock { known -> RunDatabase? in
      // A file that was moved away or replaced meanwhile is another database.
      if let open = known[path], open.file == present { return open }
      do throws(StoreError) {
        let made = try RunDatabase(folder)
        known[path] = made
        return made
      } catch {
        failure = error
        return nil
      }
    }
    if let failure { throw failure }
    return database
  }

  private init(_ folder: String) throws(StoreError) {
    path = "\(folder)/\(Self.name)"
    if let problem = Disk.makeFolders(folder) { throw StoreError(path: folder, reason: problem) }
    var configuration = Configuration()
    configuration.journalMode = .wal
    configuration.busyMode = .timeout(Self.patience)
    configuration.label = "mdm runs"
    // With a log of writes a kill loses nothing, and a power failure the last steps only.
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = NORMAL") }
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
      let known = RunSchema.version
      let found = try queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
      guard found <= known else {
        throw StoreError(
          path: path, reason: "it is of a newer mdm (version \(found), this one knows \(known))",
          hint: "use that mdm, or name another folder by MDM_RUNS")
      }
      if found < known { try queue.inTransaction(.immediate) { try RunSchema.upgrade($0) } }
      guard let file = FileIdentity(path) else {
        throw StoreError(path: path, reason: "it has vanished")
      }
      self.file = file
      try LegacyRuns.take(from: folder, into: queue)
    } catch let error as StoreError { throw error } catch { throw StoreError(error, path: path) }
  }

  /// Whether the file is still where it was opened.
  var isInPlace: Bool { FileIdentity(path) == file }

  func read<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    do { return try queue.unsafeRead(body) } catch { throw StoreError(error, path: path) }
  }

  /// Makes the file as small as its content.
  func compact() throws(StoreError) {
    do {
      try queue.writeWithoutTransaction { db in
        try db.execute(sql: "VACUUM")
        // All of it is in the log of writes now; another process that reads keeps it there for a while.
        try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
      }
    } catch { throw StoreError(error, path: path) }
  }

  /// Writes all of it or nothing.
  @discardableResult
  func write<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    do {
      return try queue.writeWithoutTransaction { db in
        var result: T?
        // Taken at once: a reader that turned into a writer could not wait for another one.
        try db.inTransaction(.immediate) {
          result = try body(db)
          return .commit
        }
        guard let result else { throw StoreError(path: path, reason: "nothing was written") }
        return result
      }
    } catch let error as StoreError { throw error } catch { throw StoreError(error, path: path) }
  }
}

/// Which file a path leads to.
struct FileIdentity: Equatable, Sendable {
  private let device: UInt
  private let number: UInt

  init?(_ path: String) {
    var information = stat()
    guard stat(path, &information) == 0 else { return nil }
    device = UInt(information.st_dev)
    number = UInt(information.st_ino)
  }
}
