import ArgumentParser
import MDMSyntax

/// `--diagnostics=text|json|github`, for run, check and test.
struct DiagnosticArguments: ParsableArguments {
  @Option(
    name: .customLong("diagnostics"),
    help: ArgumentHelp(
      "How errors and warnings are written: text, json (an object a line) or github (annotations).",
      valueName: "format"))
  var format: DiagnosticFormat = .text
}

extension DiagnosticFormat: ExpressibleByArgument {}
