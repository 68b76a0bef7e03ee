import Glibc

/// A thread of the kernel.
struct KernelThread {
  private let thread: pthread_t

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  init(_ run: @escaping @Sendable () -> Void) throws(KernelError) {
    var thread = pthread_t()
    let body = Unmanaged.passRetained(Body(run)).toOpaque()
    let status = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, body)
    guard status == 0 else {
      Unmanaged<Body>.fromOpaque(body).release()
      throw .system("cannot start a thread: \(String(cString: strerror(status)))")
    }
    self.thread = thread
  }

  func join() { pthread_join(thread, nil) }
}
