import Glibc
import MDMRuntime

/// Reads files, and writes them whole or not at all.
enum Files {
  /// A larger file is refused: scripts hold it in memory several times over.
  static let largest = 4 << 30

  /// The path that an argument names.
  static func path(
    _ call: NativeCall, _ index: Int = 0, allowsEmpty: Bool = false
  ) throws -> String {
    let path = try call.string(index)
    if path.isEmpty, !allowsEmpty { throw call.fail("E0420", "the path is empty", argument: index) }
    // The system would stop reading the path there and take another file.
    if path.utf8.contains(0) {
      throw call.fail("E0420", "a path cannot have a null character", argument: index)
    }
    return path
  }

  /// The bytes of a file.
  static func read(_ path: String, _ call: NativeCall) throws -> [UInt8] {
    let file = try FileReader(path, call)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(file.size, largest))
    while let piece = try file.next(call) {
      bytes += piece
      if bytes.count > largest {
        throw call.fail(
          "E0801", "\(path) has more than 4 GiB",
          hint: "each_line(path, f) and each_jsonl(path, f) hold one line at a time", argument: 0)
      }
    }
    return bytes
  }

  /// The text of a file's bytes, or an error that says where they stop being UTF-8.
  static func text(
    _ bytes: [UInt8], _ path: String, firstLine: Int, _ call: NativeCall
  ) throws -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    let position = TextEncoding.firstFault(bytes)
    let before = bytes[..<position]
    let line = firstLine + before.count { $0 == 0x0A }
    let column = position - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0)
    let byte = String(bytes[position], radix: 16, uppercase: true)
    throw call.fail(
      "E0801",
      "\(path):\(line):\(column + 1) is not UTF-8 text: byte 0x\(byte.count < 2 ? "0" : "")\(byte)",
      hint: TextEncoding.guess(bytes), argument: 0)
  }

  /// Why a path cannot be read, by `errno`; with the nearest name there is.
  static func unreadable(_ path: String, _ call: NativeCall) -> ScriptError {
    refused("cannot read \(path)", path, call, code: "E0801")
  }

  /// What the system did not do, by `errno`; with the nearest name where nothing lies at the path.
  static func refused(
    _ what: String, _ path: String, _ call: NativeCall, code: String = "E0803"
  ) -> ScriptError {
    let (number, reason) = (errno, reason)
    return call.fail(
      code, "\(what): \(reason)", hint: number == ENOENT ? MissingPath.hint(path) : nil, argument: 0
    )
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
    let old = Folders.status(path)
    let kind = (old?.st_mode ?? S_IFREG) & S_IFMT
    if kind == S_IFDIR { throw unwritable(path, "it is a folder", call) }
    if kind != S_IFREG {
      // A device or pipe is written to; another file in its place would take it away.
      try put(bytes, path, O_WRONLY, call)
      return
    }
    // A link goes on leading to its file.
    let target = Folders.isLink(path) ? resolved(path) ?? path : path
    let passing = "\(target).\(getpid()).part"
    let descriptor = open(passing, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw unwritable(path, reason, call) }
    if let old { fchmod(descriptor, old.st_mode & 0o777) }
    let isWritten = putAll(bytes, descriptor) && fsync(descriptor) == 0
    let failure = reason
    close(descriptor)
    guard isWritten else {
      unlink(passing)
      throw unwritable(path, failure, call)
    }
    guard rename(passing, target) == 0 else {
      let failure = reason
      unlink(passing)
      throw unwritable(path, failure, call)
    }
  }

  /// Adds to a file's end in one go where the system lets it.
  static func append(_ bytes: [UInt8], to path: String, _ call: NativeCall) throws {
    try put(bytes, path, O_WRONLY | O_APPEND | O_CREAT, call)
  }

  private static func put(
    _ bytes: [UInt8], _ path: String, _ flags: Int32, _ call: NativeCall
  ) throws {
    let descriptor = open(path, flags | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw unwritable(path, reason, call) }
    defer { close(descriptor) }
    guard putAll(bytes, descriptor) else { throw unwritable(path, reason, call) }
  }

  /// Writes all bytes; false with `errno` where the system refuses.
  private static func putAll(_ bytes: [UInt8], _ descriptor: Int32) -> Bool {
    bytes.withUnsafeBytes { all in
      var done = 0
      while done < all.count {
        let count = Glibc.write(
          descriptor, all.baseAddress.map { $0 + done }, all.count - done)
        if count < 0, errno != EINTR { return false }
        done += max(count, 0)
      }
      return true
    }
  }

  private static func resolved(_ path: String) -> String? {
    guard let name = realpath(path, nil) else { return nil }
    defer { free(name) }
    return String(cString: name)
  }

  private static func unwritable(
    _ path: String, _ reason: String, _ call: NativeCall
  ) -> ScriptError {
    call.fail("E0803", "cannot write \(path): \(reason)")
  }

  /// What the system says about its last refusal.
  static var reason: String { String(cString: strerror(errno)) }
}
