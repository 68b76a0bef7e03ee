import Synchronization

/// Lines that other threads have for the person at the prompt, such as a job's end.
///
/// They are shown above the edited line, which stays as it is; while an input is evaluated they wait
/// for the next prompt.
public final class Announcements: Sendable {
  private let lines = Mutex<[String]>([])

  /// None yet.
  public init() {}

  /// Adds a line; any thread may do so.
  public func add(_ line: String) {
    lines.withLock { $0.append(line) }
    Signals.wake()
  }

  /// Whether there are some.
  var isEmpty: Bool { lines.withLock { $0.isEmpty } }

  /// The lines so far, which are gone then.
  func take() -> [String] {
    lines.withLock { lines in
      defer { lines = [] }
      return lines
    }
  }
}
