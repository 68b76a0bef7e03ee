import MDMSyntax

/// Branches, loops, patterns, handlers.
extension FunctionCompiler {
  func compileIf(
    _ condition: Expression, _ then: Block, _ otherwise: Expression?, into target: Int?
  ) throws {
    let failures = try jumpUnless(condition)
    try compileBlock(then, into: target)
    if otherwise == nil, target == nil {
      patch(failures)
      return
    }
    let end = emitJump()
    patch(failures)
    if let otherwise {
      if let target { try compile(otherwise, into: target) } else { try discard(otherwise) }
    } else if let target {
      emit(.none, target)
    }
    patch([end])
  }

  func compileWhile(_ condition: Expression, _ body: Block) throws {
    let start = parts.instructions.count
    loops.append(Loop(firstRegister: nextFree, cleanupCount: cleanups.count))
    let failures = try jumpUnless(condition)
    try compileBlock(body, into: nil)
    let loop = loops.removeLast()
    patch(loop.continues)
    span = condition.span
    emitLoop(to: start)
    patch(failures)
    patch(loop.breaks)
  }

  /// The step stands at the end of the loop, so that a turn has one jump.
  func compileFor(_ patterns: [Pattern], _ source: Expression, _ body: Block) throws {
    try temporarily {
      let window = newRegisters(3)
      if case .range(let start?, let end?, let isClosed, let step) = source.kind {
        // No range is made for a loop over one.
        try compileBounds(start, end, step, into: window)
        span = source.span
        emit(.iterateRange, window, isClosed ? 1 : 0)
      } else {
        try compile(source, into: window)
        span = source.span
        emit(.iterate, window)
      }
      let entry = emitJump()
      let start = parts.instructions.count
      loops.append(Loop(firstRegister: nextFree, cleanupCount: cleanups.count))
      openScope()
      let element = newRegisters(patterns.count > 1 ? 2 : 1)
      for (offset, pattern) in patterns.prefix(2).enumerated() {
        span = pattern.span
        if case .binding(let name) = pattern.kind {
          declare(name, element + offset, isMutable: false)
        } else {
          try compileIrrefutable(pattern, element + offset, isMutable: false)
        }
      }
      try compileBlock(body, into: nil)
      closeScope()
      let loop = loops.removeLast()
      patch(loop.continues + [entry])
      span = source.span
      let step = emitJump(patterns.count > 1 ? .nextPair : .next, window)
      parts.instructions[step].setWide(start - step - 1)
      patch(loop.breaks)
    }
  }

  func compileBounds(
    _ start: Expression?, _ end: Expression?, _ step: Expression?, into first: Int
  ) throws {
    for (offset, bound) in [start, end].enumerated() {
      if let bound {
        try compile(bound, into: first + offset)
      } else {
        emit(.none, first + offset)
      }
    }
    if let step {
      try compile(step, into: first + 2)
    } else {
      emitConstant(Value(1), into: first + 2)
    }
  }

  func compileMatch(_ subject: Expression, _ arms: [MatchArm], into target: Int) throws {
    let value = newRegister()
    try compile(subject, into: value)
    var ends: [Int] = []
    for arm in arms {
      openScope()
      var failures: [Int] = []
      span = arm.pattern.span
      try compile(arm.pattern, value, &failures, isMutable: false)
      if let condition = arm.guardCondition { failures += try jumpUnless(condition) }
      try compile(arm.value, into: target)
      closeScope()
      ends.append(emitJump())
      patch(failures)
    }
    span = subject.span
    emit(.noMatch, value)
    patch(ends)
  }

  func compileTry(_ block: Block, _ error: Name?, _ handler: Block, into target: Int) throws {
    let record = newRegister()
    let entry = emitJump(.pushHandler, record)
    cleanups.append(.handler)
    try compileBlock(block, into: target)
    cleanups.removeLast()
    emit(.popHandler)
    let end = emitJump()
    patch([entry])
    openScope()
    if let error {
      let own = newRegister()
      emit(.move, own, record)
      declare(error.text, own, isMutable: false)
    }
    try compileBlock(handler, into: target)
    closeScope()
    patch([end])
  }

