import MDMBuiltins
import MDMRuntime
import MDMSyntax

/// Commands that tell what there is.
enum HelpCommands {
  static let inspect = CellCommand(
    name: "?", usage: "?name  ??name  ?\"words\"",
    summary: "What a name stands for; ?? adds its source; words search all help.", answer: explain)

  static let help = CellCommand(
    name: ":help", usage: ":help [NAME]", summary: "These commands, and all functions by family."
  ) { (argument, view: SessionView, result) in
    if argument.isEmpty {
      result.page = overview(view)
    } else {
      explain(argument, view, &result)
    }
  }

  @Sendable private static func explain(
    _ argument: String, _ view: SessionView, _ result: inout CellResult
  ) {
    let isDetailed = argument.hasPrefix("?")
    var name = argument.drop { $0 == "?" || $0.isWhitespace }
    while name.last?.isWhitespace == true { name.removeLast() }
    if name.isEmpty {
      result.page = overview(view)
    } else if name.hasPrefix("\"") {
      result.page = view.search(name.filter { $0 != "\"" })
    } else {
      result.page = view.help(String(name), isDetailed: isDetailed)
    }
    guard result.page == nil else { return }
    result.status = .rejected
    let near = SpellingSuggestion.nearest(to: String(name), among: view.names)
    result.diagnostics.append(
      Diagnostic(
        code: "E0814", "nothing is called \(name)",
        hint: near.map { "did you mean `\($0)`?" } ?? "?\"words\" searches all help"))
  }

  /// All commands and functions.
  private static func overview(_ view: SessionView) -> Presentation {
    var rows = CellCommands.all.map { ($0.usage, $0.summary) }
    rows.append(
      ("|> f(…)", "At the start of a line it takes the last value, also called _; _7 is that of 7.")
    )
    rows.append(("Ctrl-C", "Ends a running training with its partial result; again: aborts."))
    let width = rows.map(\.0.count).max() ?? 0
    var lines = rows.map { $0 + String(repeating: " ", count: width - $0.count + 2) + $1 }
    lines += ["", "Functions by family:"]
    for (family, names) in view.families {
      lines.append("  \(family): \(names.joined(separator: " "))")
    }
    for (module, functions) in StandardModules.all {
      let names = functions.map { "\(module).\($0.name)" }
      lines.append("  use \(module): \(names.joined(separator: " "))")
    }
    return Presentation(text: lines.joined(separator: "\n"))
  }

  static let names = CellCommand(
    name: ":names", usage: ":names", summary: "What this session has bound, with types."
  ) { (_, view: SessionView, result) in
    result.page = view.boundNames()
  }

  static let quit = CellCommand(
    name: ":quit", usage: ":quit", summary: "Leaves (or Ctrl-D)."
  ) { (_, _: CellEvaluator, result) in result.isLeaving = true }
}
