import Glibc

/// Calls something when a time is over, from a thread of its own: no queue that others may have
/// filled stands in its way.
public final class Alarm: @unchecked Sendable {
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let interval: Double?
  private let ring: @Sendable () -> Void
  private var next: timespec
  // Guarded by the lock.
  private var isCancelled = false

  /// - Parameters:
  ///   - seconds: when it rings first.
  ///   - interval: the seconds between later times; nil: it rings once.
  public init(
    after seconds: Double, every interval: Double? = nil, _ ring: @escaping @Sendable () -> Void
  ) {
    self.interval = interval
    self.ring = ring
    next = Self.time(in: seconds)
    pthread_mutex_init(lock, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    // The wall clock may be set while we wait.
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(wake, &attributes)
    pthread_condattr_destroy(&attributes)
    var thread = pthread_t()
    let alarm = Unmanaged.passRetained(self).toOpaque()
    let status = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Alarm>.fromOpaque(argument).takeRetainedValue().wait() }
        return nil
      }, alarm)
    if status == 0 {
      pthread_detach(thread)
    } else {
      Unmanaged<Alarm>.fromOpaque(alarm).release()
    }
  }

  deinit {
    pthread_cond_destroy(wake)
    pthread_mutex_destroy(lock)
    wake.deallocate()
    lock.deallocate()
  }

  /// It does not ring any more.
  public func cancel() {
    pthread_mutex_lock(lock)
    isCancelled = true
    pthread_cond_signal(wake)
    pthread_mutex_unlock(lock)
  }

  private func wait() {
    pthread_mutex_lock(lock)
    while !isCancelled {
      guard pthread_cond_timedwait(wake, lock, &next) == ETIMEDOUT else { continue }
      ring()
      guard let interval else { break }
      next = Self.time(in: interval)
    }
    pthread_mutex_unlock(lock)
  }

  private static func time(in seconds: Double) -> timespec {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    // Ten years are forever, and fit.
    let wait = min(max(0, seconds), 3e8)
    let nanoseconds = time.tv_nsec + Int((wait - wait.rounded(.down)) * 1e9)
    time.tv_sec += Int(wait) + nanoseconds / 1_000_000_000
    time.tv_nsec = nanoseconds % 1_000_000_000
    return time
  }
}
