import ArgumentParser
import MDMRuntime
import MDMSession
import MDMSyntax

/// `mdm run FILE`, `mdm FILE`, `mdm -`, `mdm -e CODE`, `mdm -p CODE`.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a script, or code given with -e or -p.")

  @Option(name: .customShort("e"), help: "Code to run.") var code: String?
  @Option(name: .customShort("p"), help: "Code to run; its value is printed.") var printed: String?
  @Option(help: "Stop after so long, such as 30s or 5min; the exit status is then 4.")
  var timeLimit: String?
  @Option(help: "Let the script's values take at most so much memory, such as 2GB.")
  var memoryLimit: String?
  @OptionGroup var diagnostics: DiagnosticArguments
  @ArgumentParser.Argument(
    parsing: .captureForPassthrough,
    help: "A script (- reads standard input), then values for its parameters: --steps 20.")
  var arguments: [String] = []

  func run() throws {
    let source: SourceText
    var values: [String: String] = [:]
    let limit = try memoryLimit.map { try FrontEnd.bytes($0, option: "--memory-limit") }
    let front = FrontEnd(diagnostics.format, memoryLimit: limit)
    if let text = code ?? printed {
      source = SourceText(name: code == nil ? "-p" : "-e", text: text)
      guard arguments.isEmpty else {
        throw ValidationError("-\(code == nil ? "p" : "e") takes no script besides it.")
      }
    } else {
      guard let path = arguments.first else {
        throw ValidationError("Name a script, or give code with -e.")
      }
      source = front.source(path)
      let (tree, _) = Parser.parse(source)
      values = try ParameterArguments.read(
        Array(arguments.dropFirst()), for: ScriptParameter.all(of: tree), script: path)
    }
    if let timeLimit { try front.stop(after: timeLimit) }
    front.session.setParameters(values)
    let outcome = front.session.finishJobs(after: front.session.run(source))
    front.progress.clear()
    if printed != nil, case .finished(let value) = outcome {
      Terminal.write(front.session.display(value) + "\n")
    }
    front.leave(outcome)
  }
}
