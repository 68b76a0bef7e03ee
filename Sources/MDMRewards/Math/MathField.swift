/// What expressions are evaluated in: exact rationals, a prime field, or numbers with error bounds.
protocol MathField {
  associatedtype Value

  /// The steps that making a value took, beyond one.
  func cost(_ value: Value) -> Int
  func number(_ value: Fraction) -> Value?
  func symbol(_ name: String) -> Value?
  func constant(_ constant: MathExpression.Constant) -> Value?
  func add(_ a: Value, _ b: Value) -> Value?
  func multiply(_ a: Value, _ b: Value) -> Value?
  func divide(_ a: Value, _ b: Value) -> Value?
  func power(_ base: Value, exact exponent: Fraction) -> Value?
  func power(_ base: Value, _ exponent: Value) -> Value?
  func root(_ base: Value, _ degree: Int) -> Value?
  /// - Parameter exact: The arguments where they are rational numbers.
  func function(_ name: String, _ arguments: [Value], exact: [Fraction?], _ fuel: MathFuel)
    -> Value?
}

extension MathField {
  func cost(_ value: Value) -> Int { 0 }
}

/// The steps that a comparison may still take: never a clock, so that load changes no score.
final class MathFuel {
  private(set) var left: Int

  init(_ steps: Int) { left = steps }

  /// Whether there are so many steps left, which are then gone.
  func spend(_ steps: Int = 1) -> Bool {
    left -= steps
    return left > 0
  }
}

/// Evaluates expressions in a field; nil where a part has no value there.
struct MathEvaluator<Field: MathField> {
  let field: Field
  let fuel: MathFuel

  func value(_ expression: MathExpression) -> Field.Value? {
    guard fuel.spend(), let value = uncounted(expression), fuel.spend(field.cost(value)) else {
      return nil
    }
    return value
  }

  private func uncounted(_ expression: MathExpression) -> Field.Value? {
    switch expression {
    case .number(let value, _): return field.number(value)
    case .symbol(let name): return field.symbol(name)
    case .text(let words): return field.symbol("text " + words)
    case .constant(let constant): return field.constant(constant)
    case .sum(let parts):
      guard var total = parts.first.flatMap(value) else { return nil }
      for part in parts.dropFirst() {
        guard let next = value(part), let sum = field.add(total, next) else { return nil }
        total = sum
      }
      return total
    case .product(let parts):
      guard var total = parts.first.flatMap(value) else { return nil }
      for part in parts.dropFirst() {
        guard let next = value(part), let product = field.multiply(total, next) else { return nil }
        total = product
      }
      return total
    case .quotient(let a, let b):
      guard let x = value(a), let y = value(b) else { return nil }
      return field.divide(x, y)
    case .ratio(let parts):
      guard parts.count == 2, let x = value(parts[0]), let y = value(parts[1]) else { return nil }
      return field.divide(x, y)
    case .power(let base, let exponent):
      guard let x = value(base) else { return nil }
      if let exact = exact(exponent) { return field.power(x, exact: exact) }
      return value(exponent).flatMap { field.power(x, $0) }
    case .root(let base, let degree): return value(base).flatMap { field.root($0, degree) }
    case .function("det", let parts):
      guard case .matrix(let rows)? = parts.first, rows.count == rows[0].count, rows.count <= 6
      else {
        return nil
      }
      return determinant(rows)
    case .function(let name, let parts):
      var values: [Field.Value] = []
      for part in parts {
        let inner: MathExpression
        if case .unit(let angle, "degree") = part, Self.circular.contains(name) {
          inner = .product([angle, .quotient(.constant(.pi), .number(Fraction(180), nil))])
        } else {
          inner = part
        }
        guard let value = value(inner) else { return nil }
        values.append(value)
      }
      return field.function(name, values, exact: parts.map(exact), fuel)
    case .percent(let inner):
      guard let x = value(inner), let hundred = field.number(Fraction(100)) else { return nil }
      return field.divide(x, hundred)
    case .unit(let inner, _): return value(inner)
    case .chain(let parts, _), .tuple(let parts), .list(let parts), .union(let parts):
      // Inside of sums and limits only, where equal parts have to give equal values.
      var values: [Field.Value] = []
      for part in parts {
        guard let value = value(part) else { return nil }
        values.append(value)
      }
      return field.function("parts", values, exact: values.map { _ in nil }, fuel)
    case .plusMinus, .interval, .matrix: return nil
    }
  }

  private static var circular: Set<String> { ["sin", "cos", "tan", "cot", "sec", "csc"] }

  private func exact(_ expression: MathExpression) -> Fraction? {
    switch expression {
    case .number(let value, _): value
    case .symbol, .constant, .text: nil
    default: MathEvaluator<ExactField>(field: ExactField(), fuel: fuel).value(expression)
    }
  }

  private func determinant(_ rows: [[MathExpression]]) -> Field.Value? {
    guard rows.count > 1 else { return value(rows[0][0]) }
    var total: Field.Value?
    for (column, entry) in rows[0].enumerated() {
      let minor = rows.dropFirst().map { row in
        row.enumerated().filter { $0.offset != column }.map(\.element)
      }
      guard let sign = field.number(Fraction(column % 2 == 0 ? 1 : -1)), let x = value(entry),
        let rest = determinant(minor), let y = field.multiply(x, rest),
        let term = field.multiply(sign, y)
      else { return nil }
      guard let before = total else {
        total = term
        continue
      }
      total = field.add(before, term)
      if total == nil { return nil }
    }
    return total
  }
}

