import Glibc
import MDMBuiltins
import MDMSyntax

/// `:history [PATTERN]`.
enum HistoryCommand {
  static let command = CellCommand(
    name: ":history", usage: ":history [PATTERN]",
    summary:
      "The inputs of this session, or those of all sessions that fit `*train*` or have a word."
  ) { argument, evaluator, result in
    let rows: [(String, String)]
    if argument.isEmpty {
      rows = evaluator.inputs.map { ("\($0.number)", mark($0.status) + $0.text) }
    } else {
      guard let history = evaluator.history else {
        return result.refuse("no history is kept here", hint: "the REPL and the kernel keep one")
      }
      // A word alone is looked for anywhere.
      let isPattern = argument.contains { "*?[".contains($0) }
      let found = history.search(isPattern ? argument : "*\(argument)*", isUnique: true, limit: 100)
      rows = found.map { ("\(day($0.time)) \($0.session)/\($0.number)", $0.input) }
    }
    guard !rows.isEmpty else {
      result.page = Presentation(
        text: argument.isEmpty ? "nothing has been entered yet" : "no input fits \(argument)")
      return
    }
    let width = rows.map(\.0.count).max() ?? 0
    let lines = rows.map { label, text in
      let blanks = String(repeating: " ", count: width - label.count)
      // Further lines stand below the first.
      let more = "\n" + String(repeating: " ", count: width + 2)
      return blanks + label + "  "
        + text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: more)
    }
    result.page = Presentation(text: lines.joined(separator: "\n"))
  }

  private static func mark(_ status: CellResult.Status) -> String {
    status == .finished ? "" : "✗ "
  }

  private static func day(_ time: Double) -> String {
    var seconds = time_t(time)
    var parts = tm()
    guard localtime_r(&seconds, &parts) != nil else { return "" }
    func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
  }
}
