import MDMDeclarations
import MDMSyntax

/// Blocks and statements.
extension FunctionCompiler {
  /// A block in its own scope; its value is that of its last statement where that is an expression.
  func compileBlock(_ block: Block, into target: Int?) throws {
    let outer = span
    defer { span = outer }
    openScope()
    var deferRegister: Int?
    if block.statements.contains(where: { if case .defer = $0.kind { true } else { false } }) {
      let register = newRegister()
      emit(.markDefers, register)
      cleanups.append(.defers(register: register))
      deferRegister = register
    }
    try declareAhead(block.statements)
    for (position, statement) in block.statements.enumerated() {
      span = statement.span
      if position == block.statements.count - 1, let target {
        try compileLast(statement, into: target)
      } else {
        try compile(statement)
      }
    }
    if block.statements.isEmpty, let target { emit(.none, target) }
    if let deferRegister {
      cleanups.removeLast()
      emit(.runDefers, deferRegister)
    }
    closeScope()
  }

  private func compileLast(_ statement: Statement, into target: Int) throws {
    switch statement.kind {
    case .expression(let expression): try compile(expression, into: target)
    case .budget(let arguments, let block):
      try temporarily { try compileBudget(arguments, block, into: target) }
    default:
      try compile(statement)
      emit(.none, target)
    }
  }

  // MARK: Declarations ahead

  /// Functions of one level see each other whatever their order: they are made where the block
  /// begins. What they capture needs its register by then, so variables get theirs ahead too, but
  /// each function sees only those that stand above it.
  private func declareAhead(_ statements: [Statement]) throws {
    let functions = statements.enumerated().filter {
      switch $0.element.kind {
      case .function, .reward: true
      default: false
      }
    }
    if isTopLevel {
      for statement in statements {
        for (name, isMutable) in boundNames(statement) {
          if compiler.module.variables[name] == nil {
            hidden.insert(name)
            _ = try globalSlot(name, isMutable: isMutable)
          }
        }
        if case .function(let name, _, _) = statement.kind {
          _ = try globalSlot(name.text, isMutable: false)
        }
        if case .reward(let name, _, _, _, _) = statement.kind {
          _ = try globalSlot(name.text, isMutable: false)
        }
      }
      let all = hidden
      for (position, statement) in functions {
        let above = statements[..<position].flatMap { boundNames($0).map(\.0) }
        hidden = all.subtracting(above)
        try compileDeclaration(statement)
      }
      hidden = all
      return
    }
    if functions.isEmpty { return }
    for statement in statements {
      switch statement.kind {
      case .function(let name, _, _), .reward(let name, _, _, _, _):
        let register = newRegister()
        emit(.undefined, register)
        declare(name.text, register, isMutable: false)
      default:
        for (name, isMutable) in boundNames(statement) {
          let register = newRegister()
          emit(.undefined, register)
          declare(name, register, isMutable: isMutable, isVisible: false)
        }
      }
    }
    for (position, statement) in functions {
      let above = Set(statements[..<position].flatMap { boundNames($0).map(\.0) })
      let first = scopes.last?.firstVariable ?? 0
      let before = variables
      for index in first..<variables.count where above.contains(variables[index].name) {
        variables[index].isVisible = true
      }
      try compileDeclaration(statement)
      for index in first..<variables.count { variables[index].isVisible = before[index].isVisible }
    }
  }

  /// The names that a statement binds from its line on.
  private func boundNames(_ statement: Statement) -> [(String, Bool)] {
    switch statement.kind {
    case .binding(let pattern, let isMutable, _, _, _):
      return names(in: pattern).map { ($0, isMutable) }
    case .parameter(let name, _, _, _): return [(name.text, false)]
    case .use(let module, _, let alias, let members):
      if !members.isEmpty { return members.map { ($0.text, false) } }
      return [(alias?.text ?? FunctionCompiler.moduleName(module.text), false)]
    default: return []
    }
  }

  func names(in pattern: Pattern) -> [String] {
    switch pattern.kind {
    case .wildcard, .literal, .range: return []
    case .binding(let name): return [name]
    case .either(let patterns): return patterns.first.map(names(in:)) ?? []
    case .list(let patterns, let rest):
      return patterns.flatMap(names(in:)) + (rest?.name.map { [$0.text] } ?? [])
    case .record(let fields): return fields.flatMap { names(in: $0.pattern) }
    }
  }

  /// The last part of a path without its extension.
  static func moduleName(_ path: String) -> String {
    let last = path.split(separator: "/").last.map(String.init) ?? path
    return last.hasSuffix(".mdm") ? String(last.dropLast(4)) : last
  }

  func globalSlot(_ name: String, isMutable: Bool) throws -> Int {
    var top = self
    while let parent = top.parent { top = parent }
    top.declared.insert(name)
    guard let slot = compiler.module.declare(name, isMutable: isMutable, in: machine) else {
      throw failure(.limit, "there are too many top-level names")
    }
    return slot
  }

