import MDMDeclarations
import MDMSyntax

/// Calls and functions.
extension FunctionCompiler {
  /// A call; an argument with a register has been evaluated before.
  func compileCall(
    _ callee: Expression, _ arguments: [(Argument, Int?)], into target: Int
  ) throws {
    let place = span
    let isMethod: Bool
    let window: Int
    if case .member(let object, let name) = callee.kind {
      isMethod = true
      window = newRegisters(2)
      try compile(object, into: window)
      span = callee.span
      emit(.prepareMethod, window, cache(name.text))
      span = place
    } else {
      isMethod = false
      window = newRegister()
      try compile(callee, into: window)
    }
    try compileArguments(arguments, window: window, isMethod: isMethod)
    if window != target { emit(.move, target, window) }
  }

  /// A call of a native that a form of the language stands for.
  func compileHook(_ hook: Value, _ arguments: [Argument], into target: Int) throws {
    let window = newRegister()
    emitConstant(hook, into: window)
    try compileArguments(arguments.map { ($0, nil) }, window: window, isMethod: false)
    emit(.move, target, window)
  }

  /// `spawn f(x)` is spawn(fn() f(x)) with the call's text as the job's label.
  func compileSpawn(_ call: Expression, into target: Int) throws {
    guard let hook = machine.natives["spawn"] else {
      throw failure(.limit, "nothing runs in the background here")
    }
    let text = compiler.source.text(Int(call.span.start)..<Int(call.span.end))
    try compileHook(
      hook,
      [
        Argument(.positional, Expression(.function(FunctionExpression(call)), call.span)),
        Argument(.positional, Expression(.string(text), call.span)),
      ], into: target)
  }

  private func compileArguments(
    _ arguments: [(Argument, Int?)], window: Int, isMethod: Bool
  ) throws {
    if arguments.count > 250 { throw failure(.limit, "this call has more than 250 arguments") }
    let first = newRegisters(arguments.count)
    var kinds: [CallDescriptor.Kind] = []
    var isShaped = false
    var spans: [Span] = []
    for (offset, (argument, register)) in arguments.enumerated() {
      switch argument.kind {
      case .positional, .placeholder: kinds.append(.positional)
      case .spread:
        kinds.append(.spread)
        isShaped = true
      case .named(let name), .namedPlaceholder(let name):
        kinds.append(.named(machine.heap.pointee.symbols.intern(name.text)))
        isShaped = true
      }
      if let register {
        emit(.move, first + offset, register)
      } else {
        try compile(argument.value, into: first + offset)
      }
      spans.append(argument.value.span)
    }
    let call: Int
    if isShaped {
      parts.descriptors.append(CallDescriptor(kinds: kinds))
      let descriptor = parts.descriptors.count - 1
      call = emit(isMethod ? .callMethodShaped : .callShaped, window, kinds.count, descriptor)
    } else {
      call = emit(isMethod ? .callMethod : .call, window, kinds.count)
    }
    if !spans.isEmpty { parts.argumentSpans[call] = spans }
  }

  func compilePipe(
    _ input: Expression, _ callee: Expression, _ arguments: [Argument], into target: Int
  ) throws {
    let value = newRegister()
    try compile(input, into: value)
    var found = false
    var placed: [(Argument, Int?)] = arguments.map { argument in
      switch argument.kind {
      case .placeholder, .namedPlaceholder:
        found = true
        var argument = argument
        argument.value.span = input.span
        return (argument, value)
      default: return (argument, nil)
      }
    }
    if !found { placed.insert((Argument(.positional, input), value), at: 0) }
    try compileCall(callee, placed, into: target)
  }

  // MARK: Functions

