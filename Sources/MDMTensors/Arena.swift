/// Memory that is handed out in order and taken back all at once.
///
/// After the first round a step of the same size allocates nothing. Pointers stay valid until
/// `reset()` or the release of an earlier mark.
package final class Arena {
  private var blocks: [UnsafeMutableRawBufferPointer] = []
  private var block = 0
  private var used = 0
  private static let alignment = 64

  package init() {}

  deinit { for block in blocks { block.deallocate() } }

  /// Uninitialised floats, aligned to a cache line.
  package func floats(_ count: Int) -> UnsafeMutablePointer<Float> {
    take(count * MemoryLayout<Float>.stride).bindMemory(to: Float.self, capacity: count)
  }

  /// Floats that are all 0.
  package func zeros(_ count: Int) -> UnsafeMutablePointer<Float> {
    let result = floats(count)
    result.update(repeating: 0, count: count)
    return result
  }

  /// A copy of 32-bit integers.
  package func integers(_ values: [Int32]) -> UnsafeMutablePointer<Int32> {
    let result = take(values.count * 4).bindMemory(to: Int32.self, capacity: values.count)
    values.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { result.update(from: base, count: source.count) }
    }
    return result
  }

  /// A place that `release(_:)` can go back to.
  package struct Mark {
    fileprivate let block: Int
    fileprivate let used: Int
  }

  /// The present place.
  package var mark: Mark { Mark(block: block, used: used) }

  /// Takes back what was handed out after a mark.
  package func release(_ mark: Mark) {
    block = mark.block
    used = mark.used
  }

  /// Takes everything back; several blocks become one, so that the next round finds one piece.
  package func reset() {
    if blocks.count > 1 {
      let total = blocks.reduce(0) { $0 + $1.count }
      for block in blocks { block.deallocate() }
      blocks = [.allocate(byteCount: total, alignment: Self.alignment)]
    }
    block = 0
    used = 0
  }

  private func take(_ bytes: Int) -> UnsafeMutableRawPointer {
    let size = max(Self.alignment, (bytes + Self.alignment - 1) / Self.alignment * Self.alignment)
    while block < blocks.count {
      if used + size <= blocks[block].count, let base = blocks[block].baseAddress {
        defer { used += size }
        return base + used
      }
      block += 1
      used = 0
    }
    let new = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(size, 1 << 20), alignment: Self.alignment)
    blocks.append(new)
    used = size
    return new.baseAddress.unsafelyUnwrapped
  }
}