  private func compileDeclaration(_ statement: Statement) throws {
    span = statement.span
    try temporarily {
      let value = newRegister()
      let name: Name
      let isPublic: Bool
      switch statement.kind {
      case .function(let its, let function, let exported):
        name = its
        isPublic = exported
        try compileFunction(
          its.text, function, documentation: statement.documentation, into: value)
      case .reward(let its, let function, let low, let high, let exported):
        name = its
        isPublic = exported
        if let hook = machine.natives["make_reward"] {
          let title = Expression(.string(its.text), its.span)
          let window = newRegister()
          emitConstant(hook, into: window)
          let first = newRegisters(4)
          try compileFunction(
            its.text, function, documentation: statement.documentation, range: (low, high),
            into: first)
          for (offset, part) in [title, low, high].enumerated() {
            try compile(part, into: first + 1 + offset)
          }
          emit(.call, window, 4)
          emit(.move, value, window)
        } else {
          try compileFunction(
            its.text, function, documentation: statement.documentation, into: value)
        }
      default: return
      }
      if isTopLevel {
        emit(.setGlobal, value, try globalSlot(name.text, isMutable: false))
        if isPublic { compiler.module.publicNames.append(name.text) }
      } else if case .local(let register, _) = resolve(name.text) {
        emit(.move, register, value)
      }
    }
  }

  // MARK: Statements

  private func compile(_ statement: Statement) throws {
    switch statement.kind {
    case .expression(let expression): try discard(expression)
    case .binding(let pattern, let isMutable, let type, let value, let isPublic):
      try compileBinding(pattern, isMutable, type, value, isPublic)
    case .assignment(let target, let operation, let value):
      try temporarily { try compileAssignment(target, operation, value) }
    case .function, .reward: break  // made where the block began
    case .parameter(let name, let type, let value, _):
      try compileParameter(name, type, value)
    case .use(let module, let isPath, let alias, let members):
      try compileUse(module, isPath, alias, members)
    case .for(let patterns, let source, let body): try compileFor(patterns, source, body)
    case .while(let condition, let body): try compileWhile(condition, body)
    case .test(let name, let body):
      guard machine.options.mode == .test else { return }
      try temporarily {
        let value = newRegister()
        try compileFunction(
          "test", FunctionExpression(parameters: [], result: nil, body: body), into: value)
        emit(.registerTest, value, constant(name))
      }
    case .assert(let assertion): try temporarily { try compile(assertion) }
    case .defer(let body):
      try temporarily {
        let value = newRegister()
        try compileFunction(
          "defer", FunctionExpression(parameters: [], result: nil, body: body), into: value)
        emit(.pushDefer, value)
      }
    case .budget(let arguments, let block):
      try temporarily { try compileBudget(arguments, block, into: newRegister()) }
    }
  }

  private func compileBudget(_ arguments: [Argument], _ block: Block, into target: Int) throws {
    let limits = newRegisters(2)
    emit(.none, limits)
    emit(.none, limits + 1)
    for argument in arguments {
      guard case .named(let name) = argument.kind, name.text == "steps" || name.text == "time"
      else {
        throw failure(.argumentName, "the limits of `budget` are steps: … and time: …")
      }
      try compile(argument.value, into: limits + (name.text == "steps" ? 0 : 1))
    }
    span = Span(Int(span.start), Int(span.start) + "budget".count)
    let entry = emitJump(.pushBudget, limits)
    cleanups.append(.budget)
    try compileBlock(block, into: target)
    cleanups.removeLast()
    emit(.popBudget)
    let end = emitJump()
    patch([entry])
    emit(.none, target)
    patch([end])
  }

  private func compileBinding(
    _ pattern: Pattern, _ isMutable: Bool, _ type: TypeAnnotation?, _ value: Expression,
    _ isPublic: Bool
  ) throws {
    if isPublic { compiler.module.publicNames.append(contentsOf: names(in: pattern)) }
    guard case .binding(let name) = pattern.kind else {
      if isTopLevel {
        try temporarily { try destructure(pattern, value, type, isMutable) }
      } else {
        try destructure(pattern, value, type, isMutable)
      }
      return
    }
    let check = type.map { TypeCheck(name: name, $0) }
    if isTopLevel {
      try temporarily {
        let register = newRegister()
        try compile(value, into: register)
        if let check { emit(.checkBinding, register, typeIndex(check)) }
        try bind(name, register, isMutable: isMutable)
      }
      return
    }
    let register = local(name, isMutable: isMutable)
    try compile(value, into: register)
    if let check { emit(.checkBinding, register, typeIndex(check)) }
    reveal(name, register, isMutable: isMutable)
  }

  private func destructure(
    _ pattern: Pattern, _ value: Expression, _ type: TypeAnnotation?, _ isMutable: Bool
  ) throws {
    let register = newRegister()
    try compile(value, into: register)
    if let type { emit(.checkBinding, register, typeIndex(TypeCheck(name: "pattern", type))) }
    span = pattern.span
    try compileIrrefutable(pattern, register, isMutable: isMutable)
  }

  /// Binds a pattern's names or fails.
  func compileIrrefutable(_ pattern: Pattern, _ register: Int, isMutable: Bool) throws {
    var failures: [Int] = []
    try compile(pattern, register, &failures, isMutable: isMutable)
    if failures.isEmpty { return }
    let end = emitJump()
    patch(failures)
    emit(.noForm, register)
    patch([end])
  }

