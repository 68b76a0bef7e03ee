import Glibc
import MDMRuntime
import Synchronization

/// Interrupts what runs once it has used so much time of the processor, and again until it ends: a
/// `defer` may still run when the first request comes.
public final class Deadline: Sendable {
  private let end = Atomic<Int>(.max)
  private let isOver = Atomic<Bool>(false)
  private let flag: InterruptFlag

  /// Starts the watching thread of a flag.
  public init(_ flag: InterruptFlag) {
    self.flag = flag
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self)
    let status = pthread_create(
      &thread, nil,
      { pointer in
        guard let pointer else { return nil }
        Unmanaged<Deadline>.fromOpaque(pointer).takeRetainedValue().watch()
        return nil
      }, context.toOpaque())
    if status == 0 { pthread_detach(thread) } else { context.release() }
  }

  /// The next run may use so many milliseconds.
  public func start(milliseconds: Int) {
    end.store(Self.now() + milliseconds, ordering: .relaxed)
  }

  /// The run is over.
  public func stop() { end.store(.max, ordering: .relaxed) }

  /// Ends the thread.
  public func finish() { isOver.store(true, ordering: .relaxed) }

  private func watch() {
    while !isOver.load(ordering: .relaxed) {
      usleep(5000)
      if Self.now() > end.load(ordering: .relaxed) { flag.requestInterrupt() }
    }
  }

  private static func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }
}
