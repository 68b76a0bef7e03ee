import MDMDeclarations
import MDMSyntax

/// `assert`, `expect` and what they try across seeds.
extension FunctionCompiler {
  func compile(_ assertion: Assertion) throws {
    if let seeds = assertion.seeds {
      try compileAcrossSeeds(assertion, seeds)
      return
    }
    let first = newRegisters(3)
    let condition = assertion.condition
    let place = condition.span
    let fail = { (op: Op, text: String, register: Int) throws in
      try self.compileMessage(assertion, into: first + 2)
      self.span = place
      self.emit(op, register, self.constant(text), assertion.isExpectation ? 1 : 0)
    }
    if case .binary(let operation, let left, let right) = condition.kind,
      Self.comparisons.contains(operation)
    {
      try compile(left, into: first)
      try compile(right, into: first + 1)
      let result = newRegister()
      span = place
      emit(op(operation), result, first, first + 1)
      let holds = emitJump(.jumpIf, result)
      try fail(.assertComparison, operation.rawValue, first)
      patch([holds])
      return
    }
    try compile(condition, into: first)
    span = place
    let holds = emitJump(.jumpIf, first)
    try fail(.assertion, text(of: condition), first + 2)
    patch([holds])
  }

  private static let comparisons: Set<BinaryOperator> = [
    .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual, .contains,
  ]

  private func text(of expression: Expression) -> String {
    compiler.source.text(Int(expression.span.start)..<Int(expression.span.end))
  }

  private func compileMessage(_ assertion: Assertion, into register: Int) throws {
    if let message = assertion.message {
      try compile(message, into: register)
    } else {
      emit(.none, register)
    }
  }

  /// The hook judges; it gives none, or the sentence, hint and notes of what does not hold.
  private func compileAcrossSeeds(_ assertion: Assertion, _ seeds: Expression) throws {
    guard let hook = machine.natives["judge_across_seeds"] else {
      throw failure(.value, "this program cannot judge assertions across seeds")
    }
    let condition = assertion.condition
    var operation = ""
    var value = condition
    switch condition.kind {
    case .binary(let comparison, let left, let right)
    where [.less, .lessEqual, .greater, .greaterEqual].contains(comparison):
      operation = comparison.rawValue
      value.kind = .list([Element(left, isSpread: false), Element(right, isSpread: false)])
    case .approximately(let left, let right, let tolerance):
      operation = "~="
      value.kind = .list([left, right, tolerance].map { Element($0, isSpread: false) })
    default: break
    }
    let body = FunctionExpression(
      parameters: [
        Parameter(
          Name("seed", seeds.span), type: nil, defaultValue: nil, isRest: false)
      ], result: nil, body: Block([Statement(.expression(value), value.span)], value.span))
    let first = newRegisters(3)
    span = condition.span
    try compileHook(
      hook,
      [
        Argument(.positional, seeds),
        Argument(.positional, Expression(.function(body), condition.span)),
        Argument(.positional, Expression(.string(operation), condition.span)),
        Argument(.positional, Expression(.string(text(of: condition)), condition.span)),
      ], into: first)
    let holds = emitJump(.jumpIfNone, first)
    try compileMessage(assertion, into: first + 2)
    span = condition.span
    emit(.assertSeeds, first, 0, assertion.isExpectation ? 1 : 0)
    patch([holds])
  }
}
