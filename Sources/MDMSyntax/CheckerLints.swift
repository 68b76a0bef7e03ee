/// What is allowed but looks like a mistake: cases, floats, values and lines without effect.
extension Checker {
  // MARK: Match

  /// Reports arms that come too late and values without an arm.
  mutating func coverage(of arms: [MatchArm], at span: Span) {
    var cover = Cover()
    for arm in arms {
      if cover.accepts(arm.pattern) {
        warn(
          "W0305", "this arm is never reached", at: arm.pattern.span,
          hint: "an arm above accepts all that it accepts")
      } else if arm.guardCondition == nil {
        cover.add(arm.pattern)
      }
    }
    guard !cover.isWhole, !arms.isEmpty else { return }
    let missing: String? =
      switch (cover.bools.contains(true), cover.bools.contains(false)) {
      case (true, false): "false"
      case (false, true): "true"
      default: nil
      }
    warn(
      "W0304", "this match has no arm for \(missing.map { "`\($0)`" } ?? "all other values")",
      at: Span(Int(span.start), min(Int(span.end), Int(span.start) + "match".count)),
      hint: "add `\(missing ?? "_") -> …`")
  }

  /// What the arms so far accept, as far as that is plain to see.
  private struct Cover {
    var isAll = false
    var bools: Set<Bool> = []
    var literals: Set<String> = []
    /// The lengths of lists that are accepted whole, and from which length on all are.
    var lengths: Set<Int> = []
    var lengthsFrom: Int?

    /// Every value, or every value of the one type that the arms are about, has an arm.
    var isWhole: Bool {
      if isAll || bools.count == 2 { return true }
      guard let lengthsFrom else { return false }
      return (0..<lengthsFrom).allSatisfy(lengths.contains)
    }

    mutating func add(_ pattern: Pattern) {
      switch pattern.kind {
      case .wildcard, .binding: isAll = true
      case .literal(let literal):
        if case .bool(let value) = literal.kind { bools.insert(value) }
        if let key = Self.key(literal) { literals.insert(key) }
      case .either(let alternatives): for alternative in alternatives { add(alternative) }
      case .list(let elements, let rest):
        guard elements.allSatisfy(Self.isIrrefutable) else { return }
        if rest != nil {
          lengthsFrom = min(lengthsFrom ?? .max, elements.count)
        } else {
          lengths.insert(elements.count)
        }
      case .range, .record: break
      }
    }

    /// Whether the arms before accept everything that a pattern accepts.
    func accepts(_ pattern: Pattern) -> Bool {
      if isAll { return true }
      switch pattern.kind {
      case .wildcard, .binding, .range, .record: return false
      case .literal(let literal): return Self.key(literal).map(literals.contains) ?? false
      case .either(let alternatives): return alternatives.allSatisfy(accepts)
      case .list(let elements, let rest):
        if let lengthsFrom, elements.count >= lengthsFrom { return true }
        return rest == nil && lengths.contains(elements.count)
      }
    }

    private static func isIrrefutable(_ pattern: Pattern) -> Bool {
      switch pattern.kind {
      case .wildcard, .binding: true
      case .either(let alternatives): alternatives.contains(where: isIrrefutable)
      default: false
      }
    }

    /// Equal texts for equal literals; numbers by value.
    private static func key(_ literal: Expression) -> String? {
      switch literal.kind {
      case .none: "none"
      case .bool(let value): "\(value)"
      case .int(let value): "number \(Double(value))"
      case .float(let value): "number \(value)"
      case .unary(.minus, let operand): key(operand).map { "-\($0)" }
      case .string(let text): "string \(text)"
      case .duration(let seconds): "duration \(seconds)"
      case .size(let bytes): "size \(bytes)"
      default: nil
      }
    }
  }

  // MARK: Floats

  /// `==` and `!=` with a decimal fraction that no Float is equal to.
  mutating func floatEquality(
    _ operation: BinaryOperator, _ left: Expression, _ right: Expression, at span: Span
  ) {
    guard Self.isInexact(left) || Self.isInexact(right) else { return }
    let comparison = "\(text(left.span)) ~= \(text(right.span)) +- 1e-9"
    warn(
      "W0306", "`\(operation.rawValue)` compares floats bit for bit", at: span,
      hint: "write `\(operation == .equal ? comparison : "not \(comparison)")`")
  }

