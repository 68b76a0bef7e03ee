import Glibc
import MDMRuntime

/// Reads text files, and writes them whole or not at all.
public enum FileText {
  /// A script that is larger is refused: it would take seconds to read and gigabytes to check.
  public static let largest = 16 << 20

  /// The text of a file; nil where there is none.
  ///
  /// - Throws: `ScriptError` where it cannot be read or is no UTF-8.
  public static func read(
    _ path: String, largest: Int = Self.largest, called kind: String = "a script"
  ) throws(ScriptError) -> String? {
    guard let file = fopen(path, "rb") else {
      if errno == ENOENT { return nil }
      throw ScriptError("E0801", "cannot read \(path): \(String(cString: strerror(errno)))")
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { break }
      bytes += buffer[..<count]
      if bytes.count > largest {
        throw ScriptError(
          "E0801", "\(path) is too large for \(kind), which has at most \(largest >> 20) MiB",
          hint: "keep data in files of their own, and read them with load, read_csv or read_json")
      }
    }
    guard ferror(file) == 0 else {
      throw ScriptError("E0801", "cannot read \(path): \(String(cString: strerror(errno)))")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ScriptError("E0801", "\(path) is not UTF-8 text", hint: "save it as UTF-8")
    }
    return text
  }

  /// Whether something has the name.
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Replaces a file's text: an error leaves the old file as it was.
  ///
  /// - Throws: `ScriptError` where it cannot be written.
  public static func write(_ text: String, to path: String) throws(ScriptError) {
    func failure() -> ScriptError {
      ScriptError("E0803", "cannot write \(path): \(String(cString: strerror(errno)))")
    }
    var status = stat()
    let exists = stat(path, &status) == 0
    // A device or pipe is written to, never replaced.
    let isReplaced = !exists || status.st_mode & S_IFMT == S_IFREG
    guard !exists || access(path, W_OK) == 0 else { throw failure() }
    // Where a link leads, so that the link itself stays.
    let target = exists && isReplaced ? resolved(path) : path
    let passing = isReplaced ? "\(target).\(getpid()).part" : path
    guard let file = fopen(passing, "wb") else { throw failure() }
    // A script that can be run stays so.
    if exists, isReplaced { _ = fchmod(fileno(file), status.st_mode & 0o7777) }
    let bytes = Array(text.utf8)
    let isWritten =
      bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) } == bytes.count
    let isClosed = fclose(file) == 0
    guard isWritten, isClosed, !isReplaced || rename(passing, target) == 0 else {
      let error = failure()
      if isReplaced { unlink(passing) }
      throw error
    }
  }

  /// Makes the folders that a file is to stand in, where they are missing.
  ///
  /// - Throws: `ScriptError` where that is not possible.
  public static func makeFolder(above path: String) throws(ScriptError) {
    var bytes = Array(path.utf8)[...]
    var folders: [String] = []
    while let slash = bytes.lastIndex(of: UInt8(ascii: "/")), slash > bytes.startIndex {
      bytes = bytes[..<slash]
      folders.append(String(decoding: bytes, as: UTF8.self))
    }
    for folder in folders.reversed() where mkdir(folder, 0o777) != 0 && errno != EEXIST {
      throw ScriptError("E0803", "cannot make \(folder): \(String(cString: strerror(errno)))")
    }
  }

  /// The file that a path leads to in the end.
  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }
}
