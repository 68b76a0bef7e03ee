extension Checker {
  /// The statements of one block, in a scope that the caller has entered.
  mutating func block(_ statements: [Statement]) {
    declareFunctions(statements)
    var isReachable = true
    for (position, statement) in statements.enumerated() {
      if !isReachable {
        warn("W0303", "this is never reached", at: statement.span, hint: "remove what precedes it")
        isReachable = true
      }
      self.statement(statement)
      if Self.leaves(statement) { isReachable = false }
      if scopes.count > 1, position < statements.count - 1 { unusedValue(statement) }
    }
  }

  mutating func scoped(_ block: Block) {
    enterScope(block.span)
    self.block(block.statements)
    leaveScope()
  }

  /// Functions of one level see each other; other names are noted as coming later.
  private mutating func declareFunctions(_ statements: [Statement]) {
    let inner = scopes.count - 1
    for statement in statements {
      switch statement.kind {
      case .function(let name, let function, _):
        declare(
          name, .function, signature: signature(name.text, function),
          noting: note(.function, statement))
      case .reward(let name, let function, _, _, _):
        declare(
          name, .function, signature: signature(name.text, function),
          noting: note(.reward, statement))
      case .binding(let pattern, _, _, _, _):
        for name in Self.names(pattern) where scopes[inner].names[name.text] == nil {
          scopes[inner].later[name.text] = name.span
        }
      case .parameter(let name, _, _, _):
        scopes[inner].later[name.text] = name.span
      default: break
      }
    }
  }

  private mutating func statement(_ statement: Statement) {
    switch statement.kind {
    case .expression(let expression): self.expression(expression)
    case .binding(let pattern, let mutable, let type, let value, _):
      binding(pattern, mutable: mutable, type: type, value: value, statement)
    case .assignment(let target, _, let value):
      assignment(target)
      expression(value)
    case .function(_, let function, _): self.function(function)
    case .reward(_, let function, let low, let high, _):
      expression(low)
      expression(high)
      self.function(function)
    case .parameter(let name, let type, let value, _):
      if let type { self.type(type) }
      expression(value)
      declare(name, .constant, noting: note(.scriptParameter, statement))
    case .use(let module, let isPath, let alias, let members):
      use(module, isPath: isPath, alias: alias, members: members)
    case .for(let patterns, let sequence, let body):
      expression(sequence)
      enterScope(body.span)
      for pattern in patterns {
        declare(
          pattern, .parameter, isLocal: false,
          noting: note(.loopVariable, pattern.span))
      }
      loopDepth += 1
      block(body.statements)
      loopDepth -= 1
      leaveScope()
    case .while(let condition, let body):
      expression(condition)
      loopDepth += 1
      scoped(body)
      loopDepth -= 1
    case .test(let name, let body):
      if let recorder {
        let title = Span(Int(statement.span.start), Int(body.span.start))
        _ = recorder.declare(Name(name, title), SymbolRecorder.Note(.test, statement.span))
      }
      scoped(body)
    case .assert(let assertion): self.assertion(assertion)
    case .defer(let body):
      deferDepth += 1
      let outer = loopDepth
      loopDepth = 0
      scoped(body)
      loopDepth = outer
      deferDepth -= 1
    case .budget(let limits, let body):
      budget(limits)
      scoped(body)
    }
  }

  private mutating func assertion(_ assertion: Assertion) {
    if let seeds = assertion.seeds {
      expression(seeds)
      enterScope(assertion.condition.span)
      declare(
        Name("seed", seeds.span), .parameter, noting: note(.seed, seeds.span))
      // The condition is a function of the seed.
      functionDepth += 1
      expression(assertion.condition)
      functionDepth -= 1
      leaveScope()
    } else {
      expression(assertion.condition)
    }
    if let message = assertion.message { expression(message) }
  }

  private static let limits: Set<String> = ["steps", "time"]

  private mutating func budget(_ limits: [Argument]) {
    for limit in limits {
      switch limit.kind {
      case .named(let name):
        if !Self.limits.contains(name.text) {
          error(
            "E0352", "`budget` has no limit named `\(name.text)`", at: name.span,
            nearest: SpellingSuggestion.nearest(to: name.text, among: Self.limits),
            hint: "it has steps and time")
        }
      case .spread: break
      case .positional:
        error(
          "E0352", "the limits of `budget` are named", at: limit.value.span,
          hint: "write budget(steps: 2000, time: 5min) { … }")
      case .placeholder, .namedPlaceholder:
        misplaced(limit)
        continue
      }
      expression(limit.value)
    }
  }

  private mutating func binding(
    _ pattern: Pattern, mutable: Bool, type: TypeAnnotation?, value: Expression,
    _ statement: Statement
  ) {
    if let type { self.type(type) }
    expression(value)
    let kind: CheckerScope.Kind = mutable ? .variable : .constant
    if case .binding(let text) = pattern.kind, case .function(let function) = value.kind,
      !mutable
    {
      let name = Name(text, pattern.span)
      declare(
        name, kind, signature: signature(text, function), isLocal: true,
        noting: note(.constant, statement))
    } else {
      declare(
        pattern, kind, isLocal: true, noting: note(mutable ? .variable : .constant, statement))
    }
  }

  /// Declares the names of a pattern, each once.
  mutating func declare(
    _ pattern: Pattern, _ kind: CheckerScope.Kind, isLocal: Bool,
    noting note: SymbolRecorder.Note?
  ) {
    patternFaults(pattern)
    for name in Self.names(pattern) { declare(name, kind, isLocal: isLocal, noting: note) }
    if case .binding(let text) = pattern.kind {
      scopes[scopes.count - 1].names[text]?.isAlone = true
    }
    if recorder != nil { recordAlternatives(pattern) }
  }

  private mutating func assignment(_ target: Expression) {
    guard case .name(let name) = target.kind else {
      expression(target)
      return
    }
    recordAssignment(name, at: target.span)
    if let entry = entry(name) {
      guard entry.kind != .variable else { return }
      let what: (String, String) =
        switch entry.kind {
        case .function: ("is a function", "declare a `var` with another name")
        case .module: ("is a module", "declare a `var` with another name")
        case .parameter:
          ("is a parameter or loop variable", "copy it first: var \(name)_now = \(name)")
        default:
          ("is bound by `let`", "declare it with `var \(name) = …` on line \(line(entry.span))")
        }
      error(
        "E0304", "`\(name)` \(what.0) and keeps its value", at: target.span, hint: what.1,
        notes: entry.kind == .constant ? [] : ["declared on line \(line(entry.span))"],
        related: [entry.span])
    } else if globals.contains(name), !options.constants.contains(name) {
      return
    } else if isGlobal(name) {
      error(
        "E0304", "`\(name)` cannot be assigned to", at: target.span,
        hint: "write `var \(name) = …` to declare a variable")
    } else if let later = scopes.reversed().lazy.compactMap({ $0.later[name] }).first {
      error(
        "E0302", "`\(name)` is used before its line", at: target.span,
        hint: "move its declaration up", notes: ["it is declared on line \(line(later))"],
        related: [later])
    } else {
      error(
        "E0303", "there is no variable `\(name)`", at: target.span,
        nearest: nearest(name, onlyVariables: true),
        hint: "write `let \(name) = …`, or `var \(name) = …` if it changes")
    }
  }

  private mutating func use(_ module: Name, isPath: Bool, alias: Name?, members: [Name]) {
    for member in members {
      exported(member, by: module.text, called: module.text)
      declare(
        member, .module, signature: options.modules[module.text]?.members[member.text] ?? nil,
        noting: importNote(.importedMember, member, module, isPath: isPath))
    }
    if let alias {
      declare(
        alias, .module, module: module.text,
        noting: importNote(.module, alias, module, isPath: isPath))
    } else if members.isEmpty, !isPath {
      declare(
        module, .module, module: module.text,
        noting: importNote(.module, module, module, isPath: isPath))
    }
    // What is not there is no more at fault for not being used.
    let exports = options.modules[module.text]?.names
    for name in members.isEmpty ? [alias ?? module] : members
    where exports == nil || !members.isEmpty && !(exports?.contains(name.text) ?? false) {
      scopes[scopes.count - 1].names[name.text]?.isUsed = true
    }
  }

  /// Reports a name that a known module does not export.
  mutating func exported(_ member: Name, by module: String, called name: String) {
    guard let interface = options.modules[module], !interface.names.contains(member.text) else {
      return
    }
    error(
      "E0312", "`\(name)` has no `\(member.text)`", at: member.span,
      nearest: SpellingSuggestion.nearest(to: member.text, among: interface.names),
      hint: interface.names.isEmpty
        ? "it exports nothing: write `pub` before what it should export"
        : "it exports \(interface.names.sorted().prefix(8).joined(separator: ", "))")
  }

  // MARK: Functions

  mutating func function(_ function: FunctionExpression) {
    let start = function.parameters.first?.name.span.start ?? function.body.span.start
    enterScope(Span(Int(start), Int(function.body.span.end)))
    let outer = (loopDepth, deferDepth)
    functionDepth += 1
    (loopDepth, deferDepth) = (0, 0)
    var optional: Name?
    var rest: Name?
    for parameter in function.parameters {
      if let type = parameter.type { self.type(type) }
      // A default may use the parameters before it.
      if let value = parameter.defaultValue { expression(value) }
      let name = parameter.name
      if scopes[scopes.count - 1].names[name.text] != nil {
        error(
          "E0307", "the parameter `\(name.text)` is declared twice", at: name.span,
          hint: "choose another name")
      } else {
        declare(name, .parameter, noting: note(parameter))
      }
      if parameter.isRest {
        if let rest {
          error(
            "E0307", "a function has one rest parameter", at: name.span,
            hint: "remove `..`", notes: ["`\(rest.text)` is the other one"])
        }
        if parameter.defaultValue != nil {
          error(
            "E0355", "a rest parameter has no default", at: name.span,
            hint: "without further arguments it is an empty list")
        }
        rest = name
      } else if parameter.defaultValue != nil {
        optional = name
      } else if let optional, rest == nil {
        error(
          "E0355", "`\(name.text)` is required but stands after the optional `\(optional.text)`",
          at: name.span, hint: "put it before, or give it a default")
      }
    }
    if let result = function.result { type(result) }
    block(function.body.statements)
    // The scope is left inside the function, so that unused names count as its own.
    leaveScope()
    functionDepth -= 1
    (loopDepth, deferDepth) = outer
  }

  mutating func type(_ annotation: TypeAnnotation) {
    for name in annotation.names where !types.contains(name.text) {
      let others = [
        "Integer": "Int", "Str": "String", "Boolean": "Bool", "Double": "Float", "Real": "Float",
        "Array": "List", "Dict": "Record", "Object": "Record", "str": "String", "dict": "Record",
        "Nothing": "None", "Null": "None", "Fn": "Function", "num": "Number",
      ]
      let nearest =
        others[name.text] ?? SpellingSuggestion.nearest(to: name.text, among: types)
      error(
        "E0306", "there is no type `\(name.text)`", at: name.span,
        nearest: nearest)
    }
  }
}
