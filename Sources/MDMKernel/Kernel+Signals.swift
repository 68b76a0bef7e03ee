import Synchronization

extension Kernel {
  /// What signal handlers and other threads may do with a kernel: neither waits for anything.
  public final class Signals: Sendable {
    private let work: Work
    private let control: RequestChannel
    private let isStopping = Atomic<Bool>(false)
    /// The machine's thread has ended its work.
    let isOver = Atomic<Bool>(false)

    init(_ work: Work, _ control: RequestChannel) {
      self.work = work
      self.control = control
    }

    /// Ends the running cell, the first time with its partial result; nothing at idle.
    public func interrupt() { work.interrupt() }

    /// Ends the kernel: what runs is interrupted, and what is done is sent.
    public func stop() {
      isStopping.store(true, ordering: .releasing)
      control.wake()
    }

    var isStopped: Bool { isStopping.load(ordering: .acquiring) }
  }
}
