import Glibc
import Synchronization

/// Folders that go when the process ends.
enum TemporaryFolders {
  private static let made = Mutex<[String]>([])

  /// A new folder of this process alone; nil with `errno` where the system refuses.
  static func make() -> String? {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/mdm-XXXXXX".utf8CString)
    guard let name = mkdtemp(&template) else { return nil }
    let path = String(cString: name)
    let isFirst = made.withLock { folders in
      folders.append(path)
      return folders.count == 1
    }
    if isFirst { atexit { TemporaryFolders.removeAll() } }
    return path
  }

  private static func removeAll() {
    let folders = made.withLock { folders in
      defer { folders = [] }
      return folders
    }
    for folder in folders { remove(folder) }
  }

  /// Bottom up; links are removed, not followed.
  private static func remove(_ path: String) {
    guard !Folders.isLink(path), let names = Folders.names(path) else {
      unlink(path)
      return
    }
    for name in names { remove("\(path)/\(name)") }
    rmdir(path)
  }
}
