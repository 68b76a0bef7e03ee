import Glibc

/// A call that is open.
struct Frame {
  var code: UnsafeMutablePointer<Code>
  /// Where to go on; only current while the frame is not the innermost one.
  var pc: UnsafeMutablePointer<Instruction>
  var base: UnsafeMutablePointer<Value>
  var closure: UnsafeMutablePointer<ClosureObject>
  /// Where the caller wants the result.
  var destination: UnsafeMutablePointer<Value>
}

/// An open `try`.
struct Handler {
  let depth: Int
  let target: UnsafeMutablePointer<Instruction>
  let register: Int
  let deferCount: Int
  /// The budgets that were open around it.
  let budgetCount: Int
  /// The level of the budget whose end it takes; -1 of a `try`.
  var budget = -1
}

/// The part of a machine that its loop changes, in raw memory.
struct MachineState {
  /// The index of the innermost frame; -1 where none is open.
  var depth = -1
  /// The end of the innermost window, where a call from a native may build its own.
  var top: UnsafeMutablePointer<Value>
  /// No register at or above has been written since the last collection.
  var highWater: UnsafeMutablePointer<Value>
  var openUpvalues: UnsafeMutablePointer<UpvalueObject>?
  var handlerCount = 0
  /// Calls of natives are counted, or looked at for a profile.
  var isWatched = false
  /// Natives that wait for a script function they called.
  var nativeDepth = 0
}

/// Lazily backed memory: untouched pages cost nothing.
struct Region<Element> {
  let start: UnsafeMutablePointer<Element>
  let count: Int

  init(count: Int) {
    self.count = count
    let size = count * MemoryLayout<Element>.stride
    let raw = mmap(
      nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let raw, raw != MAP_FAILED else { Heap.outOfMemory() }
    start = raw.assumingMemoryBound(to: Element.self)
  }

  var end: UnsafeMutablePointer<Element> { start + count }

  func unmap() { munmap(start, count * MemoryLayout<Element>.stride) }
}
