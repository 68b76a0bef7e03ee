import MDMBuiltins
import MDMRuntime
import MDMSyntax

/// `:why NAME`.
enum WhyCommand {
  static let command = CellCommand(
    name: ":why", usage: ":why NAME",
    summary: "Where a value comes from: the input that bound it, what went into it, and so on."
  ) { argument, evaluator, result in
    let name = argument.isEmpty ? "_" : argument
    guard evaluator.view.known(name) != nil else {
      let near = SpellingSuggestion.nearest(to: name, among: evaluator.view.bound.map(\.name))
      return result.refuse(
        "no input has bound \(name)",
        hint: near.map { "did you mean `\($0)`?" } ?? ":names lists what inputs have bound")
    }
    var tree = Tree(evaluator: evaluator)
    tree.add(name, indent: "", isLast: true, isRoot: true, depth: 0, before: .max)
    result.page = Presentation(text: tree.lines.joined(separator: "\n"))
  }

  /// The lines of a tree of names, each with what is known of it.
  private struct Tree {
    let evaluator: CellEvaluator
    var lines: [String] = []
    private var seen: Set<String> = []

    init(evaluator: CellEvaluator) { self.evaluator = evaluator }

    private static let deepest = 6

    mutating func add(
      _ name: String, indent: String, isLast: Bool, isRoot: Bool, depth: Int, before: Int
    ) {
      guard let known = evaluator.view.known(name) else { return }
      let head = isRoot ? "" : indent + (isLast ? "└ " : "├ ")
      let below = isRoot ? "" : indent + (isLast ? "  " : "│ ")
      guard seen.insert(name).inserted else {
        lines.append("\(head)\(name): see above")
        return
      }
      lines.append("\(head)\(name): \(text(of: known))")
      if case .domain(let object) = known.value {
        for fact in Provenance.facts(of: object) { lines.append("\(below)  \(fact.0): \(fact.1)") }
      }
      guard let source = known.source else { return }
      let number = number(of: source)
      var input = source.text(0..<source.bytes.count)
      if input.count > 400 { input = input.prefix(400) + " …" }
      let code = input.split(separator: "\n", omittingEmptySubsequences: false)
      lines.append("\(below)  \(source.name): \(code.first ?? "")")
      for line in code.dropFirst() {
        lines.append(below + String(repeating: " ", count: source.name.count + 4) + line)
      }
      if let number, number > before {
        lines.append("\(below)  bound again since: the value used then was another one")
      }
      guard depth < Self.deepest else { return }
      let names = Self.names(in: source).filter { $0 != name && evaluator.view.known($0) != nil }
      for (index, next) in names.enumerated() {
        add(
          next, indent: below, isLast: index == names.count - 1, isRoot: false, depth: depth + 1,
          before: number ?? .max)
      }
    }

    private func text(of known: KnownName) -> String {
      guard case .domain(let object) = known.value else { return known.brief }
      return String(object.display(100).prefix { !$0.isNewline })
    }

    /// The 7 of `repl[7]`.
    private func number(of source: SourceText) -> Int? {
      guard source.name.hasPrefix(evaluator.prefix + "["), source.name.hasSuffix("]") else {
        return nil
      }
      return Int(source.name.dropFirst(evaluator.prefix.count + 1).dropLast())
    }

    /// The names that stand in a text, in order, each once; fields and arguments' names are none.
    private static func names(in source: SourceText) -> [String] {
      var found: [String] = []
      func look(_ tokens: [Token]) {
        for (index, token) in tokens.enumerated() {
          switch token.kind {
          case .name(let name):
            let isField = index > 0 && tokens[index - 1].is(.dot)
            let isArgument = index + 1 < tokens.count && tokens[index + 1].is(.colon)
            if !isField, !isArgument, !found.contains(name) { found.append(name) }
          case .interpolation(let pieces):
            for case .value(let inner, _, _) in pieces { look(inner) }
          default: break
          }
        }
      }
      look(Lexer.lex(source).tokens)
      return found
    }
  }
}
