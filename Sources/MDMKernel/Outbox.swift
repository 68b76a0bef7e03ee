import Synchronization

/// Messages for the thread that owns a socket, from any other.
final class Outbox: Sendable {
  private let waiting = Mutex<[[[UInt8]]]>([])
  let signal: WakeSignal

  init() throws(KernelError) { signal = try WakeSignal() }

  func post(_ frames: [[UInt8]]) {
    waiting.withLock { $0.append(frames) }
    signal.give()
  }

  /// All that waits, oldest first.
  func take() -> [[[UInt8]]] {
    signal.clear()
    return waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
  }
}