  // MARK: Patterns

  /// Tests a register against a pattern and binds its names; the failures jump.
  func compile(
    _ pattern: Pattern, _ register: Int, _ failures: inout [Int], isMutable: Bool
  ) throws {
    let outer = span
    span = pattern.span
    defer { span = outer }
    switch pattern.kind {
    case .wildcard: break
    case .binding(let name): try bindOnce(name, register, isMutable: isMutable)
    case .literal(let literal):
      guard let value = machine.constant(literal) else {
        throw failure(.limit, "a pattern takes literals")
      }
      failures.append(emitJump(.matchEqual, register, constant(value)))
    case .range(let low, let high, let isClosed):
      guard let low = machine.constant(low), let high = machine.constant(high), low.isNumber,
        high.isNumber
      else { throw failure(.limit, "a range pattern takes numbers") }
      let range = machine.heap.pointee.newRange(low, high, step: Value(1), isClosed: isClosed)
      // Constants are no roots: what they hold must not be swept.
      machine.constantRoots.append(machine.handle(Value(range)))
      failures.append(emitJump(.matchRange, register, constant(Value(range))))
    case .either(let patterns): try compileEither(patterns, register, &failures, isMutable)
    case .list(let patterns, let rest):
      try compileList(patterns, rest, register, &failures, isMutable)
    case .record(let fields):
      for (key, inner) in fields {
        let item = newRegister()
        failures.append(emitJump(.matchField, item, register, constant(key.text)))
        try compile(inner, item, &failures, isMutable: isMutable)
      }
      if fields.isEmpty {
        // `{}` still asks for a record.
        let isRecord = newRegister()
        emit(.matchRecord, isRecord, register)
        failures.append(emitJump(.jumpUnless, isRecord))
      }
    }
  }

  private func compileEither(
    _ patterns: [Pattern], _ register: Int, _ failures: inout [Int], _ isMutable: Bool
  ) throws {
    var ends: [Int] = []
    for (position, alternative) in patterns.enumerated() {
      if position == patterns.count - 1 {
        try compile(alternative, register, &failures, isMutable: isMutable)
      } else {
        var own: [Int] = []
        try compile(alternative, register, &own, isMutable: isMutable)
        ends.append(emitJump())
        patch(own)
      }
    }
    patch(ends)
  }

  private func compileList(
    _ patterns: [Pattern], _ rest: (position: Int, name: Name?)?, _ register: Int,
    _ failures: inout [Int], _ isMutable: Bool
  ) throws {
    failures.append(emitJump(.matchList, register, patterns.count, rest == nil ? 0 : 1))
    let split = min(rest?.position ?? patterns.count, patterns.count)
    for (position, inner) in patterns.enumerated() {
      let item = newRegister()
      if position < split {
        emit(.listItem, item, register, position)
      } else {
        emit(.listItemFromEnd, item, register, patterns.count - position)
      }
      try compile(inner, item, &failures, isMutable: isMutable)
    }
    if let name = rest?.name {
      let item = newRegister()
      let place = Int64(split) << 32 | Int64(patterns.count - split)
      emit(.listMiddle, item, register, constant(Value(place)))
      try bindOnce(name.text, item, isMutable: isMutable)
    }
  }

  /// Binds a name; alternatives of one pattern share their variable.
  private func bindOnce(_ name: String, _ register: Int, isMutable: Bool) throws {
    if !isTopLevel, let scope = scopes.last,
      let known = variables[scope.firstVariable...].last(where: { $0.name == name && $0.isVisible })
    {
      emit(.move, known.register, register)
      return
    }
    try bind(name, register, isMutable: isMutable)
  }
}
