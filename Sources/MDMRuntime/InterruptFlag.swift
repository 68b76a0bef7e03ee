import Synchronization

/// The word that running scripts poll: a signal handler or another thread sets it.
public final class InterruptFlag: Sendable {
  private let state = Atomic<UInt8>(0)
  /// What stands where nothing is requested: 5 where the machine has to look at every turn.
  private let idle = Atomic<UInt8>(0)

  public init() {}

  /// Asks the run to stop.
  public func requestInterrupt() { state.store(1, ordering: .relaxed) }

  /// Tells the run that its time is over.
  public func requestTimeLimit() { state.store(2, ordering: .relaxed) }

  /// Tells the run that the time of a budget is over; other requests come first.
  func requestBudget() {
    for expected: UInt8 in [0, 4, 5] {
      if state.compareExchange(expected: expected, desired: 3, ordering: .relaxed).exchanged {
        return
      }
    }
  }

  /// Asks the machine to say where it is; natives do not hear of it.
  func requestSample() {
    _ = state.compareExchange(expected: 0, desired: 4, ordering: .relaxed)
  }

  /// Takes a request for a sample back; whether there was one.
  func takeSample() -> Bool {
    state.compareExchange(
      expected: 4, desired: idle.load(ordering: .relaxed), ordering: .relaxed
    ).exchanged
  }

  /// The machine's loop should look what there is.
  @inline(__always) var needsLook: Bool { state.load(ordering: .relaxed) != 0 }

  /// Takes the request back.
  public func clear() { state.store(idle.load(ordering: .relaxed), ordering: .relaxed) }

  /// Has the machine's loop look at every turn, or no more.
  func counts(_ isCounting: Bool) {
    let (old, new): (UInt8, UInt8) = isCounting ? (0, 5) : (5, 0)
    idle.store(new, ordering: .relaxed)
    _ = state.compareExchange(expected: old, desired: new, ordering: .relaxed)
  }

  /// A request is pending.
  @inline(__always) public var isRequested: Bool {
    let request = state.load(ordering: .relaxed)
    return request != 0 && request < 4
  }

  /// The pending request is that of a budget.
  var isBudget: Bool { state.load(ordering: .relaxed) == 3 }

  /// The pending request is a time limit.
  public var isTimeLimit: Bool { state.load(ordering: .relaxed) == 2 }
}
