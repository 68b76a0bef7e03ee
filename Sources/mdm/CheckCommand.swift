import ArgumentParser
import MDMSession
import MDMSyntax

/// `mdm check [PATHS…]`: everything that can be found before a script runs.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check scripts without running them.",
    discussion: """
      Of a folder all .mdm files are checked, those in folders below included. The exit status is 2 \
      if there are errors. With --diagnostics=json or github the findings go to the standard output.
      """)

  @ArgumentParser.Argument(
    help: "Scripts and folders; - reads standard input; without any the current folder.")
  var paths: [String] = []
  @Flag(help: "Treat warnings as errors.") var strict = false
  @OptionGroup var diagnostics: DiagnosticArguments

  func run() throws {
    let front = FrontEnd(diagnostics.format)
    let files = front.scripts(paths)
    var counts: [Diagnostic.Severity: Int] = [:]
    // A module that several files use is checked with each of them; what it says is said once.
    var said: Set<String> = []
    for file in files {
      guard let source = read(file, front, &counts) else { continue }
      for diagnostic in front.session.check(source).diagnostics {
        guard said.insert(DiagnosticRenderer().json(diagnostic)).inserted else { continue }
        counts[diagnostic.severity, default: 0] += 1
        show(diagnostic, front)
      }
    }
    let (errors, warnings) = (counts[.error, default: 0], counts[.warning, default: 0])
    let summary =
      "\(Self.count(files.count, "file")) checked: \(Self.count(errors, "error")), "
      + "\(Self.count(warnings, "warning"))\n"
    Terminal.write(summary, to: diagnostics.format == .text ? 1 : 2)
    Exit.now(errors == 0 && !(strict && warnings > 0) ? Exit.success : Exit.usage)
  }

  /// A file that cannot be read is one error among others.
  private func read(
    _ file: String, _ front: FrontEnd, _ counts: inout [Diagnostic.Severity: Int]
  ) -> SourceText? {
    switch front.load(file) {
    case .success(let source): return source
    case .failure(let error):
      counts[.error, default: 0] += 1
      show(error.diagnostic, front)
      return nil
    }
  }

  private func show(_ diagnostic: Diagnostic, _ front: FrontEnd) {
    if diagnostics.format == .text {
      front.session.report([diagnostic])
    } else {
      front.write(DiagnosticRenderer().render(diagnostic, as: diagnostics.format))
    }
  }

  private static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }
}
