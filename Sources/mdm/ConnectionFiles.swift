import Glibc
import MDMKernel

/// Connection files: those of clients are read, one that is missing is made.
enum ConnectionFiles {
  /// The connection of a file; where there is none, a new one whose ports are to be chosen.
  static func open(_ path: String) throws(KernelError) -> (connection: Connection, isOurs: Bool) {
    guard let file = fopen(path, "rb") else {
      guard errno == ENOENT else { throw .connection(path: path, reason: "cannot be read: \(why)") }
      var random = SystemRandomNumberGenerator()
      let key = (0..<24).map { _ in UInt8.random(in: 0...255, using: &random) }
      let digits = Array("0123456789abcdef".utf8)
      let text = key.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
      return (Connection(key: text), true)
    }
    defer { fclose(file) }
    // A connection is some hundred bytes.
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    guard ferror(file) == 0 else {
      throw .connection(path: path, reason: "cannot be read: \(why)")
    }
    guard count < bytes.count else { throw .connection(path: path, reason: "is too large") }
    return (try Connection(Array(bytes[..<count]), path: path), false)
  }

  /// Writes a connection for clients of this user.
  static func write(_ connection: Connection, to path: String) throws(KernelError) {
    let bytes = connection.bytes
    let file = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .file(path: path, reason: why) }
    defer { close(file) }
    guard Terminal.write(bytes[...], to: file) else { throw .file(path: path, reason: why) }
  }

  private static var why: String { String(cString: strerror(errno)) }
}
