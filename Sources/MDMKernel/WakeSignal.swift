import CZeroMQ
import Glibc

/// Wakes a thread that waits for sockets; any thread and any signal handler may give it.
package final class WakeSignal: Sendable {
  let descriptor: Int32

  package init() throws(KernelError) {
    descriptor = mdm_wake_descriptor()
    guard descriptor >= 0 else {
      throw .system("cannot wake threads: \(String(cString: strerror(errno)))")
    }
  }

  deinit { close(descriptor) }

  package func give() {
    var one: UInt64 = 1
    _ = write(descriptor, &one, 8)
  }

  /// Takes it back, so that the next wait waits.
  func clear() {
    var count: UInt64 = 0
    _ = read(descriptor, &count, 8)
  }

  /// Whether it was given and not taken back.
  var isGiven: Bool {
    var item = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&item, 1, 0) > 0
  }

  /// Waits until it is given, and takes it back; for milliseconds at most.
  func wait(milliseconds: Int32 = -1) {
    var item = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    _ = poll(&item, 1, milliseconds)
    clear()
  }
}