  /// Binds a name to the value of a register.
  func bind(_ name: String, _ register: Int, isMutable: Bool) throws {
    if isTopLevel {
      hidden.remove(name)
      emit(.setGlobal, register, try globalSlot(name, isMutable: isMutable))
      return
    }
    let own = local(name, isMutable: isMutable)
    emit(.move, own, register)
    reveal(name, own, isMutable: isMutable)
  }

  private func compileParameter(
    _ name: Name, _ type: TypeAnnotation?, _ value: Expression
  ) throws {
    let module = compiler.module
    let written = type.map { TypeCheck(name: name.text, $0) }
    if isTopLevel, let written { module.parameterTypes[name.text] = written }
    let annotated = written ?? (isTopLevel ? module.parameterTypes[name.text] : nil)
    var value = value
    if written == nil, let annotated { value = reading(value, as: annotated) }
    // Without an annotation the default's type counts, so that `--steps ten` is an error.
    let implied =
      annotated
      ?? machine.constant(value).flatMap { constant in
        constant.tag == .none
          ? nil : TypeCheck(name: name.text, type: TypeCheck.type(named: constant.typeName))
      }
    parts.outerParameters.append(OuterParameter(name: name.text, type: implied))
    let index = parts.outerParameters.count - 1
    let register = newRegister()
    emit(.parameter, register, index)
    let given = emitJump(.jumpUnlessMissing, register)
    try compile(value, into: register)
    patch([given])
    if let annotated { emit(.checkBinding, register, typeIndex(annotated)) }
    try bind(name.text, register, isMutable: false)
  }

  /// The literal in a text that stands where a type takes no text: tools write `"true"` and
  /// `"5min"`, as a command line does.
  private func reading(_ value: Expression, as type: TypeCheck) -> Expression {
    guard case .string(let text) = value.kind, type.mask & TypeMask.bit(.string) == 0 else {
      return value
    }
    let parsed = Parser.parse(SourceText(name: "parameter", text: text))
    guard parsed.diagnostics.isEmpty, parsed.tree.statements.count == 1,
      case .expression(let literal) = parsed.tree.statements[0].kind,
      machine.constant(literal) != nil
    else { return value }
    return Expression(literal.kind, value.span)
  }

  private func compileUse(
    _ module: Name, _ isPath: Bool, _ alias: Name?, _ members: [Name]
  ) throws {
    let register = newRegister()
    emit(.use, register, constant(module.text), isPath ? 1 : 0)
    if members.isEmpty {
      let name = alias?.text ?? FunctionCompiler.moduleName(module.text)
      try bind(name, register, isMutable: false)
    }
    for member in members {
      span = member.span
      let value = newRegister()
      emit(.moduleMember, value, register, constant(member.text))
      try bind(member.text, value, isMutable: false)
    }
  }

  // MARK: Assignment

  private func compileAssignment(
    _ target: Expression, _ operation: BinaryOperator?, _ value: Expression
  ) throws {
    let place = span
    switch target.kind {
    case .name(let name):
      let whole = operation.map { Expression(.binary($0, target, value), place) } ?? value
      switch resolve(name) {
      case .local(let register, isMutable: true):
        switch whole.kind {
        case .binary(.add, _, _), .binary(.subtract, _, _), .binary(.multiply, _, _),
          .binary(.divide, _, _), .call:
          try compile(whole, into: register)
        default:
          let result = newRegister()
          try compile(whole, into: result)
          emit(.move, register, result)
        }
      case .upvalue(let index, isMutable: true):
        let result = newRegister()
        try compile(whole, into: result)
        emit(.setUpvalue, result, index)
      case .global(let slot, isMutable: true):
        let result = newRegister()
        try compile(whole, into: result)
        emitSetGlobal(result, slot)
      case nil: throw unknown(name)
      default:
        throw failure(
          .frozen, "`\(name)` cannot be assigned", hint: "bind it with var \(name) = …")
      }
    case .member(let object, let name):
      let base = try leftOperand(object, before: value)
      let result: Int
      if let operation {
        result = newRegister()
        emit(.getField, result, base, cache(name.text))
        emit(op(operation), result, result, try operand(value))
      } else {
        result = try operand(value)
      }
      span = target.span
      emit(.setField, base, result, cache(name.text))
    case .index(let object, let key):
      let base = try leftOperand(object, before: value)
      let position = try leftOperand(key, before: value)
      let result: Int
      if let operation {
        result = newRegister()
        span = target.span
        emit(.index, result, base, position)
        span = place
        emit(op(operation), result, result, try operand(value))
      } else {
        result = try operand(value)
      }
      span = target.span
      emit(.setIndex, base, position, result)
    default: throw failure(.limit, "only names, fields and elements can be assigned")
    }
  }

  private func emitSetGlobal(_ register: Int, _ slot: Int) {
    if compiler.module.index == 0 {
      emit(.setGlobal, register, slot)
    } else {
      emit(.setModuleGlobal, register, slot, compiler.module.index)
    }
  }
}
