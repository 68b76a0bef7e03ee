import MDMBuiltins
import MDMDeclarations
import MDMSyntax

/// `:doc NAME`.
enum DocCommand {
  static let command = CellCommand(
    name: ":doc", usage: ":doc NAME",
    summary:
      "The whole page of a function with its source and its siblings, of a module, of a family."
  ) { argument, evaluator, result in
    guard !argument.isEmpty else {
      return result.refuse(":doc takes a name", hint: "write :doc train")
    }
    guard let page = page(argument, evaluator.view) else {
      let near = SpellingSuggestion.nearest(to: argument, among: evaluator.view.names)
      return result.refuse(
        "nothing is called \(argument)",
        hint: near.map { "did you mean `\($0)`?" } ?? "?\"words\" searches all help")
    }
    result.page = page
  }

  private static func page(_ name: String, _ view: SessionView) -> Presentation? {
    if let functions = view.families.first(where: { $0.name == name })?.functions {
      let rows = functions.compactMap { view.catalogue[$0] }
      return Presentation(text: table(rows.map { ($0.usage, $0.summary) }))
    }
    if let functions = StandardModules.functions(of: name), view.known(name) == nil {
      return Presentation(
        text: functions.map { SessionView.text($0) }.joined(separator: "\n\n"))
    }
    guard var page = view.help(name, isDetailed: true) else { return nil }
    guard let signature = view.catalogue[name] else { return page }
    let siblings = view.families.first { $0.name == signature.family }?.functions ?? []
    let others = siblings.filter { $0 != name }
    if !others.isEmpty {
      page.text += "\n\nSee also (\(signature.family)): " + others.joined(separator: " ")
    }
    return page
  }

  private static func table(_ rows: [(String, String)], indent: String = "") -> String {
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { indent + $0 + String(repeating: " ", count: width - $0.count + 2) + $1 }
      .joined(separator: "\n")
  }
}
