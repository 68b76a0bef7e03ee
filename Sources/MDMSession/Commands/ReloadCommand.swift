import MDMBuiltins
import MDMRuntime
import MDMSyntax

/// `:reload`.
enum ReloadCommand {
  static let command = CellCommand(
    name: ":reload", usage: ":reload",
    summary: "Reads the used files again that have changed; names that came from them are new then."
  ) { _, evaluator, result in
    let session = evaluator.session
    let files = session.machine.moduleFiles
    guard !files.isEmpty else {
      result.page = Presentation(text: "no file is in use")
      return
    }
    var lines: [String] = []
    do throws(ScriptError) {
      for file in files {
        // Checked as if it were used anew: nothing of it runs where it is wrong.
        let text = "use \"\(file.contains("/") ? file : "./" + file)\" as reloaded__\nreloaded__"
        let (_, diagnostics) = session.check(SourceText(name: "reload", text: text), form: .chunk)
        result.diagnostics += diagnostics.filter { $0.severity == .error }
        guard result.error == nil else {
          result.status = .rejected
          return
        }
        if let change = try session.machine.reload(file) { lines.append(line(file, change)) }
      }
    } catch {
      result.diagnostics.append(error.diagnostic)
      result.status = CellEvaluator.status(.failed(error.kind))
    }
    evaluator.view.updateAll(session)
    if lines.isEmpty, result.status == .finished { lines = ["no file has changed"] }
    if !lines.isEmpty { result.page = Presentation(text: lines.joined(separator: "\n")) }
  }

  private static func line(_ file: String, _ change: ModuleChange) -> String {
    var parts: [String] = []
    if !change.added.isEmpty { parts.append("new: " + change.added.joined(separator: ", ")) }
    if !change.removed.isEmpty { parts.append("gone: " + change.removed.joined(separator: ", ")) }
    return "\(file) is read again" + (parts.isEmpty ? "" : "; " + parts.joined(separator: "; "))
  }
}
