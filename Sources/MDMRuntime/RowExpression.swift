import MDMSyntax

/// The body of a short function of one record, such as `fn(r) r.score > 0.5`, for natives that
/// compute whole columns instead of calling it for each row.
///
/// Only bodies whose result depends on nothing but the record's fields, literals and captured scalars
/// have one. Who evaluates it owes exactly the machine's results, and calls the function where an
/// operation would fail.
public indirect enum RowExpression: Sendable {
  /// A literal or captured scalar, or a list of them behind `in`.
  case constant(Datum)
  /// The record itself.
  case row
  case field(String)
  case negate(RowExpression)
  case not(RowExpression)
  /// Every binary operator; `and`, `or` and `??` evaluate their right side where it is needed.
  case binary(BinaryOperator, RowExpression, RowExpression)
  /// `if` with both branches.
  case choose(RowExpression, then: RowExpression, otherwise: RowExpression)
  /// A built-in function by its name.
  case call(String, [RowExpression])
  /// A captured variable before its value is put in: never seen outside of the runtime.
  case variable(Int)
}

/// What the compiler keeps of such a function: its body, and where its captured variables are.
struct RowTemplate {
  private var body = RowExpression.row
  private var places: [FunctionCompiler.Place] = []

  /// nil for functions of another form. The function's code has been compiled, so that all its names
  /// are resolved.
  init?(_ function: FunctionExpression, _ compiler: FunctionCompiler) {
    guard function.parameters.count == 1, let parameter = function.parameters.first,
      parameter.type == nil, parameter.defaultValue == nil, !parameter.isRest,
      function.result == nil, let body = lower(function.body, parameter.name.text, compiler)
    else { return nil }
    self.body = body
  }

  /// The slots of the globals whose values it takes.
  var globalSlots: [Int] {
    places.compactMap { if case .global(let slot, _) = $0 { slot } else { nil } }
  }

  /// The same with other values for built-in names.
  func mapping(_ change: (Value) -> Value) -> RowTemplate {
    var made = self
    made.places = places.map {
      if case .native(let value) = $0 { .native(change(value)) } else { $0 }
    }
    return made
  }

  private mutating func lower(
    _ block: Block, _ parameter: String, _ compiler: FunctionCompiler
  ) -> RowExpression? {
    guard block.statements.count == 1, case .expression(let value) = block.statements[0].kind
    else { return nil }
    return lower(value, parameter, compiler)
  }

  private mutating func lower(
    _ expression: Expression, _ parameter: String, _ compiler: FunctionCompiler
  ) -> RowExpression? {
    switch expression.kind {
    case .none: return .constant(.none)
    case .bool(let value): return .constant(.bool(value))
    case .int(let value): return .constant(.int(value))
    case .float(let value): return .constant(.float(value))
    case .string(let text): return .constant(.string(text))
    case .name(let name):
      if name == parameter { return .row }
      guard let place = compiler.resolve(name) else { return nil }
      places.append(place)
      return .variable(places.count - 1)
    case .member(let object, let name):
      guard case .name(parameter) = object.kind else { return nil }
      return .field(name.text)
    case .index(let object, let key):
      guard case .name(parameter) = object.kind, case .string(let name) = key.kind else {
        return nil
      }
      return .field(name)
    case .unary(let operation, let operand):
      guard let operand = lower(operand, parameter, compiler) else { return nil }
      return operation == .minus ? .negate(operand) : .not(operand)
    case .binary(let operation, let left, let right):
      guard let left = lower(left, parameter, compiler) else { return nil }
      if operation == .contains, case .list(let elements) = right.kind {
        return constants(elements).map { .binary(.contains, left, .constant(.list($0))) }
      }
      return lower(right, parameter, compiler).map { .binary(operation, left, $0) }
    case .if(let condition, let then, let otherwise):
      guard let otherwise, let condition = lower(condition, parameter, compiler),
        let then = lower(then, parameter, compiler)
      else { return nil }
      return lower(otherwise, parameter, compiler).map {
        .choose(condition, then: then, otherwise: $0)
      }
    case .block(let block): return lower(block, parameter, compiler)
    case .call(let callee, let arguments):
      return call(callee, arguments, input: nil, parameter, compiler)
    case .pipe(let input, let callee, let arguments):
      return call(callee, arguments, input: input, parameter, compiler)
    default: return nil
    }
  }

