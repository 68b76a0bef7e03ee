import Glibc

/// Whole files, read and written with typed errors.
enum File {
  private static func reason() -> String { String(cString: strerror(errno)) }

  /// The bytes of a file.
  static func read(_ path: String) throws(ModelError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadableFile(path: path, reason: reason()) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .unreadableFile(path: path, reason: reason())
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadableFile(path: path, reason: "not a regular file")
    }
    let size = Int(status.st_size)
    var failure: String?
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
        if got < 0 && errno == EINTR { continue }
        if got < 0 { failure = reason() }
        if got <= 0 { return }
        count += got
      }
    }
    if let failure { throw .unreadableFile(path: path, reason: failure) }
    return bytes
  }

  /// The bytes of a file, or nil where there is none.
  static func readIfPresent(_ path: String) throws(ModelError) -> [UInt8]? {
    access(path, F_OK) != 0 && errno == ENOENT ? nil : try read(path)
  }

  /// Makes a folder and its parents; existing ones are fine.
  static func makeFolder(_ path: String) throws(ModelError) {
    var partial = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      partial += part + "/"
      if mkdir(partial, 0o777) != 0 && errno != EEXIST && errno != EISDIR {
        throw .unwritableFile(path: path, reason: reason())
      }
    }
  }

  /// Writes a file whole or not at all: to a neighbour, to the disk, then over the old name.
  static func write(_ bytes: [UInt8], to path: String) throws(ModelError) {
    try write(to: path) { put in bytes.withUnsafeBytes { put($0) } }
  }

  /// Writes a file whole or not at all, from the pieces that `body` puts one after another.
  static func write(
    to path: String, _ body: (_ put: (UnsafeRawBufferPointer) -> Void) -> Void
  ) throws(ModelError) {
    let temporary = path + ".\(getpid()).part"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .unwritableFile(path: path, reason: reason()) }
    var failure: String?
    body { buffer in
      var done = 0
      while failure == nil, done < buffer.count {
        let count = Glibc.write(
          descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { failure = reason() } else { done += count }
      }
    }
    if failure == nil, fsync(descriptor) != 0 { failure = reason() }
    if close(descriptor) != 0, failure == nil { failure = reason() }
    if failure == nil, rename(temporary, path) != 0 { failure = reason() }
    if let failure {
      unlink(temporary)
      throw .unwritableFile(path: path, reason: failure)
    }
    syncFolder(of: path)
  }

  /// Removes a file; one that is not there is fine.
  static func remove(_ path: String) throws(ModelError) {
    if unlink(path) != 0 && errno != ENOENT {
      throw .unwritableFile(path: path, reason: reason())
    }
  }

  /// Makes the new name durable; a file system that cannot is not an error.
  private static func syncFolder(of path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor >= 0 {
      fsync(descriptor)
      close(descriptor)
    }
  }
}