  func compileFunction(
    _ name: String, _ function: FunctionExpression, documentation: String? = nil,
    range: (low: Expression, high: Expression)? = nil, into target: Int
  ) throws {
    let place = span
    let parameters = function.parameters.map { parameter in
      ParameterDeclaration(
        parameter.name.text, parameter.type.map(TypeCheck.type(of:)) ?? .any,
        default: parameter.defaultValue.map {
          compiler.source.text(Int($0.span.start)..<Int($0.span.end))
        }, rest: parameter.isRest)
    }
    let result = function.result.map(TypeCheck.type(of:)) ?? .any
    let text = DocumentationText(documentation ?? "")
    let declaration = FunctionSignature(
      name, parameters, returns: result, family: "script", text.summary, examples: text.examples,
      details: text.details)
    let child = FunctionCompiler(compiler, parent: self, name, declaration)
    child.span = place
    child.rewardRange = range
    try child.compileBody(function)
    child.parts.template = RowTemplate(function, child)
    parts.children.append(try child.finish())
    emit(.closure, target, parts.children.count - 1)
  }

  private func compileBody(_ function: FunctionExpression) throws {
    let parameters = function.parameters
    parts.restIndex = parameters.firstIndex(where: \.isRest) ?? parameters.count
    parts.requiredCount = parameters.filter { $0.defaultValue == nil && !$0.isRest }.count
    openScope()
    let first = newRegisters(parameters.count)
    for (offset, parameter) in parameters.enumerated() {
      parts.parameterNames.append(machine.heap.pointee.symbols.intern(parameter.name.text))
      span = parameter.name.span
      let register = first + offset
      if let value = parameter.defaultValue {
        let given = emitJump(.jumpUnlessMissing, register)
        try compile(value, into: register)
        patch([given])
      }
      if let type = parameter.type, !parameter.isRest {
        emit(.checkParameter, register, typeIndex(TypeCheck(name: parameter.name.text, type)))
      }
      declare(parameter.name.text, register, isMutable: true)
    }
    if let result = function.result {
      parts.resultType = TypeCheck(name: parts.name, result)
    }
    let value = newRegister()
    try compileBlock(function.body, into: value)
    span = function.body.statements.last?.span ?? function.body.span
    try emitResultChecks(value)
    emit(.return, value)
  }

  /// What has to hold of a result before it is given: the declared type, a reward's range.
  private func emitResultChecks(_ register: Int) throws {
    if parts.resultType != nil { emit(.checkResult, register) }
    guard let range = rewardRange, let hook = machine.natives["check_reward"] else { return }
    try temporarily {
      let window = newRegisters(5)
      emitConstant(hook, into: window)
      emit(.move, window + 1, register)
      let place = span
      try compile(Expression(.string(parts.name), place), into: window + 2)
      try compile(range.low, into: window + 3)
      try compile(range.high, into: window + 4)
      span = place
      emit(.call, window, 4)
    }
  }

  func typeIndex(_ check: TypeCheck) -> Int {
    parts.types.append(check)
    return parts.types.count - 1
  }

  func compileReturn(_ value: Expression?) throws {
    let register = newRegister()
    if let value { try compile(value, into: register) } else { emit(.none, register) }
    emitCleanups(downTo: 0)
    try emitResultChecks(register)
    emit(.return, register)
  }

  /// Leaves `try` and `defer` blocks early.
  func emitCleanups(downTo count: Int) {
    for cleanup in cleanups[count...].reversed() {
      switch cleanup {
      case .handler: emit(.popHandler)
      case .budget: emit(.popBudget)
      case .defers(let register): emit(.runDefers, register)
      }
    }
  }

  func compileLoopExit(isBreak: Bool) throws {
    guard let loop = loops.last else {
      throw failure(.limit, "\(isBreak ? "break" : "continue") stands outside of a loop")
    }
    emitCleanups(downTo: loop.cleanupCount)
    emitClose(from: loop.firstRegister)
    let jump = emitJump()
    if isBreak {
      loops[loops.count - 1].breaks.append(jump)
    } else {
      loops[loops.count - 1].continues.append(jump)
    }
  }
}
