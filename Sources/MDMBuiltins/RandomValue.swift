import MDMNumerics
import MDMRuntime
import Synchronization

/// A named random stream as scripts hold it. Its draws move it on, under a lock; where it began
/// never changes, so `split` gives the same streams whatever was drawn.
final class RandomValue: FieldedValue {
  let seed: Int64
  let purpose: String
  /// The keys as texts that cannot be confused: `3`, `"3"`.
  let keys: [String]
  private let stream: Mutex<RandomStream>

  init(seed: Int64, purpose: String, keys: [String]) {
    self.seed = seed
    self.purpose = purpose
    self.keys = keys
    stream = Mutex(
      RandomStream(
        seed: UInt64(bitPattern: seed), purpose: "script:\(purpose)",
        domain: keys.map { "\($0.utf8.count):\($0)" }.joined()))
  }

  func draw<T: Sendable>(_ body: (inout RandomStream) -> T) -> T {
    stream.withLock { stream in body(&stream) }
  }

  var typeName: String { "Random" }

  static let fields: [(name: String, read: @Sendable (RandomValue) -> Datum)] = [
    ("seed", { .int($0.seed) }), ("purpose", { .string($0.purpose) }),
    ("keys", { .strings($0.keys) }),
  ]

  func display(_ width: Int) -> String {
    "Random(seed \(seed), \"\(purpose)\"" + keys.map { ", \($0)" }.joined() + ")"
  }
}
