import Glibc
import MDMJSON
import MDMRuntime
import Synchronization

/// The lines of a history: each is written under a lock of the file, at its end, so that several
/// processes can use it at once. Readers need no lock: a line cut off is no entry.
final class InputHistoryFile: Sendable {
  private let path: String
  private let limit: Int
  /// Lines in the file when it was last read, and those that this process has added.
  private let lines = Mutex(0)

  /// A file is also too long with so many bytes for each entry that is kept.
  private static let bytesPerEntry = 1 << 10

  init(path: String, limit: Int) {
    // Where a link leads, so that a rewritten file does not take the link's place.
    if let real = realpath(path, nil) {
      self.path = String(cString: real)
      free(real)
    } else {
      self.path = path
    }
    self.limit = limit
  }

  /// A number that no session of this file has had; nil where it cannot be written.
  func beginSession(from source: String, time: Double) -> Int? {
    try? FileText.makeFolder(above: path)
    return try? locked { file throws(ScriptError) in
      let bytes = try self.contents(file)
      var newest = 0
      var count = 0
      Self.visitBackwards(bytes) { line in
        newest = max(newest, Self.session(line) ?? 0)
        count += 1
        return true
      }
      self.lines.withLock { $0 = count + 1 }
      let line = JSONNode.object([
        .init(name: "session", value: .integer(Int64(newest + 1))),
        .init(name: "time", value: .number(time)), .init(name: "source", value: .string(source)),
      ])
      try self.write(line.compact, to: file)
      return newest + 1
    }
  }

  /// Adds a line.
  func append(_ line: [UInt8]) throws(ScriptError) {
    try locked { file throws(ScriptError) in
      try self.write(line, to: file)
      var status = stat()
      fstat(file, &status)
      let count = self.lines.withLock { count in
        count += 1
        return count
      }
      if count >= 2 * self.limit || status.st_size >= 2 * self.limit * Self.bytesPerEntry {
        try self.shorten(file)
      }
    }
  }

  /// Visits the lines from the newest on, until the visitor says false; none where there is no file.
  func visitBackwards(_ visit: (ArraySlice<UInt8>) -> Bool) {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return }
    defer { close(file) }
    guard let bytes = try? contents(file) else { return }
    Self.visitBackwards(bytes, visit)
  }

  private static func visitBackwards(_ bytes: [UInt8], _ visit: (ArraySlice<UInt8>) -> Bool) {
    var end = bytes.count
    while end > 0 {
      let start = (bytes[..<end].lastIndex(of: 0x0A) ?? -1) + 1
      if start < end, !visit(bytes[start..<end]) { return }
      end = start - 1
    }
  }

  // Lines begin with {"session":N, whoever wrote them.
  private static func session(_ line: ArraySlice<UInt8>) -> Int? {
    let head = Array("{\"session\":".utf8)
    guard line.starts(with: head) else { return nil }
    var number = 0
    for byte in line.dropFirst(head.count).prefix(15) {
      guard byte >= 0x30, byte <= 0x39 else { return number }
      number = number * 10 + Int(byte - 0x30)
    }
    // No session has a number as long as that.
    return nil
  }

  // MARK: Under the lock

  /// Calls with the file, open for appending and locked against other processes and threads.
  private func locked<Result>(
    _ body: (Int32) throws(ScriptError) -> Result
  ) throws(ScriptError) -> Result {
    for _ in 0..<100 {
      let file = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
      guard file >= 0 else { throw failure() }
      defer { close(file) }
      // A process that was stopped while it wrote must not stop the others.
      var tries = 0
      while flock(file, LOCK_EX | LOCK_NB) != 0 {
        guard errno == EWOULDBLOCK || errno == EINTR, tries < 1000 else { throw failure() }
        tries += 1
        usleep(2000)
      }
      // Whoever had the lock may have put a shorter file into the place of this one.
      var (own, named) = (stat(), stat())
      guard fstat(file, &own) == 0 else { throw failure() }
      guard own.st_mode & S_IFMT == S_IFREG else {
        throw ScriptError("E0803", "the history \(path) is no file")
      }
      guard stat(path, &named) == 0, own.st_ino == named.st_ino, own.st_dev == named.st_dev else {
        continue
      }
      if own.st_mode & 0o077 != 0 { fchmod(file, 0o600) }
      return try body(file)
    }
    throw ScriptError("E0803", "the history \(path) is replaced again and again")
  }

  private func write(_ line: [UInt8], to file: Int32) throws(ScriptError) {
    var line = line + [0x0A]
    let end = lseek(file, 0, SEEK_END)
    // A line cut off by a crash must not swallow this one.
    var last: UInt8 = 0x0A
    if end > 0 { pread(file, &last, 1, end - 1) }
    if last != 0x0A { line.insert(0x0A, at: 0) }
    guard Self.writeAll(line, to: file) else {
      let error = failure()
      ftruncate(file, end)
      throw error
    }
  }

  /// Puts a file of the newest entries, and of the newest session's number, into this one's place.
  private func shorten(_ file: Int32) throws(ScriptError) {
    let bytes = try contents(file)
    var kept: [ArraySlice<UInt8>] = []
    var (newest, size, count) = (0, 0, 0)
    let input = Array("\"input\":".utf8)
    Self.visitBackwards(bytes) { line in
      newest = max(newest, Self.session(line) ?? 0)
      count += 1
      if kept.count < limit, size < limit * Self.bytesPerEntry,
        line.prefix(200).contains(input), Self.session(line) != nil
      {
        kept.append(line)
        size += line.count
      }
      return true
    }
    lines.withLock { $0 = count }
    guard count >= 2 * limit || bytes.count >= 2 * limit * Self.bytesPerEntry else { return }
    var text = Array("{\"session\":\(newest)}\n".utf8)
    for line in kept.reversed() {
      text += line
      text.append(0x0A)
    }
    let draft = "\(path).\(getpid()).part"
    let new = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard new >= 0 else { throw failure() }
    let isWritten = Self.writeAll(text, to: new)
    guard close(new) == 0, isWritten, rename(draft, path) == 0 else {
      let error = failure()
      unlink(draft)
      throw error
    }
    lines.withLock { $0 = kept.count + 1 }
  }

  /// All bytes, from the beginning.
  private func contents(_ file: Int32) throws(ScriptError) -> [UInt8] {
    var status = stat()
    guard fstat(file, &status) == 0 else { throw failure() }
    let size = max(0, Int(status.st_size))
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let read = pread(file, buffer.baseAddress?.advanced(by: count), size - count, off_t(count))
        if read < 0, errno == EINTR { continue }
        guard read > 0 else { break }
        count += read
      }
    }
    return bytes
  }

  private func failure() -> ScriptError {
    ScriptError("E0803", "cannot write the history \(path): \(String(cString: strerror(errno)))")
  }

  private static func writeAll(_ bytes: [UInt8], to file: Int32) -> Bool {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(file, $0.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      written += count
    }
    return true
  }
}
