import Glibc
import MDMRuntime

/// Writes files whole or not at all.
enum Files {
  /// Makes the folders above a path.
  static func makeFolder(of path: String, _ call: NativeCall) throws {
    guard let slash = path.lastIndex(of: "/") else { return }
    var made = ""
    for part in path[..<slash].split(separator: "/", omittingEmptySubsequences: false) {
      made += (made.isEmpty && !path.hasPrefix("/") ? "" : made.hasSuffix("/") ? "" : "/") + part
      if made.isEmpty || made == "/" { continue }
      if mkdir(made, 0o777) != 0, errno != EEXIST {
        throw call.fail("E0803", "cannot make the folder \(made): \(reason)")
      }
    }
  }

  /// Replaces a file's content: an error leaves the old file as it was.
  static func write(_ bytes: [UInt8], to path: String, _ call: NativeCall) throws {
    let passing = "\(path).\(getpid()).part"
    guard let file = fopen(passing, "wb") else {
      throw call.fail("E0803", "cannot write \(path): \(reason)")
    }
    let written = bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
    let isFlushed = fflush(file) == 0 && fsync(fileno(file)) == 0
    let failure = reason
    fclose(file)
    guard written == bytes.count, isFlushed else {
      unlink(passing)
      throw call.fail("E0803", "cannot write \(path): \(failure)", hint: "nothing was changed")
    }
    guard rename(passing, path) == 0 else {
      let failure = reason
      unlink(passing)
      throw call.fail("E0803", "cannot write \(path): \(failure)")
    }
  }

  private static var reason: String { String(cString: strerror(errno)) }
}
