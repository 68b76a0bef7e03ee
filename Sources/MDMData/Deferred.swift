import Synchronization

/// A text that is computed when it is first asked for, once.
final class Deferred: Sendable {
  private let make: @Sendable () -> String
  private let known = Mutex<String?>(nil)

  init(_ make: @escaping @Sendable () -> String) { self.make = make }

  var value: String {
    known.withLock { known in
      if let known { return known }
      let value = make()
      known = value
      return value
    }
  }
}
