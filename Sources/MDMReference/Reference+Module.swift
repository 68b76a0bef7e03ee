import MDMDeclarations
import MDMSyntax

extension Reference {
  /// What a file documents with its `##` lines, without running it: what it exports, or all of its
  /// functions where it exports nothing, and its parameters.
  public init(of tree: SyntaxTree) {
    let source = tree.source
    let file = source.name.split(separator: "/").last.map(String.init) ?? source.name
    let isModule = tree.statements.contains { Self.isPublic($0) }
    var entries: [Entry.Kind: [Entry]] = [:]
    for statement in tree.statements where Self.isPublic(statement) || !isModule {
      for entry in Self.entries(statement, source, isModule: isModule) {
        entries[entry.kind, default: []].append(entry)
      }
    }
    // Parameters are for who runs the file, whatever it exports.
    if isModule {
      for statement in tree.statements {
        for entry in Self.entries(statement, source, isModule: false) where entry.kind == .parameter
        {
          entries[.parameter, default: []].append(entry)
        }
      }
    }
    let titles: [(Entry.Kind, String)] = [
      (.parameter, "Parameters"), (.function, "Functions"), (.reward, "Rewards"),
      (.value, "Values"),
    ]
    self.init(
      title: file.hasSuffix(".mdm") ? String(file.dropLast(4)) : file,
      introduction: Self.heading(source),
      sections: titles.compactMap { kind, title in
        entries[kind].map { Section(title, $0) }
      })
  }

  private static func isPublic(_ statement: Statement) -> Bool {
    switch statement.kind {
    case .function(_, _, let isPublic), .reward(_, _, _, _, let isPublic),
      .binding(_, _, _, _, let isPublic):
      isPublic
    default: false
    }
  }

  private static func entries(
    _ statement: Statement, _ source: SourceText, isModule: Bool
  ) -> [Entry] {
    let text = DocumentationText(statement.documentation ?? "")
    switch statement.kind {
    case .function(let name, let function, _):
      return [entry(.function, name.text, function, result(function), source, text)]
    case .reward(let name, let function, let low, let high, _):
      let range = [low, high].map { written($0.span, source) }.joined(separator: "..")
      return [entry(.reward, name.text, function, range, source, text)]
    case .parameter(let name, let type, let value, let help):
      let usage =
        "\(name.text)" + (type.map { ": \(written($0.span, source))" } ?? "")
        + " = \(written(value.span, source))"
      let said = DocumentationText(help ?? statement.documentation ?? "")
      return [Entry(.parameter, name.text, usage: usage, said)]
    case .binding(let pattern, _, let type, let value, _) where isModule:
      if case .binding(let name) = pattern.kind, case .function(let function) = value.kind {
        return [entry(.function, name, function, result(function), source, text)]
      }
      return ModuleInterface(SyntaxTree(source: source, statements: [statement])).names.sorted()
        .map { name in
          let annotation = type.map { ": \(written($0.span, source))" } ?? ""
          return Entry(.value, name, usage: name + annotation + short(value, source), text)
        }
    default: return []
    }
  }

  private static func entry(
    _ kind: Entry.Kind, _ name: String, _ function: FunctionExpression, _ result: String,
    _ source: SourceText, _ text: DocumentationText
  ) -> Entry {
    let parameters = function.parameters.map { parameter in
      ParameterDeclaration(
        parameter.name.text, parameter.type.map(type) ?? .any,
        default: parameter.defaultValue.map { written($0.span, source) }, rest: parameter.isRest)
    }
    let call = FunctionSignature(name, parameters, returns: .any, family: "", "").usage
    return Entry(
      kind, name, usage: call.dropLast("Any".count) + result, parameters: parameters,
      result: result, text)
  }

  private static func result(_ function: FunctionExpression) -> String {
    function.result.map { type($0).description } ?? ScriptType.any.description
  }

  /// The annotation as it is written: that is all a reader needs to know of it.
  private static func type(_ annotation: TypeAnnotation) -> ScriptType {
    annotation.names.count == 1
      ? .domain(annotation.names[0].text) : .either(annotation.names.map { .domain($0.text) })
  }

  private static func written(_ span: Span, _ source: SourceText) -> String {
    source.text(Int(span.start)..<Int(span.end))
  }

  /// ` = value` where it is short and on one line.
  private static func short(_ value: Expression, _ source: SourceText) -> String {
    let text = written(value.span, source)
    return text.count <= 60 && !text.contains("\n") ? " = \(text)" : ""
  }

  /// The comment at the head of a file, with an empty line below it.
  private static func heading(_ source: SourceText) -> String {
    var lines: [String] = []
    var number = 1
    if source.line(1).hasPrefix("#!") { number += 1 }
    while number <= source.lineCount, source.line(number).isEmpty, lines.isEmpty { number += 1 }
    while number <= source.lineCount {
      let line = source.line(number)
      guard line.hasPrefix("#"), !line.hasPrefix("# %%") else {
        return line.isEmpty ? DocumentationText(lines.joined(separator: "\n")).text : ""
      }
      let text = line.drop { $0 == "#" }
      lines.append(String(text.first == " " ? text.dropFirst() : text))
      number += 1
    }
    return DocumentationText(lines.joined(separator: "\n")).text
  }
}

extension DocumentationText {
  /// Summary and details.
  fileprivate var text: String { details.isEmpty ? summary : "\(summary)\n\n\(details)" }
}
