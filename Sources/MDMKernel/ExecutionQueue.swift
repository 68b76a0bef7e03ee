import Synchronization

/// The requests that wait for the machine, in the order of their arrival.
final class ExecutionQueue: Sendable {
  private struct State {
    var waiting: [Message] = []
    var isClosed = false
  }

  private let state = Mutex(State())
  private let signal: WakeSignal

  /// A client that sends more without waiting is told so.
  static let limit = 10_000

  init() throws(KernelError) { signal = try WakeSignal() }

  /// Adds a request; false where there are too many.
  func add(_ request: Message) -> Bool {
    let isAdded = state.withLock { state in
      guard state.waiting.count < Self.limit else { return false }
      state.waiting.append(request)
      return true
    }
    if isAdded { signal.give() }
    return isAdded
  }

  /// Waits for a request; nil once the queue is closed.
  func next() -> Message? {
    while true {
      let (request, isClosed) = state.withLock { state in
        (
          state.isClosed || state.waiting.isEmpty ? nil : state.waiting.removeFirst(),
          state.isClosed
        )
      }
      if isClosed { return nil }
      if let request { return request }
      signal.wait()
    }
  }

  /// Takes all requests that wait for a subshell, or for the main shell.
  func takeAll(of subshell: String?) -> [Message] {
    state.withLock { state in
      let taken = state.waiting.filter { $0.subshell == subshell }
      state.waiting.removeAll { $0.subshell == subshell }
      return taken
    }
  }

  /// Lets nobody wait any more.
  func close() {
    state.withLock { $0.isClosed = true }
    signal.give()
  }
}
