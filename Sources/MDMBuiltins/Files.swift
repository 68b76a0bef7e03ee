import Glibc
import MDMRuntime

/// Reads files, and writes them whole or not at all.
enum Files {
  /// A larger file is refused: scripts hold it in memory several times over.
  private static let largest = 4 << 30

  /// The bytes of a file.
  static func read(_ path: String, _ call: NativeCall) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let hint =
        errno == ENOENT && !path.hasPrefix("/")
        ? "paths are relative to the folder where mdm was started" : nil
      throw call.fail("E0801", "cannot read \(path): \(reason)", hint: hint, argument: 0)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw call.fail("E0801", "cannot read \(path): \(reason)", argument: 0)
    }
    if status.st_mode & S_IFMT == S_IFDIR {
      throw call.fail(
        "E0801", "\(path) is a folder",
        hint: "list_files(path_join(folder, \"*\")) lists its files",
        argument: 0)
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(max(Int(status.st_size) + 1, 4096), largest))
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      try call.checkInterrupt()
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw call.fail("E0801", "cannot read \(path): \(reason)", argument: 0)
      }
      bytes += buffer[..<count]
      if bytes.count > largest {
        throw call.fail("E0801", "\(path) has more than 4 GiB", argument: 0)
      }
    }
  }

  /// Makes the folders above a path.
  static func makeFolder(of path: String, _ call: NativeCall) throws {
    guard let slash = path.lastIndex(of: "/") else { return }
    try makeFolder(String(path[..<slash]), call)
  }

  /// Makes a folder and those above it.
  static func makeFolder(_ path: String, _ call: NativeCall) throws {
    var made = ""
    for part in path.split(separator: "/", omittingEmptySubsequences: false) {
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

  /// Adds to a file's end in one go where the system lets it.
  static func append(_ bytes: [UInt8], to path: String, _ call: NativeCall) throws {
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw call.fail("E0803", "cannot write \(path): \(reason)") }
    defer { close(descriptor) }
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, bytes.count - done)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw call.fail("E0803", "cannot write \(path): \(reason)")
      }
      done += count
    }
  }

  static var reason: String { String(cString: strerror(errno)) }
}
