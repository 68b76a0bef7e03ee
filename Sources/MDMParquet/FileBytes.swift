import Glibc

/// The bytes of a file, mapped: only what is looked at is read.
final class FileBytes: Sendable {
  nonisolated(unsafe) private let memory: UnsafeRawBufferPointer
  private let isMapped: Bool

  init(path: String) throws(ParquetError) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .cannotRead(reason: String(cString: strerror(errno))) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw .cannotRead(reason: "it is no file")
    }
    let size = Int(status.st_size)
    guard size > 0, let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, file, 0),
      start != MAP_FAILED
    else {
      if size == 0 { throw .notParquet }
      throw .cannotRead(reason: String(cString: strerror(errno)))
    }
    memory = UnsafeRawBufferPointer(start: start, count: size)
    isMapped = true
  }

  init(_ bytes: [UInt8]) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 8)
    copy.copyBytes(from: bytes)
    memory = UnsafeRawBufferPointer(copy)
    isMapped = false
  }

  deinit {
    if isMapped {
      munmap(UnsafeMutableRawPointer(mutating: memory.baseAddress), memory.count)
    } else {
      memory.deallocate()
    }
  }

  var count: Int { memory.count }

  /// Lets go of the memory of a part that has been read, which stays in the file.
  ///
  /// Linux maps up to 64 KiB around what is looked at, so all of that goes, or a large file of small
  /// parts would stay in memory bit by bit; what a neighbour needs of it is mapped again.
  func release(_ range: Range<Int>) {
    let window = 1 << 16
    let start = range.lowerBound / window * window
    let end = min((range.upperBound + window - 1) / window * window, memory.count)
    guard isMapped, end > start, let base = memory.baseAddress else { return }
    madvise(UnsafeMutableRawPointer(mutating: base + start), end - start, MADV_DONTNEED)
  }

  /// A part of the file; valid as long as this object.
  func part(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: memory[range])
  }
}
