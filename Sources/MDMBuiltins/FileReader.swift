import Glibc
import MDMRuntime

/// An open file that is read in pieces; an interrupt ends even the waiting for a pipe.
final class FileReader {
  private static let piece = 1 << 18

  /// The bytes that a plain file has; 0 for pipes and devices.
  let size: Int
  private let path: String
  private let descriptor: Int32
  private let isPlain: Bool
  private var buffer = [UInt8](repeating: 0, count: FileReader.piece)

  /// Opens a file, or fails with a hint about what lies there instead.
  init(_ path: String, _ call: NativeCall) throws {
    // Without O_NONBLOCK a pipe that nobody writes to would hold the script for ever.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw Files.unreadable(path, call)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let error = Files.unreadable(path, call)
      close(descriptor)
      throw error
    }
    if status.st_mode & S_IFMT == S_IFDIR {
      close(descriptor)
      throw call.fail(
        "E0801", "\(path) is a folder", hint: "list_folder(path) gives the names in it",
        argument: 0)
    }
    self.path = path
    self.descriptor = descriptor
    isPlain = status.st_mode & S_IFMT == S_IFREG
    size = isPlain ? Int(status.st_size) : 0
  }

  deinit { close(descriptor) }

  /// The next bytes; nil at the end.
  func next(_ call: NativeCall) throws -> ArraySlice<UInt8>? {
    while true {
      try call.checkInterrupt()
      if !isPlain {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        if poll(&waiting, 1, 20) == 0 { continue }
      }
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count > 0 { return buffer[..<count] }
      if count == 0 { return nil }
      if errno != EINTR, errno != EAGAIN { throw Files.unreadable(path, call) }
    }
  }
}
