import Glibc

/// Past inputs on disk: one a line, appended as they are made, readable by their owner only.
///
/// Line breaks and backslashes within an input are written as `\n` and `\\`, so that an input of
/// many lines stays one entry and two sessions can append to one file.
public struct HistoryFile: Sendable {
  /// Where the file is; its folder must exist.
  public let path: String
  /// How many entries are kept when the file has grown to twice that.
  public let limit: Int

  /// A file that need not exist yet.
  public init(path: String, limit: Int = 5000) {
    self.path = path
    self.limit = max(limit, 1)
  }

  /// The entries, oldest first; none when there is no file yet.
  public func load() throws(LineEditorError) -> [String] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      if errno == ENOENT { return [] }
      throw failure()
    }
    defer { close(file) }
    fchmod(file, 0o600)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(file, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failure() }
      if count == 0 { break }
      bytes += buffer[0..<count]
    }
    let entries = bytes.split(separator: UInt8(ascii: "\n"))
      .map { Self.unescaped(String(decoding: $0, as: UTF8.self)) }
    guard entries.count >= 2 * limit else { return entries }
    let kept = Array(entries.suffix(limit))
    try rewrite(kept)
    return kept
  }

  /// Adds one entry at the end.
  public func append(_ entry: String) throws(LineEditorError) {
    let file = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure() }
    defer { close(file) }
    fchmod(file, 0o600)
    var text = Self.escaped(entry) + "\n"
    // A file cut off by a crash must not swallow this entry into its last line.
    var last: UInt8 = UInt8(ascii: "\n")
    let end = lseek(file, 0, SEEK_END)
    if end > 0 { pread(file, &last, 1, end - 1) }
    if last != UInt8(ascii: "\n") { text = "\n" + text }
    guard Self.writeAll(Array(text.utf8), to: file) else { throw failure() }
  }

  private func rewrite(_ entries: [String]) throws(LineEditorError) {
    let draft = path + ".\(getpid()).new"
    let file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure() }
    let text = entries.map { Self.escaped($0) + "\n" }.joined()
    let isWritten = Self.writeAll(Array(text.utf8), to: file)
    guard close(file) == 0, isWritten, rename(draft, path) == 0 else {
      let error = failure()
      unlink(draft)
      throw error
    }
  }

  private func failure() -> LineEditorError {
    .historyUnusable(path: path, reason: String(cString: strerror(errno)))
  }

  private static func writeAll(_ bytes: [UInt8], to file: Int32) -> Bool {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        write(file, $0.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      if count < 0 { return false }
      written += count
    }
    return true
  }

  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  static func unescaped(_ text: String) -> String {
    var result = ""
    var isEscaped = false
    for scalar in text.unicodeScalars {
      if isEscaped {
        result.unicodeScalars.append(scalar == "n" ? "\n" : scalar == "r" ? "\r" : scalar)
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
