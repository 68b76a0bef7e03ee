import Glibc

/// Tells when the process that wanted a kernel is gone.
struct ParentWatch {
  /// The client's process, which may have started the kernel through others.
  private let client: pid_t?
  /// The process that started the kernel.
  private let starter: pid_t?

  /// - Parameter client: the process named by `JPY_PARENT_PID`; nil: the kernel stands alone.
  init(client: pid_t?) {
    guard let client, client > 0 else {
      (self.client, starter) = (nil, nil)
      return
    }
    // Of another namespace, a number says nothing.
    self.client = kill(client, 0) == 0 || errno == EPERM ? client : nil
    starter = getppid()
  }

  /// Whether it is gone.
  var isGone: Bool {
    if let starter, getppid() != starter { return true }
    guard let client else { return false }
    return kill(client, 0) != 0 && errno == ESRCH
  }
}
