/// Whether two expressions have the same value, whatever their letters stand for.
struct MathScalars {
  let fuel: MathFuel
  /// The digits that a rounded decimal needs to stand for another number.
  let digits: Int
  /// The share of the reference that a number may be off.
  let tolerance: Double

  func areEqual(_ given: MathExpression, _ gold: MathExpression) -> Bool {
    let (a, b) = (exact(given), exact(gold))
    if let a, let b, a == b { return true }
    if isNear(given, gold, a, b) { return true }
    if a != nil && b != nil { return false }
    // Rational functions of anything agree here, and nothing else does but by chance.
    var isProved = true
    var agrees = true
    for round in 0..<2 {
      let field = ModularField(round: UInt64(round))
      let evaluator = MathEvaluator(field: field, fuel: fuel)
      guard let x = evaluator.value(given), let y = evaluator.value(gold) else {
        agrees = false
        isProved = false
        break
      }
      if field.isOpaque { isProved = false }
      if x != y {
        agrees = false
        break
      }
    }
    if agrees { return true }
    if isProved { return false }
    return agreeNumerically(given, gold)
  }

  /// Whether f / g is one number other than 0 at all points; its sign where it is asked for.
  func areProportional(
    _ f: MathExpression, _ g: MathExpression, positive: Bool = false
  ) -> Bool {
    var first: (UInt64, UInt64)?
    var isSame = true
    let prime = PrimeField()
    for round in 0..<3 {
      let evaluator = MathEvaluator(field: ModularField(round: UInt64(round)), fuel: fuel)
      guard let x = evaluator.value(f), let y = evaluator.value(g), x != 0, y != 0 else {
        isSame = false
        break
      }
      if let (x0, y0) = first {
        if prime.multiply(x, y0) != prime.multiply(y, x0) { isSame = false }
      } else {
        first = (x, y)
      }
    }
    guard !isSame || positive else { return true }
    var ratio: Ball?
    var points = 0
    for round in 0..<4 {
      let field = NumericField(round: UInt64(round))
      let evaluator = MathEvaluator(field: field, fuel: fuel)
      guard let x = evaluator.value(f), let y = evaluator.value(g), let share = field.divide(x, y),
        share.size > 2 * share.error
      else { continue }
      if let ratio, !isClose(share, ratio) { return false }
      if positive, !share.isReal || share.re < 0 { return false }
      ratio = share
      points += 1
    }
    return points >= 2
  }

  /// The value of an expression without letters.
  func number(_ expression: MathExpression) -> Ball? {
    guard !expression.hasSymbols else { return nil }
    return MathEvaluator(field: NumericField(round: 0), fuel: fuel).value(expression)
  }

  private func exact(_ expression: MathExpression) -> Fraction? {
    if case .number(let value, _) = expression { return value }
    return MathEvaluator(field: ExactField(), fuel: fuel).value(expression)
  }

  /// Decimals that are the other side rounded, and numbers within the tolerance.
  private func isNear(
    _ given: MathExpression, _ gold: MathExpression, _ a: Fraction?, _ b: Fraction?
  ) -> Bool {
    let (x, y) = (Self.decimals(given), Self.decimals(gold))
    guard x != nil || y != nil || tolerance > 0 else { return false }
    guard let u = a.map({ Ball($0.double) }) ?? number(given),
      let v = b.map({ Ball($0.double) }) ?? number(gold), u.isReal, v.isReal
    else { return false }
    if tolerance > 0, abs(u.re - v.re) <= tolerance * abs(v.re) { return true }
    // One decimal that is written against a number that is not, or is written to 15 digits.
    for (mine, other) in [(x, y), (y, x)] {
      guard let mine, mine.significant >= digits, other == nil || other!.significant >= 15 else {
        continue
      }
      if let a, let b {
        // Exactly: doubles would not see the difference of 3 and 3.0000000000000001.
        guard let difference = Fraction.sum(a, b.negated),
          let step = Fraction(10).power(-mine.decimals),
          let half = Fraction(1, 2).flatMap({ Fraction.product(step, $0) })
        else { continue }
        if !(half < (difference.isNegative ? difference.negated : difference)) { return true }
        continue
      }
      let half = 0.5 * pow10(-mine.decimals)
      if abs(u.re - v.re) <= half * (1 + 1e-9) + u.error + v.error { return true }
    }
    return false
  }

  private func pow10(_ exponent: Int) -> Double { Fraction(10).power(exponent)?.double ?? 0 }

  private static func decimals(_ expression: MathExpression) -> MathExpression.Decimals? {
    if case .number(_, let decimals) = expression { decimals } else { nil }
  }

  private func agreeNumerically(_ given: MathExpression, _ gold: MathExpression) -> Bool {
    let hasSymbols = given.hasSymbols || gold.hasSymbols
    var points = 0
    for round in 0..<(hasSymbols ? 5 : 1) {
      let evaluator = MathEvaluator(field: NumericField(round: UInt64(round)), fuel: fuel)
      guard let x = evaluator.value(given), let y = evaluator.value(gold) else { continue }
      // Beyond the positive points roots have several values; only real ones are compared there.
      if round >= 2, !x.isReal || !y.isReal { continue }
      guard isClose(x, y) else { return false }
      points += 1
    }
    return points >= (hasSymbols ? 2 : 1)
  }

  /// Whether two numbers differ by no more than rounding may have made, and that is little.
  private func isClose(_ x: Ball, _ y: Ball) -> Bool {
    let bound = 2 * (x.error + y.error)
    let size = max(x.size, y.size)
    guard bound <= 1e-9 * size || size <= bound && bound < 1e-9 else { return false }
    let difference = Ball(x.re - y.re, x.im - y.im, error: 0)
    return difference.size <= bound
  }
}
