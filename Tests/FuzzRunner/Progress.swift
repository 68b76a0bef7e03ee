import Foundation

/// Where a worker is, in a file that it shares with its parent and that outlives its crash.
final class Progress {
  private let words: UnsafeMutablePointer<UInt64>

  init(path: String) throws {
    let descriptor = open(path, O_RDWR | O_CREAT, 0o600)
    guard descriptor >= 0, ftruncate(descriptor, 4096) == 0 else {
      throw CocoaError(.fileWriteUnknown)
    }
    defer { close(descriptor) }
    guard
      let memory = mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
      memory != MAP_FAILED
    else { throw CocoaError(.fileReadUnknown) }
    words = memory.bindMemory(to: UInt64.self, capacity: 512)
  }

  deinit { munmap(words, 4096) }

  /// The index of the case that runs.
  var index: UInt64 {
    get { words[0] }
    set { words[0] = newValue }
  }
}
