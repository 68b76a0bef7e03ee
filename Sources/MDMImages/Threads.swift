import Glibc
import Synchronization

/// Threads that decode.
public enum Threads {
  /// As many as there are cores, or `MDM_THREADS`.
  public static let count: Int = {
    if let text = getenv("MDM_THREADS"), let number = Int(String(cString: text)) {
      return max(1, min(number, 64))
    }
    return max(1, min(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 64))
  }()

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Runs a function on a thread of its own; false where none can be made.
  static func start(_ run: @escaping @Sendable () -> Void) -> Bool {
    guard let thread = joinable(run) else { return false }
    pthread_detach(thread)
    return true
  }

  private static func joinable(_ run: @escaping @Sendable () -> Void) -> pthread_t? {
    let body = Unmanaged.passRetained(Body(run))
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { pointer in
        guard let pointer else { return nil }
        // Signals are for the main thread.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
        Unmanaged<Body>.fromOpaque(pointer).takeRetainedValue().run()
        return nil
      }, body.toOpaque())
    guard status == 0 else {
      body.release()
      return nil
    }
    return thread
  }

  /// Calls a function with 0..<count, in any order and on several threads, and waits for all.
  ///
  /// - Parameter goesOn: Asked before each call; the rest is left out once it is false.
  public static func forEach(
    _ count: Int, while goesOn: @escaping @Sendable () -> Bool = { true },
    _ body: @escaping @Sendable (Int) -> Void
  ) {
    let shared = SharedCounter()
    let work: @Sendable () -> Void = {
      while goesOn() {
        let index = shared.next()
        guard index < count else { return }
        body(index)
      }
    }
    let others = (1..<max(1, min(Self.count, count))).compactMap { _ in joinable(work) }
    work()
    for thread in others { pthread_join(thread, nil) }
  }
}

private final class SharedCounter: Sendable {
  private let value = Atomic(0)
  func next() -> Int { value.wrappingAdd(1, ordering: .relaxed).oldValue }
}