  /// A literal that is rounded to the nearest Float; 0.5 and 3.0 are not.
  private static func isInexact(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .float(let value):
      value.isFinite && abs(value) < 1e15 && (value * 1024).rounded() != value * 1024
    case .unary(.minus, let operand): isInexact(operand)
    case .binary(let operation, let left, let right):
      [.add, .subtract, .multiply, .divide].contains(operation)
        && (isInexact(left) || isInexact(right))
    default: false
    }
  }

  // MARK: Lines without effect

  /// A statement whose value is dropped although it does nothing else.
  mutating func unusedValue(_ statement: Statement) {
    guard case .expression(let expression) = statement.kind else { return }
    switch expression.kind {
    case .binary(.equal, let left, _):
      var hint = "remove it, or use what it says"
      if case .name(let name) = left.kind, entry(name)?.kind == .variable {
        hint = "write `\(name) = …` to assign"
      }
      warn("W0308", "this comparison does nothing", at: expression.span, hint: hint)
    case .binary(.notEqual, _, _), .binary(.less, _, _), .binary(.lessEqual, _, _),
      .binary(.greater, _, _), .binary(.greaterEqual, _, _), .approximately:
      warn(
        "W0308", "this comparison does nothing", at: expression.span,
        hint: "remove it, or use what it says")
    case .unary(.minus, _):
      warn(
        "W0308", "this value is not used", at: expression.span,
        hint: "remove it, or end the line before with `-` to go on with that line")
    case .name(let name):
      let isCallable = entry(name)?.signature != nil || isFunction(name)
      warn(
        "W0308", "this name alone does nothing", at: expression.span,
        hint: isCallable ? "write `\(name)(…)` to call it" : "remove it")
    case .none, .bool, .int, .float, .duration, .size, .string, .fieldFunction, .function:
      warn("W0308", "this value is not used", at: expression.span, hint: "remove it")
    default: break
    }
  }

  // MARK: Reach

  /// Whether what follows a statement in its block never runs.
  static func leaves(_ statement: Statement) -> Bool {
    switch statement.kind {
    case .expression(let expression): leaves(expression)
    case .binding(_, _, _, let value, _): leaves(value)
    case .while(let condition, let body):
      if case .bool(true) = condition.kind { !breaks(body) } else { false }
    default: false
    }
  }

  private static func leaves(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .return, .break, .continue: return true
    case .call(let callee, _):
      if case .name("error") = callee.kind { return true }
      return false
    case .block(let block): return block.statements.contains(where: leaves)
    case .if(_, let then, let otherwise?):
      return then.statements.contains(where: leaves) && leaves(otherwise)
    case .match(_, let arms): return !arms.isEmpty && arms.allSatisfy { leaves($0.value) }
    default: return false
    }
  }

  /// Whether a loop's body can end the loop.
  private static func breaks(_ block: Block) -> Bool {
    block.statements.contains { statement in
      switch statement.kind {
      case .expression(let expression): breaks(expression)
      case .binding(_, _, _, let value, _): breaks(value)
      case .assignment(_, _, let value): breaks(value)
      // Their own `break` ends them, not the loop around; a `return` leaves both.
      case .for(_, _, let body), .while(_, let body): breaks(body)
      default: false
      }
    }
  }

  private static func breaks(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .break, .return: true
    case .if(_, let then, let otherwise): breaks(then) || (otherwise.map(breaks) ?? false)
    case .block(let block): breaks(block)
    case .match(_, let arms): arms.contains { breaks($0.value) }
    case .tryCatch(let body, _, let handler): breaks(body) || breaks(handler)
    case .binary(_, let left, let right): breaks(left) || breaks(right)
    case .unary(_, let operand): breaks(operand)
    case .call(let callee, let arguments), .pipe(_, let callee, let arguments):
      breaks(callee) || arguments.contains { breaks($0.value) }
    case .function, .none, .bool, .int, .float, .duration, .size, .string, .name, .fieldFunction,
      .continue, .missing:
      false
    // Rare places of a `break`: no warning rather than a wrong one.
    default: true
    }
  }
}
