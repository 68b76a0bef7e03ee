import MDMSession
import MDMSyntax

/// A session whose output is kept.
final class Capture {
  final class Text { var value = "" }
  let output = Text()
  let errors = Text()
  let session: Session

  init() {
    let (output, errors) = (output, errors)
    session = Session(
      SessionOptions(
        output: { output.value += $0 }, errorOutput: { errors.value += $0 }))
  }

  @discardableResult
  func run(
    _ text: String, name: String = "test.mdm", form: Session.Form = .file
  ) -> Session.Outcome {
    session.run(SourceText(name: name, text: text), form: form)
  }
}
