import Glibc

/// Memory of a machine's small objects: blocks by size class, cut from large chunks and reused.
///
/// Most objects of a script are small and short-lived; a free block is found again with two loads,
/// and carries no header. What is larger than `largest` comes from the system.
struct BlockPool {
  /// Bytes of the largest block that is kept here.
  static let largest = 256
  private static let step = 16
  private static let chunkBytes = 1 << 17

  private let heads: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  private var next: UnsafeMutableRawPointer?
  private var left = 0
  /// The newest chunk; each starts with the address of the one before.
  private var chunks: UnsafeMutableRawPointer?

  /// Without it the system's allocator gives memory back at every collection, and page faults take
  /// twice the time of the script.
  private static let keepsFreeMemory: Void = {
    // glibc's header is in no module; other C libraries have no such function and no such habit.
    typealias Option = @convention(c) (_ parameter: Int32, _ value: Int32) -> Int32
    guard let address = dlsym(nil, "mallopt") else { return }
    let mallopt = unsafeBitCast(address, to: Option.self)
    let (trimThreshold, mmapThreshold): (Int32, Int32) = (-1, -3)
    _ = mallopt(trimThreshold, 64 << 20)
    _ = mallopt(mmapThreshold, 32 << 20)
  }()

  init() {
    BlockPool.keepsFreeMemory
    let classes = BlockPool.largest / BlockPool.step + 1
    heads = .allocate(capacity: classes)
    heads.initialize(repeating: nil, count: classes)
  }

  /// Room for so many bytes, aligned to 16 and not cleared.
  @inline(__always)
  mutating func take(_ byteCount: Int) -> UnsafeMutableRawPointer {
    if byteCount <= BlockPool.largest {
      let head = heads + (byteCount &+ BlockPool.step &- 1) / BlockPool.step
      if let block = head.pointee {
        head.pointee = block.load(as: UnsafeMutableRawPointer?.self)
        return block
      }
    }
    return takeSlowly(byteCount)
  }

  @inline(never)
  private mutating func takeSlowly(_ byteCount: Int) -> UnsafeMutableRawPointer {
    guard byteCount <= BlockPool.largest else {
      guard let block = malloc(byteCount) else { Heap.outOfMemory() }
      return block
    }
    let rounded = (max(byteCount, 1) + BlockPool.step - 1) / BlockPool.step * BlockPool.step
    if left < rounded { addChunk() }
    guard let block = next else { Heap.outOfMemory() }
    next = block + rounded
    left -= rounded
    return block
  }

  private mutating func addChunk() {
    guard let chunk = malloc(BlockPool.chunkBytes) else { Heap.outOfMemory() }
    chunk.storeBytes(of: chunks, as: UnsafeMutableRawPointer?.self)
    chunks = chunk
    next = chunk + BlockPool.step
    left = BlockPool.chunkBytes - BlockPool.step
  }

  /// Takes a block of that size back.
  @inline(__always)
  mutating func give(_ block: UnsafeMutableRawPointer, _ byteCount: Int) {
    if byteCount > BlockPool.largest {
      free(block)
      return
    }
    let head = heads + (max(byteCount, 1) &+ BlockPool.step &- 1) / BlockPool.step
    block.storeBytes(of: head.pointee, as: UnsafeMutableRawPointer?.self)
    head.pointee = block
  }

  /// Moves a block to a larger one, with its content.
  mutating func grow(
    _ block: UnsafeMutableRawPointer, from old: Int, to new: Int
  ) -> UnsafeMutableRawPointer {
    if old > BlockPool.largest {
      guard let moved = realloc(block, new) else { Heap.outOfMemory() }
      return moved
    }
    let moved = take(new)
    moved.copyMemory(from: block, byteCount: old)
    give(block, old)
    return moved
  }

  /// Frees the chunks; blocks must not be used afterwards.
  func destroy() {
    var chunk = chunks
    while let current = chunk {
      chunk = current.load(as: UnsafeMutableRawPointer?.self)
      free(current)
    }
    heads.deallocate()
  }
}
