import MDMRuntime
import Synchronization

/// What the machine is doing, as other threads and signal handlers need to know it.
final class Work: Sendable {
  private let isRunning = Atomic<Bool>(false)
  private let interrupts = Atomic<Int>(0)
  private let counted = Atomic<Int>(0)
  private let parent = Mutex<[UInt8]?>(nil)
  private let flag: InterruptFlag

  init(_ flag: InterruptFlag) { self.flag = flag }

  /// A cell begins on behalf of a request.
  func begin(_ header: [UInt8]) {
    parent.withLock { $0 = header }
    interrupts.store(0, ordering: .relaxed)
    isRunning.store(true, ordering: .releasing)
  }

  /// The cell is over.
  ///
  /// - Returns: whether it was interrupted.
  func end() -> Bool {
    isRunning.store(false, ordering: .releasing)
    parent.withLock { $0 = nil }
    return interrupts.load(ordering: .relaxed) > 0
  }

  /// Asks the running cell to stop; nothing happens where none runs. Signal handlers may call it.
  func interrupt() {
    guard isRunning.load(ordering: .acquiring) else { return }
    interrupts.add(1, ordering: .relaxed)
    flag.requestInterrupt()
  }

  /// The number of the last input.
  var count: Int { counted.load(ordering: .relaxed) }

  func note(count: Int) { counted.store(count, ordering: .relaxed) }

  /// Calls with the header of the request whose cell runs; it does not end meanwhile.
  func whileRunning(_ body: ([UInt8]) -> Void) {
    parent.withLock { parent in if let parent { body(parent) } }
  }
}
