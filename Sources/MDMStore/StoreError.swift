import GRDB

/// Why something could not be kept or found.
public struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
  public let path: String
  public let reason: String
  /// What to do about it.
  public var hint: String?

  init(path: String, reason: String, hint: String? = nil) {
    self.path = path
    self.reason = reason
    self.hint = hint
  }

  /// What SQLite said, in the words of somebody who looks at a file.
  init(_ error: any Error, path: String) {
    self.init(path: path, reason: "\(error)")
    guard let error = error as? DatabaseError else { return }
    switch error.resultCode {
    case .SQLITE_NOTADB, .SQLITE_CORRUPT:
      self.init(
        path: path, reason: "it is damaged",
        hint:
          "move it away, and mdm makes a new one; `sqlite3 \(path) .recover` shows what is left "
          + "in it; checkpoints lie in the folders beside it")
    case .SQLITE_FULL:
      self.init(path: path, reason: "no space is left", hint: "MDM_RUNS names another folder")
    case .SQLITE_IOERR:
      self.init(
        path: path, reason: "the disk refuses to read or write",
        hint: "is it full? MDM_RUNS names another folder")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(path: path, reason: "another process has kept it locked for too long")
    case .SQLITE_READONLY, .SQLITE_PERM:
      self.init(
        path: path, reason: "it may not be written", hint: "MDM_RUNS names another folder")
    case .SQLITE_CANTOPEN: self.init(path: path, reason: "it cannot be opened")
    default:
      self.init(path: path, reason: error.message ?? "SQLite error \(error.resultCode.rawValue)")
    }
  }

  public var description: String { "\(path): \(reason)" }
}
