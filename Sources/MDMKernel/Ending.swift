import Glibc

/// Brings a kernel to its end, from the control thread: it interrupts what runs, twice, and leaves the
/// process where that does not help.
final class Ending {
  private let signals: Kernel.Signals
  private let queue: ExecutionQueue
  private let parent: ParentWatch
  private let log: KernelLog
  private var began: Int?
  private var interrupts = 0

  /// Milliseconds from the beginning of the end to the second interrupt, and to leaving at once.
  /// Clients kill a kernel that needs more than about three seconds.
  private static let (patience, longest) = (500, 2500)

  init(signals: Kernel.Signals, queue: ExecutionQueue, parent: ParentWatch, log: KernelLog) {
    self.signals = signals
    self.queue = queue
    self.parent = parent
    self.log = log
  }

  /// Looks whether the end has come, a few times a second.
  func look() {
    if !signals.isStopped, parent.isGone {
      log.note("the process that started this kernel is gone: it ends too")
      signals.stop()
    }
    guard signals.isStopped, !signals.isOver.load(ordering: .acquiring) else { return }
    let now = Monotonic.milliseconds
    let start = began ?? now
    began = start
    queue.close()
    if interrupts == 0 || interrupts == 1 && now - start >= Self.patience {
      interrupts += 1
      signals.interrupt()
    }
    if now - start >= Self.longest { _exit(0) }
  }
}
