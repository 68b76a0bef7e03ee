import MDMSyntax

/// Expressions.
extension FunctionCompiler {
  /// A register that holds the value: a local's own, else a new one.
  func operand(_ expression: Expression) throws -> Int {
    if case .name(let name) = expression.kind, case .local(let register, _) = resolve(name) {
      return register
    }
    let register = newRegister()
    try compile(expression, into: register)
    return register
  }

  /// The left operand of two: a `var` is copied where the right side could change it.
  func leftOperand(_ left: Expression, before right: Expression) throws -> Int {
    if case .name(let name) = left.kind, case .local(_, isMutable: true) = resolve(name),
      !isSimple(right)
    {
      let register = newRegister()
      try compile(left, into: register)
      return register
    }
    return try operand(left)
  }

  /// Evaluating it cannot run script code.
  private func isSimple(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .none, .bool, .int, .float, .duration, .size, .string, .name: true
    case .unary(_, let operand): isSimple(operand)
    case .binary(_, let left, let right): isSimple(left) && isSimple(right)
    case .index(let target, let key): isSimple(target) && isSimple(key)
    case .member(let target, _): isSimple(target)
    default: false
    }
  }

  /// Evaluates for the effect.
  func discard(_ expression: Expression) throws {
    try temporarily {
      if case .if(let condition, let then, let otherwise) = expression.kind {
        span = expression.span
        try compileIf(condition, then, otherwise, into: nil)
      } else if case .block(let block) = expression.kind {
        try compileBlock(block, into: nil)
      } else {
        try compile(expression, into: newRegister())
      }
    }
  }

  func compile(_ expression: Expression, into target: Int) throws {
    let outer = span
    span = expression.span
    defer { span = outer }
    try temporarily { try compileKind(expression, into: target) }
  }

  private func compileKind(_ expression: Expression, into target: Int) throws {
    if let value = machine.constant(expression) {
      emitConstant(value, into: target)
      return
    }
    switch expression.kind {
    case .none, .bool, .int, .float, .duration, .size, .string: break
    case .interpolation(let pieces): try compileInterpolation(pieces, into: target)
    case .list(let elements): try compileList(elements, into: target)
    case .record(let fields): try compileRecord(fields, into: target)
    case .mixture(let fields):
      let record = Expression(.record(fields), expression.span)
      if let hook = machine.natives["mix"] {
        try compileHook(hook, [Argument(.positional, record)], into: target)
      } else {
        try compile(record, into: target)
      }
    case .spawn(let call): try compileSpawn(call, into: target)
    case .name(let name): try compileName(name, into: target)
    case .unary(.not, let operand): emit(.not, target, try self.operand(operand))
    case .unary(.minus, let operand): emit(.negate, target, try self.operand(operand))
    case .binary(let operation, let left, let right):
      try compileBinary(expression, operation, left, right, into: target)
    case .approximately(let left, let right, let tolerance):
      let first = newRegisters(3)
      try compile(left, into: first)
      try compile(right, into: first + 1)
      try compile(tolerance, into: first + 2)
      emit(.approximately, target, first)
    case .range(let start, let end, let isClosed, let step):
      let first = newRegisters(3)
      try compileBounds(start, end, step, into: first)
      emit(.range, target, first, isClosed ? 1 : 0)
    case .call(let callee, let arguments):
      try compileCall(callee, arguments.map { ($0, nil) }, into: target)
    case .pipe(let input, let callee, let arguments):
      try compilePipe(input, callee, arguments, into: target)
    case .index(let object, let key):
      let base = try leftOperand(object, before: key)
      emit(.index, target, base, try operand(key))
    case .member(let object, let name):
      emit(.getField, target, try operand(object), cache(name.text))
    case .fieldFunction(let name):
      let parameter = Name("r", name.span)
      let body = Expression(.member(Expression(.name("r"), name.span), name), expression.span)
      try compileFunction(
        ".\(name.text)",
        FunctionExpression(
          parameters: [Parameter(parameter, type: nil, defaultValue: nil, isRest: false)],
          result: nil,
          body: Block([Statement(.expression(body), expression.span)], expression.span)),
        into: target)
    case .function(let function): try compileFunction("fn", function, into: target)
    case .if(let condition, let then, let otherwise):
      try compileIf(condition, then, otherwise, into: target)
    case .block(let block): try compileBlock(block, into: target)
    case .match(let subject, let arms): try compileMatch(subject, arms, into: target)
    case .tryCatch(let block, let error, let handler):
      try compileTry(block, error, handler, into: target)
    case .return(let value): try compileReturn(value)
    case .break: try compileLoopExit(isBreak: true)
    case .continue: try compileLoopExit(isBreak: false)
    case .missing: throw failure(.limit, "this expression has errors")
    }
  }

  private func compileName(_ name: String, into target: Int) throws {
    switch resolve(name) {
    case .local(let register, _): if register != target { emit(.move, target, register) }
    case .upvalue(let index, _): emit(.getUpvalue, target, index, constant(name))
    case .global(let slot, _): emit(.getGlobal, target, slot, constant(name))
    case .native(let value): emitConstant(value, into: target)
    case nil: throw unknown(name)
    }
  }

  // MARK: Operators

  private func compileBinary(
    _ expression: Expression, _ operation: BinaryOperator, _ left: Expression,
    _ right: Expression, into target: Int
  ) throws {
    switch operation {
    case .and, .or:
      let failures = try jumpUnless(expression)
      emitConstant(Value(true), into: target)
      let end = emitJump()
      patch(failures)
      emitConstant(Value(false), into: target)
      patch([end])
    case .coalesce:
      let value = newRegister()
      try compileOrNone(left, into: value)
      let end = emitJump(.jumpUnlessNone, value)
      try compile(right, into: value)
      patch([end])
      emit(.move, target, value)
    default:
      let first = try leftOperand(left, before: right)
      if let op = constantOp(operation), let value = machine.constant(right), value.isNumber {
        emit(op, target, first, constant(value))
        return
      }
      emit(op(operation), target, first, try operand(right))
    }
  }

  func op(_ operation: BinaryOperator) -> Op {
    switch operation {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .floorDivide: .floorDivide
    case .remainder: .remainder
    case .power: .power
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessEqual: .lessEqual
    case .greater: .greater
    case .greaterEqual: .greaterEqual
    // The other operators are compiled as jumps and never come here.
    case .contains, .and, .or, .coalesce: .contains
    }
  }

  private func constantOp(_ operation: BinaryOperator) -> Op? {
    switch operation {
    case .add: .addConstant
    case .subtract: .subtractConstant
    case .multiply: .multiplyConstant
    case .divide: .divideConstant
    case .floorDivide: .floorDivideConstant
    case .remainder: .remainderConstant
    default: nil
    }
  }

  private func jumpOps(_ operation: BinaryOperator) -> (registers: Op, constant: Op)? {
    switch operation {
    case .less: (.whileLess, .whileLessConstant)
    case .lessEqual: (.whileLessEqual, .whileLessEqualConstant)
    case .greater: (.whileGreater, .whileGreaterConstant)
    case .greaterEqual: (.whileGreaterEqual, .whileGreaterEqualConstant)
    case .equal: (.whileEqual, .whileEqualConstant)
    case .notEqual: (.whileNotEqual, .whileNotEqualConstant)
    default: nil
    }
  }

  /// Evaluates a condition; the jumps given back are taken where it does not hold.
  func jumpUnless(_ condition: Expression) throws -> [Int] {
    let outer = span
    span = condition.span
    defer { span = outer }
    return try temporarily {
      if case .binary(let operation, let left, let right) = condition.kind {
        switch operation {
        case .and:
          let first = try jumpUnless(left)
          return first + (try jumpUnless(right))
        case .or:
          let holds = emitJump(.jumpIf, try operand(left))
          let failures = try jumpUnless(right)
          patch([holds])
          return failures
        default:
          if let (registers, constants) = jumpOps(operation) {
            let first = try leftOperand(left, before: right)
            if let value = machine.constant(right) {
              return [emitJump(constants, first, constant(value))]
            }
            return [emitJump(registers, first, try operand(right))]
          }
        }
      }
      if case .unary(.not, let inner) = condition.kind {
        return [emitJump(.jumpIf, try operand(inner))]
      }
      return [emitJump(.jumpUnless, try operand(condition))]
    }
  }

  /// The left side of `??`: a missing field or element is none.
  private func compileOrNone(_ expression: Expression, into target: Int) throws {
    let outer = span
    span = expression.span
    defer { span = outer }
    switch expression.kind {
    case .member(let object, let name):
      try compileOrNone(object, into: target)
      emit(.getFieldOrNone, target, target, cache(name.text))
    case .index(let object, let key):
      try compileOrNone(object, into: target)
      _ = try temporarily { emit(.indexOrNone, target, target, try operand(key)) }
    default: try compile(expression, into: target)
    }
  }

  // MARK: Collections and texts

  private func compileInterpolation(_ pieces: [InterpolationPiece], into target: Int) throws {
    if pieces.count > 200 { throw failure(.limit, "this text has more than 200 parts") }
    let first = newRegisters(pieces.count)
    for (offset, piece) in pieces.enumerated() {
      switch piece {
      case .text(let text):
        emitConstant(Value(machine.heap.pointee.symbols.intern(text)), into: first + offset)
      case .value(let value, let format):
        try compile(value, into: first + offset)
        if let format {
          let outer = span
          span = value.span
          emit(.format, first + offset, first + offset, constant(format))
          span = outer
        }
      case .formatted(let value, let format):
        // A call of the built-in `format`, whatever the script calls so.
        guard let native = machine.natives["format"] else { continue }
        try temporarily {
          let window = newRegisters(3)
          emitConstant(native, into: window)
          try compile(value, into: window + 1)
          try compileInterpolation(format, into: window + 2)
          let outer = span
          span = value.span
          emit(.call, window, 2)
          span = outer
          emit(.move, first + offset, window)
        }
      }
    }
    emit(.concatenate, target, first, pieces.count)
  }

  private func compileList(_ elements: [Element], into target: Int) throws {
    if elements.count <= 64, !elements.contains(where: \.isSpread) {
      let first = newRegisters(elements.count)
      for (offset, element) in elements.enumerated() {
        try compile(element.value, into: first + offset)
      }
      emit(.list, target, first, elements.count)
      return
    }
    let list = newRegister()
    emit(.list, list, list, 0)
    for element in elements {
      try temporarily {
        let value = try operand(element.value)
        span = element.value.span
        emit(element.isSpread ? .spread : .append, list, value)
      }
    }
    emit(.move, target, list)
  }

  private func compileRecord(_ fields: [Field], into target: Int) throws {
    if fields.count <= Shape.largest, let shape = try shape(of: fields) {
      let first = newRegisters(fields.count)
      for (offset, field) in fields.enumerated() {
        try compile(field.value, into: first + offset)
      }
      parts.shapes.append(shape)
      emit(.record, target, first, parts.shapes.count - 1)
      return
    }
    let record = newRegister()
    emit(.emptyRecord, record)
    for field in fields {
      try temporarily {
        switch field.key {
        case .spread:
          span = field.value.span
          emit(.spreadRecord, record, try operand(field.value))
        case .name(let name):
          let key = newRegister()
          emitConstant(Value(machine.heap.pointee.symbols.intern(name.text)), into: key)
          emit(.setEntry, record, key, try operand(field.value))
        case .literal(let literal):
          let key = newRegister()
          try compile(literal, into: key)
          span = literal.span
          emit(.setEntry, record, key, try operand(field.value))
        }
      }
    }
    emit(.move, target, record)
  }

  /// The shape of a record with different names as keys; nil where it has others.
  private func shape(of fields: [Field]) throws -> UnsafeMutablePointer<Shape>? {
    var shape = machine.heap.pointee.emptyShape
    var seen: Set<String> = []
    for field in fields {
      let name: String
      switch field.key {
      case .name(let key): name = key.text
      case .literal(let key):
        guard case .string(let text) = key.kind else { return nil }
        name = text
      case .spread: return nil
      }
      guard seen.insert(name).inserted,
        let next = Shape.adding(machine.heap.pointee.symbols.intern(name), to: shape)
      else { return nil }
      shape = next
    }
    return shape
  }
}
