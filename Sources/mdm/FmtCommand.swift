import ArgumentParser
import MDMFormatter
import MDMRuntime
import MDMSession
import MDMSyntax

/// `mdm fmt [PATHS…]`: scripts in the one style.
struct FmtCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt", abstract: "Lay scripts out in the one style.",
    discussion: """
      Of a folder all .mdm files are formatted, those in folders below included; the names of those \
      that changed are printed. Comments stay, and so does what a script means. A file with syntax \
      errors is left alone; the exit status is then 2.
      """)

  @ArgumentParser.Argument(
    help:
      "Scripts and folders; - formats standard input to output; without any the current folder.")
  var paths: [String] = []
  @Flag(help: "Change nothing; print the names of files that would change, and end with status 1.")
  var check = false

  func run() throws {
    let front = FrontEnd()
    var changed = 0
    var failed = 0
    for file in front.scripts(paths) {
      do throws(ScriptError) {
        switch try format(file, front) {
        case true?: changed += 1
        case false?: break
        case nil: failed += 1
        }
      } catch {
        front.session.report([error.diagnostic])
        failed += 1
      }
    }
    Exit.now(failed > 0 ? Exit.usage : check && changed > 0 ? Exit.runtimeError : Exit.success)
  }

  /// Formats one file and tells whether it changes; nil where it has syntax errors.
  private func format(_ file: String, _ front: FrontEnd) throws(ScriptError) -> Bool? {
    let source = try front.load(file).get()
    let old = source.text(0..<source.bytes.count)
    switch Formatter.format(source) {
    case .rejected(let diagnostics):
      front.session.report(diagnostics)
      return nil
    case .refused:
      throw ScriptError(
        "E0813", "\(source.name) is not formatted: the result would not mean the same",
        hint: "this is a fault of the formatter, please report it with the file")
    case .formatted(let text):
      // Not `==`: texts that look alike may have different bytes.
      let isSame = text.utf8.elementsEqual(old.utf8)
      if file == "-", !check {
        front.write(text)
      } else if !isSame {
        if !check { try FileText.write(text, to: file) }
        front.write(source.name + "\n")
      }
      return !isSame
    }
  }
}
