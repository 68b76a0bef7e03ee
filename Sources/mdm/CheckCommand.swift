import ArgumentParser
import MDMSession
import MDMSyntax

/// `mdm check FILE…`: everything that can be found before a script runs.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check scripts without running them.")

  @ArgumentParser.Argument(help: "Scripts; - reads standard input.") var files: [String]

  func run() throws {
    let front = FrontEnd()
    var errors = 0
    for file in files {
      let (_, diagnostics) = front.session.check(try front.source(file))
      front.session.report(diagnostics)
      errors += diagnostics.count { $0.severity == .error }
    }
    Exit.now(errors == 0 ? Exit.success : Exit.usage)
  }
}
