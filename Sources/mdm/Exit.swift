import Glibc

/// Exit statuses, as docs/language says.
enum Exit {
  static let success: Int32 = 0
  static let runtimeError: Int32 = 1
  static let usage: Int32 = 2
  static let testFailure: Int32 = 3
  static let timeLimit: Int32 = 4

  /// What has to be done first, once. Only the thread that leaves the program touches it.
  nonisolated(unsafe) static var first: () -> Void = {}

  private static func prepare() {
    let first = first
    Self.first = {}
    first()
  }

  static func now(_ status: Int32) -> Never {
    prepare()
    fflush(nil)
    exit(status)
  }

  /// Ends the way an interrupted program should, so that a shell's loop around it stops too.
  static func interrupted() -> Never { signalled(Interrupts.number) }

  /// Ends by a signal that asked for it, so that the parent sees why.
  static func signalled(_ number: Int32) -> Never {
    prepare()
    fflush(nil)
    signal(number, SIG_DFL)
    raise(number)
    exit(128 + number)
  }
}
