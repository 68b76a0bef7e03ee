import Glibc
import MDMRuntime
import Synchronization

/// Ctrl-C: the first asks the running primitive for its partial value (or ends plain code), the
/// second aborts what goes on after that, the third leaves. SIGTERM asks like the first.
enum Interrupts {
  private static let flag = Atomic<UInt>(0)
  private static let count = Atomic<Int>(0)
  private static let last = Atomic<Int32>(SIGINT)

  /// The signal that asked last.
  static var number: Int32 { last.load(ordering: .relaxed) }

  /// Routes the signals to a session's flag.
  static func route(to interrupt: InterruptFlag) {
    let pointer = Unmanaged.passRetained(interrupt).toOpaque()
    flag.store(UInt(bitPattern: pointer), ordering: .releasing)
    // Whoever started the process may have blocked the signals, as thread pools do.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    sigprocmask(SIG_UNBLOCK, &signals, nil)
    signal(SIGINT, handle)
    signal(SIGTERM, handle)
    signal(SIGPIPE, SIG_IGN)
    // A file that may not grow is a full disk: the write says so.
    signal(SIGXFSZ, SIG_IGN)
  }

  /// A terminal that goes away asks to stop too, unless hang-ups are ignored: `nohup`.
  static func handleHangUp() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGHUP)
    sigprocmask(SIG_UNBLOCK, &signals, nil)
    if let before = signal(SIGHUP, handle), unsafeBitCast(before, to: Int.self) == 1 {
      signal(SIGHUP, SIG_IGN)
    }
  }

  /// A new expression starts: its first Ctrl-C is a first one again.
  static func reset() { count.store(0, ordering: .relaxed) }

  /// Whether any interrupt arrived since `reset`.
  static var wasInterrupted: Bool { count.load(ordering: .relaxed) > 0 }

  private static let handle: @convention(c) (Int32) -> Void = { number in
    last.store(number, ordering: .relaxed)
    if count.add(1, ordering: .relaxed).newValue >= 3 { _exit(128 + number) }
    guard let pointer = UnsafeRawPointer(bitPattern: flag.load(ordering: .acquiring)) else {
      return
    }
    Unmanaged<InterruptFlag>.fromOpaque(pointer)._withUnsafeGuaranteedRef { $0.requestInterrupt() }
  }
}