/// Rational numbers, exactly.
struct ExactField: MathField {
  /// Lowest terms take the square of the digits: half a millisecond for the largest.
  func cost(_ value: Fraction) -> Int {
    if value.int != nil { return 0 }
    let bits = value.numerator.bitWidth + value.denominator.bitWidth
    return bits * bits / 4_096
  }
  func number(_ value: Fraction) -> Fraction? { value }
  func symbol(_ name: String) -> Fraction? { nil }
  func constant(_ constant: MathExpression.Constant) -> Fraction? { nil }
  func add(_ a: Fraction, _ b: Fraction) -> Fraction? { .sum(a, b) }
  func multiply(_ a: Fraction, _ b: Fraction) -> Fraction? { .product(a, b) }
  func divide(_ a: Fraction, _ b: Fraction) -> Fraction? { .quotient(a, b) }

  func power(_ base: Fraction, exact exponent: Fraction) -> Fraction? {
    if base.isZero { return exponent.isNegative || exponent.isZero ? nil : base }
    if let whole = exponent.int { return base.power(whole) }
    guard let degree = exponent.denominator.int, let power = exponent.numerator.int, degree <= 64,
      !base.isNegative
    else { return nil }
    return base.root(degree)?.power(power)
  }

  func power(_ base: Fraction, _ exponent: Fraction) -> Fraction? { power(base, exact: exponent) }

  func root(_ base: Fraction, _ degree: Int) -> Fraction? { base.root(degree) }

  func function(
    _ name: String, _ arguments: [Fraction], exact: [Fraction?], _ fuel: MathFuel
  ) -> Fraction? {
    guard let first = arguments.first else { return nil }
    switch (name, arguments.count) {
    case ("abs", 1): return first.isNegative ? first.negated : first
    case ("floor", 1): return first.floor
    case ("ceil", 1): return first.negated.floor?.negated
    case ("max", _): return arguments.max()
    case ("min", _): return arguments.min()
    case ("factorial", 1):
      guard let n = first.int, (0...1_000).contains(n), fuel.spend(n) else { return nil }
      var result = Fraction(1)
      for factor in stride(from: 2, through: n, by: 1) {
        guard let next = Fraction.product(result, Fraction(factor)) else { return nil }
        result = next
      }
      return result
    case ("binom", 2):
      guard let n = first.int, var k = arguments[1].int, n >= 0, k >= 0 else { return nil }
      if k > n { return Fraction(0) }
      k = min(k, n - k)
      guard k <= 1_000, fuel.spend(k) else { return nil }
      var result = Fraction(1)
      for step in 0..<k {
        guard let factor = Fraction(n - step, step + 1), let next = Fraction.product(result, factor)
        else {
          return nil
        }
        result = next
      }
      return result
    case ("gcd", 2), ("lcm", 2):
      guard first.isInteger, arguments[1].isInteger else { return nil }
      let divisor = BigInteger.gcd(first.numerator, arguments[1].numerator)
      guard name == "lcm" else { return Fraction(divisor, BigInteger(1)) }
      return Fraction.product(first, arguments[1]).flatMap {
        Fraction($0.numerator.magnitude, divisor.isZero ? BigInteger(1) : divisor)
      }
    default: return nil
    }
  }
}

/// A random point of the prime field; what is no rational function is a value of its own there.
final class ModularField: MathField {
  private let field = PrimeField()
  private let round: UInt64
  /// Whether something had a value of its own, so that different values prove nothing.
  private(set) var isOpaque = false

  init(round: UInt64) { self.round = round }

  func number(_ value: Fraction) -> UInt64? { value.residue(field) }
  func symbol(_ name: String) -> UInt64? { PrimeField.hash(name, round) }
  func constant(_ constant: MathExpression.Constant) -> UInt64? {
    isOpaque = true
    return PrimeField.hash("constant \(constant)", round)
  }
  func add(_ a: UInt64, _ b: UInt64) -> UInt64? { field.add(a, b) }
  func multiply(_ a: UInt64, _ b: UInt64) -> UInt64? { field.multiply(a, b) }
  func divide(_ a: UInt64, _ b: UInt64) -> UInt64? {
    b == 0 ? nil : field.multiply(a, field.inverse(b))
  }

  func power(_ base: UInt64, exact exponent: Fraction) -> UInt64? {
    if base == 0 { return exponent.isNegative || exponent.isZero ? nil : 0 }
    let degree = exponent.denominator
    var root = base
    if degree != BigInteger(1) {
      isOpaque = true
      root = PrimeField.hash(11, base, degree.remainder(PrimeField.prime), round)
    }
    // Fermat: exponents count modulo the order of the group.
    return field.power(root, exponent.numerator.remainder(PrimeField.prime - 1))
  }

  func power(_ base: UInt64, _ exponent: UInt64) -> UInt64? {
    isOpaque = true
    return PrimeField.hash(13, base, exponent, round)
  }

  func root(_ base: UInt64, _ degree: Int) -> UInt64? {
    isOpaque = true
    return PrimeField.hash(11, base, UInt64(degree), round)
  }

  func function(
    _ name: String, _ arguments: [UInt64], exact: [Fraction?], _ fuel: MathFuel
  ) -> UInt64? {
    if name == "factorial", let n = exact.first??.int, (0...100_000).contains(n), fuel.spend(n / 16)
    {
      return stride(from: 2, through: n, by: 1).reduce(1) { field.multiply($0, UInt64($1)) }
    }
    isOpaque = true
    return PrimeField.mix([PrimeField.hash(name, round), round] + arguments)
  }
}
