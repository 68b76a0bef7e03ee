import MDMSyntax

/// Trees as short texts with all parentheses written, and shortcuts for tests.
enum TreeText {
  static func parse(_ text: String) -> (tree: SyntaxTree, diagnostics: [Diagnostic]) {
    Parser.parse(SourceText(name: "test.mdm", text: text))
  }

  /// The codes of what the parser reports, in order.
  static func codes(_ text: String) -> [String] { parse(text).diagnostics.map(\.code) }

  /// The statements of a correct text, one after another; else the codes of its errors.
  static func of(_ text: String) -> String {
    let (tree, diagnostics) = parse(text)
    guard diagnostics.isEmpty else {
      return "errors " + diagnostics.map(\.code).joined(separator: " ")
    }
    return tree.statements.map(statement).joined(separator: "; ")
  }

  /// The codes of parser and checker together.
  static func check(
    _ text: String, globals: Set<String> = ["print", "len", "map", "filter", "error"],
    options: Checker.Options = Checker.Options()
  ) -> [Diagnostic] {
    let (tree, diagnostics) = parse(text)
    guard diagnostics.isEmpty else { return diagnostics }
    return Checker(signatures: [:], globals: globals, options: options).check(tree)
  }

  static func statement(_ statement: Statement) -> String {
    switch statement.kind {
    case .expression(let value): return of(value)
    case .binding(let pattern, let mutable, let type, let value, let isPublic):
      let annotation = type.map { ": " + $0.names.map(\.text).joined(separator: "|") } ?? ""
      let word = (isPublic ? "pub " : "") + (mutable ? "var" : "let")
      return "\(word) \(of(pattern))\(annotation) = \(of(value))"
    case .assignment(let target, let operation, let value):
      return "\(of(target)) \(operation?.rawValue ?? "")= \(of(value))"
    case .function(let name, let function, _): return "fn \(name.text)\(of(function))"
    case .reward(let name, let function, let low, let high, _):
      return "reward \(name.text)\(of(function)) in \(of(low))..\(of(high))"
    case .parameter(let name, _, let value, let help):
      return "param \(name.text) = \(of(value)) \(help ?? "-")"
    case .use(let module, let isPath, let alias, let members):
      return "use \(isPath ? "path " : "")\(module.text) as \(alias?.text ?? "-")"
        + " \(members.map(\.text))"
    case .for(let patterns, let sequence, let body):
      return "for \(patterns.map(of).joined(separator: ", ")) in \(of(sequence)) \(of(body))"
    case .while(let condition, let body): return "while \(of(condition)) \(of(body))"
    case .test(let name, let body): return "test \(name) \(of(body))"
    case .assert(let assertion):
      return (assertion.isExpectation ? "expect" : "assert")
        + (assertion.seeds.map { " across \(of($0))" } ?? "") + " \(of(assertion.condition))"
        + (assertion.message.map { ", \(of($0))" } ?? "")
    case .defer(let body): return "defer \(of(body))"
    case .budget(let limits, let body): return "budget(\(of(limits))) \(of(body))"
    }
  }

  static func of(_ block: Block) -> String {
    "{\(block.statements.map(statement).joined(separator: "; "))}"
  }

  static func of(_ function: FunctionExpression) -> String {
    let parameters = function.parameters.map { parameter in
      (parameter.isRest ? ".." : "") + parameter.name.text
        + (parameter.type.map { ": " + $0.names.map(\.text).joined(separator: "|") } ?? "")
        + (parameter.defaultValue.map { " = \(of($0))" } ?? "")
    }
    let result = function.result.map { " -> " + $0.names.map(\.text).joined(separator: "|") }
    return "(\(parameters.joined(separator: ", ")))\(result ?? "") \(of(function.body))"
  }

  static func of(_ arguments: [Argument]) -> String {
    arguments.map { argument in
      switch argument.kind {
      case .positional: of(argument.value)
      case .named(let name): "\(name.text): \(of(argument.value))"
      case .spread: "..\(of(argument.value))"
      case .placeholder: "_"
      case .namedPlaceholder(let name): "\(name.text): _"
      }
    }.joined(separator: ", ")
  }

