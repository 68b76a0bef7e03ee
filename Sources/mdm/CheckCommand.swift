import ArgumentParser
import MDMNotebooks
import MDMRuntime
import MDMSession
import MDMSyntax

/// `mdm check [PATHS…]`: everything that can be found before a script runs.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check scripts and notebooks without running them.",
    discussion: """
      Of a folder all .mdm files are checked, those in folders below included. The cells of an .ipynb \
      file are checked as mdm nb run would run them. The exit status is 2 \
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
      for diagnostic in findings(file, front) {
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

  /// What is wrong with a file. One that cannot be read is an error among others.
  private func findings(_ file: String, _ front: FrontEnd) -> [Diagnostic] {
    do throws(ScriptError) {
      guard file.hasSuffix(".ipynb") else {
        return front.session.check(try front.load(file).get()).diagnostics
      }
      let files = NotebookFiles(front: front)
      var options = NotebookRunner.Options()
      options.folder = NotebookFiles.folder(of: file)
      return files.check(try files.load(file), of: file, with: NotebookRunner(options))
    } catch {
      return [error.diagnostic]
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
