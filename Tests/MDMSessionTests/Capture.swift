import MDMSession
import MDMSyntax

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

  @discardableResult
  func run(
    _ text: String, name: String = "test.mdm", form: Session.Form = .file
  ) -> Session.Outcome {
    session.run(SourceText(name: name, text: text), form: form)
  }
}
