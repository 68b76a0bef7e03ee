extension Checker {
  private mutating func interpolation(_ pieces: [InterpolationPiece]) {
    for piece in pieces {
      switch piece {
      case .text: break
      case .value(let value, _): expression(value)
      case .formatted(let value, let format):
        expression(value)
        interpolation(format)
      }
    }
  }

  mutating func expression(_ expression: Expression) {
    switch expression.kind {
    case .none, .bool, .int, .float, .duration, .size, .string, .fieldFunction, .missing: break
    case .name(let name): resolve(name, at: expression.span)
    case .interpolation(let pieces):
      interpolation(pieces)
    case .list(let elements): for element in elements { self.expression(element.value) }
    case .record(let fields): record(fields)
    case .mixture(let fields): mixture(fields, at: expression.span)
    case .spawn(let call): function(FunctionExpression(call))
    case .unary(_, let operand): self.expression(operand)
    case .binary(let operation, let left, let right):
      if operation == .equal || operation == .notEqual {
        floatEquality(operation, left, right, at: expression.span)
      }
      self.expression(left)
      self.expression(right)
    case .approximately(let left, let right, let tolerance):
      self.expression(left)
      self.expression(right)
      self.expression(tolerance)
    case .range(let low, let high, _, let step):
      for part in [low, high, step] { if let part { self.expression(part) } }
    case .call(let callee, let arguments):
      call(callee, arguments, input: nil, at: expression.span)
    case .pipe(let input, let callee, let arguments):
      self.expression(input)
      call(callee, arguments, input: input, at: expression.span)
    case .index(let base, let key):
      self.expression(base)
      self.expression(key)
    case .member(let base, let name): member(base, name)
    default: control(expression)
    }
  }

  private mutating func control(_ expression: Expression) {
    switch expression.kind {
    case .function(let function): self.function(function)
    case .if(let condition, let then, let otherwise):
      self.expression(condition)
      scoped(then)
      if let otherwise { self.expression(otherwise) }
    case .block(let block): scoped(block)
    case .match(let subject, let arms):
      self.expression(subject)
      for arm in arms { self.arm(arm) }
      coverage(of: arms, at: expression.span)
    case .tryCatch(let body, let name, let handler):
      scoped(body)
      enterScope(handler.span)
      if let name {
        declare(name, .parameter, noting: note(.caught, name.span))
      }
      block(handler.statements)
      leaveScope()
    case .return(let value):
      if deferDepth > 0 {
        outside("return", "cannot leave a `defer` block", at: expression.span)
      } else if functionDepth == 0 {
        outside("return", "stands outside a function", at: expression.span)
      }
      if let value { self.expression(value) }
    case .break, .continue:
      guard loopDepth == 0 else { return }
      let word = text(expression.span)
      outside(
        word, deferDepth > 0 ? "cannot leave a `defer` block" : "stands outside a loop",
        at: expression.span)
    default: break
    }
  }

  private mutating func outside(_ word: String, _ what: String, at span: Span) {
    error(
      "E0310", "`\(word)` \(what)", at: span,
      hint: word == "return" && deferDepth == 0
        ? "at the top level the last value stands alone on its line" : nil)
  }

  private mutating func arm(_ arm: MatchArm) {
    enterScope(arm.pattern.span.through(arm.value.span))
    declare(
      arm.pattern, .parameter, isLocal: false,
      noting: note(.matchBinding, arm.pattern.span))
    if let condition = arm.guardCondition { expression(condition) }
    expression(arm.value)
    leaveScope()
  }

  private mutating func member(_ base: Expression, _ name: Name) {
    expression(base)
    recordMember(base, name)
    guard case .name(let text) = base.kind, let module = self.module(behind: text) else { return }
    exported(name, by: module, called: text)
  }

  private mutating func record(_ fields: [Field]) {
    var keys: Set<String> = []
    for field in fields {
      if let (key, span) = Self.key(field), !keys.insert(key).inserted {
        error(
          "E0308", "the key \(key) is written twice", at: span,
          hint: "remove one; a spread before it is overridden without an error")
      }
      expression(field.value)
    }
  }

  /// A written key in a form that tells "1" from 1, and its place.
  private static func key(_ field: Field) -> (String, Span)? {
    switch field.key {
    case .name(let name): return ("`\(name.text)`", name.span)
    case .literal(let literal):
      switch literal.kind {
      case .string(let text): return ("`\(text)`", literal.span)
      case .int(let number): return ("\(number)", literal.span)
      case .bool(let value): return ("\(value)", literal.span)
      default: return nil
      }
    case .spread: return nil
    }
  }

  // MARK: Mixtures

  private mutating func mixture(_ fields: [Field], at span: Span) {
    record(fields)
    var sum = 0.0
    var isLiteral = true
    for field in fields {
      if let domains = options.domains, let (_, place) = Self.key(field) {
        domain(field, domains, at: place)
      }
      if let weight = Self.literal(field.value) {
        if weight < 0 {
          error(
            "E0361", "a weight cannot be negative", at: field.value.span,
            hint: "weights are shares of the training data, from 0 to 1")
          isLiteral = false
        }
        sum += weight
      } else {
        isLiteral = false
      }
    }
    if fields.isEmpty {
      error(
        "E0361", "a mixture names at least one domain", at: span, hint: "write mix {coco: 100%}")
    } else if isLiteral, abs(sum - 1) > 1e-9 {
      let shown = Self.short(sum)
      error(
        "E0361", "the mixture sums to \(shown), not 1", at: span,
        hint: abs(sum - 100) < 1e-7
          ? "write percentages with their sign: 20%"
          : "change the weights, or divide each by \(shown)"
      )
    }
  }

  private mutating func domain(_ field: Field, _ domains: Set<String>, at span: Span) {
    let name: String
    switch field.key {
    case .name(let key): name = key.text
    case .literal(let literal):
      guard case .string(let text) = literal.kind else { return }
      name = text
    case .spread: return
    }
    guard !domains.contains(name) else { return }
    error(
      "E0362", "there is no domain `\(name)`", at: span,
      nearest: SpellingSuggestion.nearest(to: name, among: domains),
      hint: "the domains are \(domains.sorted().joined(separator: ", "))")
  }

  private static func literal(_ expression: Expression) -> Double? {
    switch expression.kind {
    case .int(let value): Double(value)
    case .float(let value): value
    case .unary(.minus, let operand): literal(operand).map { -$0 }
    default: nil
    }
  }

  /// At most six decimals, without noise such as 1.1000000000000001.
  private static func short(_ value: Double) -> String {
    guard abs(value) < 1e9 else { return "\(value)" }
    let rounded = (value * 1e6).rounded() / 1e6
    if rounded == 1 { return "\(value)" }
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }
}
