import Glibc
import Synchronization

/// What signals have said, in words that a handler may write.
///
/// A handler may touch only atomics and pipes: everything else here is read by ordinary code.
enum Signals {
  /// Set by Ctrl-C while the prompt waits.
  static let isInterrupted = Atomic<Bool>(false)
  /// Set when the terminal has changed its size.
  static let isResized = Atomic<Bool>(false)
  /// Set when the process has been continued after a stop.
  static let isContinued = Atomic<Bool>(false)
  /// SIGHUP or SIGTERM once one has come: the loop ends where it is safe.
  static let leaving = Atomic<Int32>(0)
  /// The `Target` that evaluates now, as a pointer's bits; 0 at the prompt.
  private static let target = Atomic<UInt>(0)
  /// How often a signal has asked this evaluation to end.
  private static let presses = Atomic<Int>(0)
  /// Write end of the pipe that wakes the prompt; -1 before there is one.
  private static let wakeup = Atomic<Int32>(-1)
  /// Read end of the same pipe.
  private static let wakeupSource = Atomic<Int32>(-1)

  /// Holds a session where a handler can reach it. It must outlive the loop: a handler on another
  /// thread may still be busy with it when an evaluation has ended.
  final class Target {
    fileprivate let session: any REPLSession
    init(_ session: any REPLSession) { self.session = session }
  }

  /// The descriptor that becomes readable when a signal has come.
  static var source: Int32 { wakeupSource.load(ordering: .acquiring) }

  /// Takes over what a terminal and a shell send, and answers the actions to restore.
  static func install() -> [(Int32, sigaction)] {
    if source < 0 {
      var ends: [Int32] = [-1, -1]
      if pipe(&ends) == 0 {
        for end in ends {
          _ = fcntl(end, F_SETFD, FD_CLOEXEC)
          _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        wakeupSource.store(ends[0], ordering: .releasing)
        wakeup.store(ends[1], ordering: .releasing)
      }
    }
    return [SIGINT, SIGWINCH, SIGCONT, SIGHUP, SIGTERM].map { number in
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { Signals.handle($0) }
      // Interrupted reads of the evaluation go on; the prompt is woken by its pipe.
      action.sa_flags = SA_RESTART
      sigemptyset(&action.sa_mask)
      var previous = sigaction()
      sigaction(number, &action, &previous)
      return (number, previous)
    }
  }

  static func restore(_ actions: [(Int32, sigaction)]) {
    for (number, action) in actions {
      var action = action
      sigaction(number, &action, nil)
    }
  }

  /// Runs a body during which Ctrl-C goes to the session: the first and second press call
  /// `interrupt()`, the third ends the process the way an unhandled Ctrl-C does. SIGHUP and SIGTERM
  /// count as presses.
  /// - Returns: how often the evaluation was asked to end.
  static func evaluating(_ session: Target, _ body: () -> Void) -> Int {
    let pointer = Unmanaged.passUnretained(session).toOpaque()
    presses.store(0, ordering: .sequentiallyConsistent)
    target.store(UInt(bitPattern: pointer), ordering: .sequentiallyConsistent)
    body()
    target.store(0, ordering: .sequentiallyConsistent)
    drain()
    return presses.load(ordering: .sequentiallyConsistent)
  }

  /// Empties the pipe.
  static func drain() {
    var bytes = [UInt8](repeating: 0, count: 64)
    while read(source, &bytes, bytes.count) > 0 {}
  }

  /// Makes a prompt that waits look around; any thread may call it.
  static func wake() {
    var byte: UInt8 = 0
    _ = write(wakeup.load(ordering: .acquiring), &byte, 1)
  }

  private static func handle(_ number: Int32) {
    let saved = errno
    switch number {
    case SIGINT: interrupt(by: number)
    case SIGHUP, SIGTERM:
      leaving.store(number, ordering: .sequentiallyConsistent)
      interrupt(by: number)
    case SIGWINCH: isResized.store(true, ordering: .sequentiallyConsistent)
    default: isContinued.store(true, ordering: .sequentiallyConsistent)
    }
    wake()
    errno = saved
  }

  private static func interrupt(by number: Int32) {
    let bits = target.load(ordering: .sequentiallyConsistent)
    guard let pointer = UnsafeRawPointer(bitPattern: bits) else {
      if number == SIGINT { isInterrupted.store(true, ordering: .sequentiallyConsistent) }
      return
    }
    let count = presses.add(1, ordering: .sequentiallyConsistent).newValue
    if count >= 3 {
      signal(number, SIG_DFL)
      raise(number)
    }
    Unmanaged<Target>.fromOpaque(pointer)._withUnsafeGuaranteedRef { $0.session.interrupt() }
  }
}
