import Glibc
import MDMKernel
import Synchronization

/// SIGINT ends the running cell, SIGTERM the kernel.
enum KernelSignals {
  /// Routes the signals to a kernel, for the life of the process.
  static func route(to signals: Kernel.Signals) {
    target.store(UInt(bitPattern: Unmanaged.passRetained(signals).toOpaque()), ordering: .releasing)
    // Whoever started the process may have blocked the signals, as thread pools do.
    var wanted = sigset_t()
    sigemptyset(&wanted)
    sigaddset(&wanted, SIGINT)
    sigaddset(&wanted, SIGTERM)
    sigprocmask(SIG_UNBLOCK, &wanted, nil)
    signal(SIGINT) { _ in KernelSignals.kernel { $0.interrupt() } }
    signal(SIGTERM) { _ in KernelSignals.kernel { $0.stop() } }
  }

  private static let target = Atomic<UInt>(0)

  private static func kernel(_ body: (Kernel.Signals) -> Void) {
    guard let pointer = UnsafeRawPointer(bitPattern: target.load(ordering: .acquiring)) else {
      return
    }
    Unmanaged<Kernel.Signals>.fromOpaque(pointer)._withUnsafeGuaranteedRef(body)
  }
}
