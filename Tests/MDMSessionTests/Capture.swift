import Foundation
import MDMRuntime
import MDMSession
import MDMSyntax
import Synchronization

/// A session whose output is kept.
final class Capture {
  final class Text { var value = "" }
  let output = Text()
  let errors = Text()
  let session: Session

  init(_ change: (inout SessionOptions) -> Void = { _ in }) {
    let (output, errors) = (output, errors)
    var options = SessionOptions(
      output: { output.value += $0 }, errorOutput: { errors.value += $0 })
    change(&options)
    session = Session(options)
  }

  /// Options of a session that nobody hears.
  static var silent: SessionOptions { SessionOptions(output: { _ in }, errorOutput: { _ in }) }

  @discardableResult
  func run(
    _ text: String, name: String = "test.mdm", form: Session.Form = .file
  ) -> Session.Outcome {
    session.run(SourceText(name: name, text: text), form: form)
  }
}

/// A thread that interrupts what runs, again and again: the first time may come too early.
///
/// A thread of its own, since a test that evaluates blocks one of the few that tasks share.
final class Interrupter: Sendable {
  private let isDone = Atomic<Bool>(false)

  /// - Parameter first: is done before the first interrupt.
  init(_ flag: InterruptFlag, first: @escaping @Sendable () -> Void = {}) {
    Thread.detachNewThread { [self] in
      usleep(20_000)
      first()
      while !isDone.load(ordering: .relaxed) {
        flag.requestInterrupt()
        usleep(20_000)
      }
    }
  }

  func stop() { isDone.store(true, ordering: .relaxed) }
}
