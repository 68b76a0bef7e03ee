import Glibc
import MDMRuntime
import Synchronization

/// Interrupts a run after a while, from another thread.
final class Watch: Sendable {
  private let isOver = Atomic<Bool>(false)

  init(_ flag: InterruptFlag, seconds: Double) {
    let context = Unmanaged.passRetained(Job(self, flag, seconds))
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { pointer in
        guard let pointer else { return nil }
        let job = Unmanaged<Job>.fromOpaque(pointer).takeRetainedValue()
        job.wait()
        return nil
      }, context.toOpaque())
    if status == 0 { pthread_detach(thread) } else { context.release() }
  }

  /// Ends the watch.
  func stop() { isOver.store(true, ordering: .relaxed) }

  private final class Job {
    let watch: Watch
    let flag: InterruptFlag
    let seconds: Double

    init(_ watch: Watch, _ flag: InterruptFlag, _ seconds: Double) {
      self.watch = watch
      self.flag = flag
      self.seconds = seconds
    }

    func wait() {
      // Asks again and again: a `try` in a loop may swallow what one request stops.
      for _ in 0..<40 {
        usleep(UInt32(seconds * 1_000_000))
        if watch.isOver.load(ordering: .relaxed) { return }
        flag.requestInterrupt()
      }
    }
  }
}