  static func of(_ fields: [Field]) -> String {
    fields.map { field in
      switch field.key {
      case .name(let name): "\(name.text): \(of(field.value))"
      case .literal(let key): "\(of(key)): \(of(field.value))"
      case .spread: "..\(of(field.value))"
      }
    }.joined(separator: ", ")
  }

  static func of(_ expression: Expression) -> String {
    switch expression.kind {
    case .none: return "none"
    case .bool(let value): return "\(value)"
    case .int(let value): return "\(value)"
    case .float(let value): return "\(value)"
    case .duration(let value): return "\(value)s"
    case .size(let value): return "\(value)bytes"
    case .string(let text): return "\"\(text)\""
    case .interpolation(let pieces):
      let parts = pieces.map { piece -> String in
        switch piece {
        case .text(let text): return text
        case .formatted(let value, let format):
          return "{\(of(value)):\(of(Expression(.interpolation(format), value.span)))}"
        case .value(let value, let format): return "{\(of(value))\(format.map { ":" + $0 } ?? "")}"
        }
      }
      return "f\"\(parts.joined())\""
    case .list(let elements):
      let parts = elements.map { ($0.isSpread ? ".." : "") + of($0.value) }
      return "[\(parts.joined(separator: ", "))]"
    case .record(let fields): return "{\(of(fields))}"
    case .spawn(let call): return "spawn \(of(call))"
    case .mixture(let fields): return "mix{\(of(fields))}"
    case .name(let name): return name
    case .unary(let operation, let operand):
      return "(\(operation == .minus ? "-" : "not ")\(of(operand)))"
    case .binary(let operation, let left, let right):
      return "(\(of(left)) \(operation.rawValue) \(of(right)))"
    case .approximately(let left, let right, let tolerance):
      return "(\(of(left)) ~= \(of(right)) +- \(of(tolerance)))"
    case .range(let low, let high, let closed, let step):
      return "(\(low.map(of) ?? "")..\(closed ? "=" : "")\(high.map(of) ?? "")"
        + "\(step.map { " by \(of($0))" } ?? ""))"
    case .call(let callee, let arguments): return "\(of(callee))(\(of(arguments)))"
    case .pipe(let input, let callee, let arguments):
      return "<\(of(input)) |> \(of(callee))(\(of(arguments)))>"
    case .index(let base, let key): return "\(of(base))[\(of(key))]"
    case .member(let base, let name): return "\(of(base)).\(name.text)"
    case .fieldFunction(let name): return "<.\(name.text)>"
    default: return control(expression)
    }
  }

  private static func control(_ expression: Expression) -> String {
    switch expression.kind {
    case .function(let function): return "fn\(of(function))"
    case .if(let condition, let then, let otherwise):
      return "if \(of(condition)) \(of(then))" + (otherwise.map { " else \(of($0))" } ?? "")
    case .block(let block): return of(block)
    case .match(let subject, let arms):
      let texts = arms.map { arm in
        of(arm.pattern) + (arm.guardCondition.map { " if \(of($0))" } ?? "")
          + " -> \(of(arm.value))"
      }
      return "match \(of(subject)) {\(texts.joined(separator: ", "))}"
    case .tryCatch(let body, let error, let handler):
      return "try \(of(body)) catch \(error?.text ?? "-") \(of(handler))"
    case .return(let value): return "return" + (value.map { " \(of($0))" } ?? "")
    case .break: return "break"
    case .continue: return "continue"
    default: return "?"
    }
  }

  static func of(_ pattern: Pattern) -> String {
    switch pattern.kind {
    case .wildcard: return "_"
    case .binding(let name): return name
    case .literal(let value): return of(value)
    case .range(let low, let high, let closed): return "\(of(low))..\(closed ? "=" : "")\(of(high))"
    case .either(let list): return list.map(of).joined(separator: "|")
    case .list(let list, let rest):
      var parts = list.map(of)
      if let rest { parts.insert("..\(rest.name?.text ?? "")", at: rest.position) }
      return "[\(parts.joined(separator: ", "))]"
    case .record(let fields):
      return "{\(fields.map { "\($0.key.text): \(of($0.pattern))" }.joined(separator: ", "))}"
    }
  }
}
