import Glibc
import MDMBuiltins
import MDMRuntime

/// `:save FILE`.
enum SaveCommand {
  static let command = CellCommand(
    name: ":save", usage: ":save [-f] FILE",
    summary: "Writes this session as a notebook of `# %%` cells; failed inputs as comments."
  ) { argument, evaluator, result in
    let isForced = argument.hasPrefix("-f ")
    let path = CellCommands.trimmed(isForced ? argument.dropFirst(3) : argument[...])
    guard !path.isEmpty else {
      return result.refuse(":save takes a file", hint: "write :save session.mdm")
    }
    guard path.hasSuffix(".mdm") else {
      return result.refuse("a notebook's name ends in .mdm", hint: "write :save \(path).mdm")
    }
    guard isForced || access(path, F_OK) != 0 else {
      return result.refuse("there is a file \(path) already", hint: "write :save -f \(path)")
    }
    let cells = evaluator.inputs.map(cell)
    guard !cells.isEmpty else { return result.refuse("nothing has been entered yet") }
    do throws(ScriptError) {
      try FileText.makeFolder(above: path)
      try FileText.write(cells.joined(separator: "\n"), to: path)
    } catch {
      result.status = .failed
      result.diagnostics.append(error.diagnostic)
      return
    }
    let count = cells.count == 1 ? "1 cell" : "\(cells.count) cells"
    result.page = Presentation(text: "\(path): \(count)")
  }

  /// An input as a cell. What failed, and commands, which are no part of a script, become comments.
  private static func cell(_ input: CellEvaluator.Input) -> String {
    let isKept = input.status == .finished && !CellCommands.isCommand(input.text)
    let lines = input.text.split(separator: "\n", omittingEmptySubsequences: false)
    let text = lines.map { isKept ? String($0) : "# \($0)" }.joined(separator: "\n")
    return "# %%\n\(text)\n"
  }
}
