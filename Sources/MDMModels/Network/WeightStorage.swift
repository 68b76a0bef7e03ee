import Glibc
import MDMTensors
import Synchronization

/// A flat buffer of floats, aligned to cache lines.
final class WeightStorage: @unchecked Sendable {
  let base: UnsafeMutablePointer<Float>
  let count: Int
  private let size: Int

  /// A buffer of zeros; memory that is never written takes no room, in pages of the smallest size where
  /// only little of it will be (`isSparse`).
  init(count: Int, isSparse: Bool = false) {
    self.count = count
    let bytes = max(64, (count * MemoryLayout<Float>.stride + 63) / 64 * 64)
    let pages = mmap(
      nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let pages, pages != MAP_FAILED else { fatalError("out of memory") }
    if isSparse { madvise(pages, bytes, MADV_NOHUGEPAGE) }
    size = bytes
    base = pages.bindMemory(to: Float.self, capacity: max(16, count))
  }

  deinit { munmap(base, size) }

  /// Another buffer with the same numbers.
  func copy() -> WeightStorage {
    let result = WeightStorage(count: count)
    result.base.update(from: base, count: count)
    return result
  }
}

/// Memory of past calls, kept for the next ones; each call takes its own.
final class ArenaPool: @unchecked Sendable {
  private let free = Mutex<[ArenaPair]>([])

  /// Runs `body` with memory that nobody else uses meanwhile.
  func with<T>(_ body: (ArenaPair) -> T) -> T {
    let pair = free.withLock { $0.popLast() } ?? ArenaPair()
    pair.store.reset()
    pair.scratch.reset()
    defer { free.withLock { $0.append(pair) } }
    return body(pair)
  }
}

/// Memory for results and memory for intermediate values.
final class ArenaPair: @unchecked Sendable {
  let store = Arena()
  let scratch = Arena()
}
