import Glibc
import Synchronization

/// Threads that sleep until there is work.
///
/// Dispatch's `concurrentPerform` was tried first: it often stayed on one thread here for many calls.
final class ThreadPool: @unchecked Sendable {
  /// The greatest number of threads.
  static let greatest = 64
  static let shared = ThreadPool()

  private let isBusy = Atomic<Bool>(false)
  private let next = Atomic<Int>(0)
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let started = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let finished = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  // What follows is guarded by the mutex.
  private var threads = 0
  private var round = 0
  private var wanted = 0
  private var running = 0
  private var pieces = 0
  private var body: ((Int) -> Void)?

  private init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(started, nil)
    pthread_cond_init(finished, nil)
  }

  /// Runs all pieces on the calling thread and `threads - 1` others; false where the pool is busy.
  func run(_ pieces: Int, threads count: Int, _ body: (Int) -> Void) -> Bool {
    guard isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    else { return false }
    defer { isBusy.store(false, ordering: .releasing) }
    withoutActuallyEscaping(body) { body in
      pthread_mutex_lock(mutex)
      while threads < count - 1, startThread() {}
      self.pieces = pieces
      self.body = body
      wanted = min(count - 1, threads)
      running = wanted
      round += 1
      next.store(0, ordering: .relaxed)
      pthread_cond_broadcast(started)
      pthread_mutex_unlock(mutex)

      work(pieces, body)

      pthread_mutex_lock(mutex)
      while running > 0 { pthread_cond_wait(finished, mutex) }
      self.body = nil
      pthread_mutex_unlock(mutex)
    }
    return true
  }

  private func work(_ pieces: Int, _ body: (Int) -> Void) {
    while true {
      let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if piece >= pieces { return }
      body(piece)
    }
  }

  /// Starts one more thread, with the mutex held; the pool lives as long as the process.
  private func startThread() -> Bool {
    var thread = pthread_t()
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, 8 << 20)
    defer { pthread_attr_destroy(&attributes) }
    let entry: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { number in
      ThreadPool.shared.serve(Int(bitPattern: number) - 1)
    }
    let number = UnsafeMutableRawPointer(bitPattern: threads + 1)
    guard pthread_create(&thread, &attributes, entry, number) == 0 else { return false }
    threads += 1
    return true
  }

  private func serve(_ number: Int) -> Never {
    var seen = 0
    pthread_mutex_lock(mutex)
    while true {
      while round == seen || number >= wanted || body == nil {
        if number >= wanted { seen = round }
        pthread_cond_wait(started, mutex)
      }
      seen = round
      let (pieces, body) = (pieces, body)
      pthread_mutex_unlock(mutex)
      if let body { work(pieces, body) }
      pthread_mutex_lock(mutex)
      running -= 1
      if running == 0 { pthread_cond_signal(finished) }
    }
  }
}
