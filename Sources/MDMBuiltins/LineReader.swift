import Glibc
import MDMRuntime

/// The lines of a file, one after another: only the piece of it that holds the line is in memory.
struct LineReader {
  /// The number of the line that was read last, from 1.
  private(set) var number = 0
  /// The last line has no end: its writer may have been stopped.
  private(set) var isCutOff = false
  private let path: String
  private let file: FileReader
  private var bytes: [UInt8] = []
  private var start = 0
  private var searched = 0

  init(_ path: String, _ call: NativeCall) throws {
    self.path = path
    file = try FileReader(path, call)
  }

  /// The next line without its end; nil after the last one.
  mutating func next(_ call: NativeCall) throws -> [UInt8]? {
    while true {
      if let end = lineEnd() {
        let line = bytes[start..<end]
        start = end + 1
        searched = start
        number += 1
        return Array(line.last == 0x0D ? line.dropLast() : line)
      }
      bytes.removeSubrange(..<start)
      (start, searched) = (0, bytes.count)
      guard let more = try file.next(call) else {
        if bytes.isEmpty { return nil }
        defer { (bytes, searched) = ([], 0) }
        number += 1
        isCutOff = true
        return bytes
      }
      bytes += more
      if bytes.count > Files.largest {
        throw call.fail("E0801", "line \(number + 1) of \(path) has more than 4 GiB", argument: 0)
      }
    }
  }

  /// The next line as text; nil after the last one.
  mutating func nextText(_ call: NativeCall) throws -> String? {
    guard let line = try next(call) else { return nil }
    return try Files.text(line, path, firstLine: number, call)
  }

  private func lineEnd() -> Int? {
    bytes.withUnsafeBytes { all in
      guard let base = all.baseAddress, searched < all.count,
        let found = memchr(base + searched, 0x0A, all.count - searched)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }
}
