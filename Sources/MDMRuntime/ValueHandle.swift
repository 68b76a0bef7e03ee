import Synchronization

/// A script value kept alive from outside the machine.
///
/// It may be stored and released on any thread; only the machine's own thread may use the value.
public final class ValueHandle: Sendable {
  let table: HandleTable
  let slot: Int

  init(_ value: Value, in table: HandleTable) {
    self.table = table
    slot = table.insert(value)
  }

  deinit { table.remove(slot) }

  var value: Value { table.value(slot) }

  /// The type's name as scripts see it.
  public var typeName: String { value.typeName }

  /// Whether this is `none`.
  public var isNone: Bool { value.tag == .none }

  /// Whether this can be called.
  public var isFunction: Bool { value.isFunction }

  /// The value of the domain; nil for all other types.
  public var domain: (any DomainValue)? { value.tag == .domain ? value.domain.object : nil }
}

/// A script or native function kept alive from outside the machine.
public typealias FunctionHandle = ValueHandle

/// The values that handles keep alive: roots of the collector.
final class HandleTable: Sendable {
  private struct State {
    var values: [Value] = []
    var free: [Int] = []
  }

  private let state = Mutex(State())

  func insert(_ value: Value) -> Int {
    state.withLock { state in
      if let slot = state.free.popLast() {
        state.values[slot] = value
        return slot
      }
      state.values.append(value)
      return state.values.count - 1
    }
  }

  func remove(_ slot: Int) {
    state.withLock { state in
      state.values[slot] = .none
      state.free.append(slot)
    }
  }

  func value(_ slot: Int) -> Value { state.withLock { $0.values[slot] } }

  /// All values, for marking.
  var snapshot: [Value] { state.withLock { $0.values } }
}
