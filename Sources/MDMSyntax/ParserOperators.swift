extension Parser {
  /// From the loosest to the tightest, as the reference orders them.
  enum Level: Int, Comparable {
    case pipe, or, and, not, comparison, coalesce, range, additive, multiplicative, minus, power

    static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
  }

  /// A whole expression.
  mutating func expression() throws(Failure) -> Expression { try binary(.pipe) }

  /// An expression of operators that bind at least as tightly as `minimum`.
  mutating func binary(_ minimum: Level) throws(Failure) -> Expression {
    let outer = try enter()
    let left = try prefix(minimum)
    let result = try binaryTail(left, minimum)
    leave(outer)
    return result
  }

  private mutating func prefix(_ minimum: Level) throws(Failure) -> Expression {
    let start = Int(token.span.start)
    if token.is(.minus) {
      advance()
      if case .integer(let magnitude) = token.kind, magnitude == 1 << 63,
        !token(after: 1).is(.power)
      {
        advance()
        return try make(.int(.min), span(from: start))
      }
      let operand = try binary(.minus)
      return try make(.unary(.minus, operand), span(from: start))
    }
    if token.is(.not) || token.is(.exclamation) {
      if token.is(.exclamation) {
        report("E0204", "negation is written `not`", hint: "write `not x`")
      } else if minimum > .not {
        throw failure(
          "E0210", "`not` binds looser than the operator before it",
          hint: "put it in parentheses: (not x)")
      }
      advance()
      let operand = try binary(.not)
      return try make(.unary(.not, operand), span(from: start))
    }
    if token.is(.plus) {
      throw failure("E0204", "there is no `+` sign", hint: "leave it out")
    }
    return try postfix()
  }

  /// Goes on after a left operand.
  mutating func binaryTail(_ first: Expression, _ minimum: Level) throws(Failure) -> Expression {
    var left = first
    while let (level, operation) = try operatorHere(), level >= minimum {
      switch level {
      case .pipe: left = try pipeline(left)
      case .comparison: left = try comparison(left, operation)
      case .range: left = try range(from: left)
      default:
        guard let operation else { return left }
        advance()
        let right = try binary(operandLevel(level))
        left = try combine(left, operation, right)
      }
    }
    return left
  }

  /// What the right operand of an operator may contain.
  private func operandLevel(_ level: Level) -> Level {
    switch level {
    case .or: .and
    case .and: .not
    case .coalesce: .range
    case .additive: .multiplicative
    default: .minus
    }
  }

  /// The operator at the current token; nil where the expression ends.
  private mutating func operatorHere() throws(Failure) -> (Level, BinaryOperator?)? {
    if isAtNewline { return nil }
    switch token.kind {
    case .keyword(.or): return (.or, .or)
    case .keyword(.and): return (.and, .and)
    case .keyword(.in): return (.comparison, .contains)
    case .keyword(.not) where token(after: 1).is(.in):
      throw failure(
        "E0210", "`not` stands before the whole comparison", hint: "write `not x in xs`")
    case .symbol(let symbol): return try symbolOperator(symbol)
    default: return nil
    }
  }

  private mutating func symbolOperator(
    _ symbol: Symbol
  ) throws(Failure) -> (Level, BinaryOperator?)? {
    switch symbol {
    case .pipe: return (.pipe, nil)
    case .equal: return (.comparison, .equal)
    case .notEqual: return (.comparison, .notEqual)
    case .less: return (.comparison, .less)
    case .lessEqual: return (.comparison, .lessEqual)
    case .greater: return (.comparison, .greater)
    case .greaterEqual: return (.comparison, .greaterEqual)
    case .approximately: return (.comparison, nil)
    case .coalesce: return (.coalesce, .coalesce)
    case .range, .closedRange: return (.range, nil)
    case .plus: return (.additive, .add)
    case .minus: return (.additive, .subtract)
    case .star: return (.multiplicative, .multiply)
    case .slash: return (.multiplicative, .divide)
    case .floorDivide: return (.multiplicative, .floorDivide)
    case .percent: return (.multiplicative, .remainder)
    case .power: return (.power, .power)
    case .tripleEqual, .notTripleEqual:
      let right = symbol == .tripleEqual ? "==" : "!="
      report("E0204", "`\(symbol.rawValue)` is not an operator", hint: "write `\(right)`")
      return (.comparison, symbol == .tripleEqual ? .equal : .notEqual)
    case .ampersands:
      report("E0204", "`&&` is not an operator", hint: "write `and`")
      return (.and, .and)
    case .bars:
      report("E0204", "`||` is not an operator", hint: "write `or`")
      return (.or, .or)
    case .caret: throw failure("E0204", "`^` is not an operator", hint: "a power is written `**`")
    case .ampersand: throw failure("E0204", "`&` is not an operator", hint: "write `and`")
    case .question:
      throw failure(
        "E0204", "`?` is not an operator",
        hint: "write `if c { a } else { b }` to choose, `x ?? y` to replace none")
    default: return nil
    }
  }

  private mutating func combine(
    _ left: Expression, _ operation: BinaryOperator, _ right: Expression
  ) throws(Failure) -> Expression {
    for side in [left, right] {
      if case .fieldFunction(let name) = side.kind, side.span != lastParentheses {
        throw failure(
          "E0216", "`.\(name.text)` is a function by itself, not a value", at: side.span,
          hint: "write fn(r) r.\(name.text) and go on from there")
      }
    }
    return try make(.binary(operation, left, right), left.span.through(right.span))
  }

  private mutating func comparison(
    _ left: Expression, _ operation: BinaryOperator?
  ) throws(Failure) -> Expression {
    advance()
    let right = try binary(.coalesce)
    var result: Expression
    if let operation {
      result = try combine(left, operation, right)
    } else {
      guard token.is(.tolerance), !isAtNewline else {
        throw failure(
          "E0211", "`~=` needs a tolerance", at: left.span.through(right.span),
          hint: "write `a ~= b +- 0.01`")
      }
      advance()
      let tolerance = try binary(.coalesce)
      result = try make(
        .approximately(left, right, tolerance: tolerance), left.span.through(tolerance.span))
    }
    if let (level, _) = try operatorHere(), level == .comparison {
      throw failure(
        "E0210", "comparisons do not chain", hint: "write `a < b and b < c`")
    }
    return result
  }

  private mutating func range(from low: Expression) throws(Failure) -> Expression {
    let isClosed = token.is(.closedRange)
    let allowsOpen = allowsOpenRange
    advance()
    if allowsOpen, token.is(.closeBracket) {
      return try make(.range(low, nil, closed: isClosed, by: nil), span(from: Int(low.span.start)))
    }
    guard canBeginOperand else {
      throw failure(
        "E0217", "this range has no end", at: low.span.through(tokens[index - 1].span),
        hint: "write `a..b`; only an index may leave an end open: xs[2..]")
    }
    let high = try binary(.additive)
    return try rangeTail(low, high, isClosed, start: Int(low.span.start))
  }

  /// The `by` of a range, and the check that no second range follows.
  mutating func rangeTail(
    _ low: Expression?, _ high: Expression?, _ isClosed: Bool, start: Int
  ) throws(Failure) -> Expression {
    let step = takeName("by") ? try binary(.additive) : nil
    if token.is(.range) || token.is(.closedRange), !isAtNewline {
      throw failure(
        "E0217", "ranges do not chain", hint: "a step is written `a..b by 2`")
    }
    return try make(.range(low, high, closed: isClosed, by: step), span(from: start))
  }

  /// Whether an operand may begin at the current token.
  var canBeginOperand: Bool {
    switch token.kind {
    case .name, .integer, .float, .duration, .size, .string, .interpolation: true
    case .keyword(let keyword):
      switch keyword {
      case .fn, .if, .match, .true, .false, .none, .not, .try, .return, .break, .continue: true
      default: false
      }
    case .symbol(let symbol):
      switch symbol {
      case .openParenthesis, .openBracket, .openBrace, .minus, .dot: true
      default: false
      }
    case .invalid, .end: false
    }
  }

  private mutating func pipeline(_ input: Expression) throws(Failure) -> Expression {
    advance()
    let target = try binary(.or)
    let span = input.span.through(target.span)
    if target.span != lastParentheses {
      switch target.kind {
      case .call(let callee, let arguments):
        return try make(.pipe(input, callee: callee, arguments: arguments), span)
      case .name, .member, .index, .fieldFunction, .function: break
      default:
        throw failure(
          "E0215", "the right side of `|>` must be a function or a call", at: target.span,
          hint: "`|>` binds loosest: put the pipeline in parentheses to go on with its value")
      }
    }
    return try make(.pipe(input, callee: target, arguments: []), span)
  }

  // MARK: Conditions

  /// A condition or subject: what stands before a block.
  mutating func condition() throws(Failure) -> Expression {
    let outer = allowsRecord
    allowsRecord = false
    let value = try comparisonOfAssignment(try expression())
    allowsRecord = outer
    return value
  }

  /// Reads `a = b` in a condition as the `a == b` that was meant.
  mutating func comparisonOfAssignment(_ left: Expression) throws(Failure) -> Expression {
    guard token.is(.assign), !isAtNewline else { return left }
    report(
      "E0206", "`=` assigns, it does not compare", hint: "write `==` to compare in a condition")
    advance()
    let right = try expression()
    return try make(.binary(.equal, left, right), left.span.through(right.span))
  }
}
