import Synchronization

/// What a kernel tells whoever started it; a flood of the same is told in powers of ten.
final class KernelLog: Sendable {
  private let counts = Mutex<[String: Int]>([:])
  private let sink: @Sendable (String) -> Void

  init(_ sink: @escaping @Sendable (String) -> Void) { self.sink = sink }

  func note(_ text: String) { sink("mdm kernel: \(text)\n") }

  /// A message was dropped for a reason.
  func dropped(_ reason: String) {
    let count = counts.withLock { counts in
      // Reasons with texts of others in them must not fill the memory.
      let key = counts.count < 100 || counts[reason] != nil ? reason : ""
      counts[key, default: 0] += 1
      return counts[key, default: 0]
    }
    var power = 1
    while power < count { power *= 10 }
    guard power == count else { return }
    note("dropped \(reason)" + (count > 1 ? " (\(count) of them so far)" : ""))
  }
}