  /// A call of a built-in function with positional arguments.
  private mutating func call(
    _ callee: Expression, _ arguments: [Argument], input: Expression?, _ parameter: String,
    _ compiler: FunctionCompiler
  ) -> RowExpression? {
    guard case .name(let name) = callee.kind, case .native(let value)? = compiler.resolve(name),
      value.tag == .native
    else { return nil }
    var lowered: [RowExpression] = []
    for expression in (input.map { [$0] } ?? []) + arguments.map(\.value) {
      guard let argument = lower(expression, parameter, compiler) else { return nil }
      lowered.append(argument)
    }
    let isPlain = arguments.allSatisfy { if case .positional = $0.kind { true } else { false } }
    return isPlain ? .call(value.native.native.takeUnretainedValue().name, lowered) : nil
  }

  private func constants(_ elements: [Element]) -> [Datum]? {
    var values: [Datum] = []
    for element in elements {
      if element.isSpread { return nil }
      switch element.value.kind {
      case .none: values.append(.none)
      case .bool(let value): values.append(.bool(value))
      case .int(let value): values.append(.int(value))
      case .float(let value): values.append(.float(value))
      case .string(let text): values.append(.string(text))
      default: return nil
      }
    }
    return values
  }

  // MARK: Values of captured variables

  /// The expression with the present values of the variables; nil where one is no scalar.
  func expression(_ machine: Machine, _ closure: Ref<ClosureObject>) -> RowExpression? {
    var values: [Datum] = []
    for place in places {
      let value: Value
      switch place {
      case .local: return nil
      case .upvalue(let index, _): value = closure.upvalues[index].pointee.location.pointee
      case .global(let slot, _): value = machine.globals.start[slot]
      case .native(let own): value = own
      }
      guard let datum = RowTemplate.scalar(value, machine) else { return nil }
      values.append(datum)
    }
    return RowTemplate.substitute(body, values)
  }

  private static let listLimit = 1000

  private static func scalar(_ value: Value, _ machine: Machine, isInside: Bool = false) -> Datum? {
    switch value.tag {
    case .none: return Datum.none
    case .bool: return .bool(value.bool)
    case .int: return .int(value.int)
    case .float: return .float(value.double)
    case .string: return .string(value.string.text)
    case .list where !isInside && value.list.count <= listLimit:
      var items: [Datum] = []
      for position in 0..<value.list.count {
        guard let item = scalar(value.list.items[position], machine, isInside: true) else {
          return nil
        }
        items.append(item)
      }
      return .list(items)
    default: return nil
    }
  }

  private static func substitute(_ node: RowExpression, _ values: [Datum]) -> RowExpression {
    switch node {
    case .constant, .row, .field: node
    case .variable(let index): .constant(values[index])
    case .negate(let operand): .negate(substitute(operand, values))
    case .not(let operand): .not(substitute(operand, values))
    case .binary(let operation, let left, let right):
      .binary(operation, substitute(left, values), substitute(right, values))
    case .choose(let condition, let then, let otherwise):
      .choose(
        substitute(condition, values), then: substitute(then, values),
        otherwise: substitute(otherwise, values))
    case .call(let name, let arguments): .call(name, arguments.map { substitute($0, values) })
    }
  }
}

extension NativeCall {
  /// What a function of one record computes, where it is simple enough to be told; nil elsewhere.
  public func rowExpression(of function: FunctionHandle) -> RowExpression? {
    let value = function.value
    switch value.tag {
    case .native: return .call(value.native.native.takeUnretainedValue().name, [.row])
    case .closure:
      let info = value.closure.code.pointee.info.takeUnretainedValue()
      return info.template?.expression(machine, value.closure)
    default: return nil
    }
  }
}
