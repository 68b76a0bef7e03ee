import MDMRuntime
import MDMSyntax

/// What a script printed, and what it ended with.
struct Outcome {
  var output = ""
  var value = ""
  var error: ScriptError?
}

/// Collects what a machine prints.
final class Sink {
  var text = ""
}

/// Parses; the first error is thrown.
func parse(_ text: String, name: String = "test") throws(ScriptError) -> SyntaxTree {
  let parsed = Parser.parse(SourceText(name: name, text: text))
  if let first = parsed.diagnostics.first(where: { $0.severity == .error }) {
    throw ScriptError(.error, first)
  }
  return parsed.tree
}

/// Runs a script on a machine of its own.
func run(_ text: String, _ change: (inout MachineOptions) -> Void = { _ in }) -> Outcome {
  let sink = Sink()
  var options = MachineOptions()
  options.output = { sink.text += $0 }
  change(&options)
  let machine = Machine(options: options)
  var outcome = Outcome()
  do throws(ScriptError) {
    outcome.value = machine.display(try machine.run(parse(text)))
  } catch {
    outcome.error = error
  }
  outcome.output = sink.text
  return outcome
}

/// The displayed value of a script; an error's message with its code in front.
func value(_ text: String) -> String {
  let outcome = run(text)
  if let error = outcome.error { return "\(error.diagnostic.code) \(error.diagnostic.message)" }
  return outcome.value
}

/// The code of the error that a script ends with.
func code(_ text: String) -> String? { run(text).error?.diagnostic.code }
