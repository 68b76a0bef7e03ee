import Glibc

/// The live line on standard error: redrawn in place on a terminal, a plain line now and then else.
final class ProgressLine {
  private let isTerminal = Terminal.isTerminal(2)
  private var isShown = false
  private var lastWrite = 0.0

  /// Shows a line in place of the last one.
  func show(_ text: String) {
    let now = Self.seconds()
    if isTerminal {
      guard now - lastWrite > 0.05 || text.isEmpty else { return }
      let fitted = String(text.prefix(max(20, Terminal.width - 1)))
      Terminal.write("\r\u{1B}[K" + fitted, to: 2)
      isShown = !fitted.isEmpty
      lastWrite = now
    } else if now - lastWrite > 10, !text.isEmpty {
      Terminal.write(text + "\n", to: 2)
      lastWrite = now
    }
  }

  /// Takes the line away before other text is written.
  func clear() {
    guard isShown else { return }
    Terminal.write("\r\u{1B}[K", to: 2)
    isShown = false
  }

  private static func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
