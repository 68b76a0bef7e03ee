/// An exact rational number in lowest terms, with a positive denominator.
///
/// Small ones are two words; others two big integers. Operations give nil where a result is too
/// large or does not exist.
struct Fraction: Hashable, Sendable {
  private enum Storage: Hashable, Sendable {
    case small(Int, Int)
    case big(BigInteger, BigInteger)
  }

  private let storage: Storage

  init(_ value: Int) { self.init(.small(value, 1)) }

  init?(_ numerator: Int, _ denominator: Int) {
    guard denominator != 0 else { return nil }
    self.init(BigInteger(numerator), BigInteger(denominator))
  }

  init?(_ numerator: BigInteger, _ denominator: BigInteger) {
    guard !denominator.isZero else { return nil }
    if let n = numerator.int, let d = denominator.int, n != .min, d != .min {
      self.init(small: n, d)
      return
    }
    let divisor = BigInteger.gcd(numerator, denominator)
    var n = numerator.quotientAndRemainder(divisor).0
    var d = denominator.quotientAndRemainder(divisor).0
    if d.isNegative { (n, d) = (n.negated, d.negated) }
    if let n = n.int, let d = d.int, n != .min {
      self.init(.small(n, d))
    } else {
      self.init(.big(n, d))
    }
  }

  private init(_ storage: Storage) { self.storage = storage }

  /// From words that are not the least one; the denominator is not 0.
  private init(small n: Int, _ d: Int) {
    var (a, b) = (n.magnitude, d.magnitude)
    while b != 0 { (a, b) = (b, a % b) }
    let divisor = Int(a == 0 ? 1 : a)
    self.init(d < 0 ? .small(-n / divisor, -d / divisor) : .small(n / divisor, d / divisor))
  }

  var numerator: BigInteger {
    switch storage {
    case .small(let n, _): BigInteger(n)
    case .big(let n, _): n
    }
  }

  var denominator: BigInteger {
    switch storage {
    case .small(_, let d): BigInteger(d)
    case .big(_, let d): d
    }
  }

  var isZero: Bool { if case .small(0, _) = storage { true } else { false } }
  var isNegative: Bool {
    switch storage {
    case .small(let n, _): n < 0
    case .big(let n, _): n.isNegative
    }
  }
  /// The value where it is a whole number of 64 bits.
  var int: Int? { if case .small(let n, 1) = storage { n } else { nil } }
  var isInteger: Bool {
    switch storage {
    case .small(_, let d): d == 1
    case .big(_, let d): d == BigInteger(1)
    }
  }

  var double: Double {
    switch storage {
    case .small(let n, let d): return Double(n) / Double(d)
    case .big(let n, let d):
      let (a, b) = (n.double, d.double)
      if a.isFinite && b.isFinite { return a / b }
      // Beyond the range of doubles on both sides: take the same power of two off.
      let cut = max(n.bitWidth, d.bitWidth) - 900
      guard let power = BigInteger(2).power(cut) else { return .nan }
      let (x, y) = (n.quotientAndRemainder(power).0.double, d.quotientAndRemainder(power).0.double)
      return y == 0 ? (n.isNegative ? -.infinity : .infinity) : x / y
    }
  }

  var negated: Fraction {
    if case .small(let n, let d) = storage { return Fraction(small: -n, d) }
    return Fraction(numerator.negated, denominator) ?? self
  }

  static func sum(_ a: Fraction, _ b: Fraction) -> Fraction? {
    if case .small(let n, let d) = a.storage, case .small(let m, let e) = b.storage {
      let (x, over1) = n.multipliedReportingOverflow(by: e)
      let (y, over2) = m.multipliedReportingOverflow(by: d)
      let (z, over3) = x.addingReportingOverflow(y)
      let (w, over4) = d.multipliedReportingOverflow(by: e)
      if !(over1 || over2 || over3 || over4), z != .min { return Fraction(small: z, w) }
    }
    guard let x = BigInteger.product(a.numerator, b.denominator),
      let y = BigInteger.product(b.numerator, a.denominator),
      let d = BigInteger.product(a.denominator, b.denominator)
    else { return nil }
    return Fraction(x + y, d)
  }

  static func product(_ a: Fraction, _ b: Fraction) -> Fraction? {
    if case .small(let n, let d) = a.storage, case .small(let m, let e) = b.storage {
      let (x, over1) = n.multipliedReportingOverflow(by: m)
      let (y, over2) = d.multipliedReportingOverflow(by: e)
      if !(over1 || over2), x != .min { return Fraction(small: x, y) }
    }
    guard let n = BigInteger.product(a.numerator, b.numerator),
      let d = BigInteger.product(a.denominator, b.denominator)
    else { return nil }
    return Fraction(n, d)
  }

  var inverse: Fraction? { Fraction(denominator, numerator) }

  static func quotient(_ a: Fraction, _ b: Fraction) -> Fraction? {
    b.inverse.flatMap { product(a, $0) }
  }

  func power(_ exponent: Int) -> Fraction? {
    guard exponent != .min else { return nil }
    if exponent < 0 { return inverse?.power(-exponent) }
    guard let n = numerator.power(exponent), let d = denominator.power(exponent) else { return nil }
    return Fraction(n, d)
  }

  /// The real root where it is rational.
  func root(_ degree: Int) -> Fraction? {
    if isNegative {
      return degree % 2 == 1 ? negated.root(degree)?.negated : nil
    }
    guard let n = numerator.exactRoot(degree), let d = denominator.exactRoot(degree) else {
      return nil
    }
    return Fraction(n, d)
  }

  /// The largest whole number that is not above it.
  var floor: Fraction? {
    let (quotient, rest) = numerator.quotientAndRemainder(denominator)
    return Fraction(
      rest.isNegative ? quotient - BigInteger(1) : quotient, BigInteger(1))
  }

  /// Its image in the integers modulo a prime; nil where the denominator vanishes there.
  func residue(_ field: PrimeField) -> UInt64? {
    if case .small(let n, 1) = storage { return PrimeField.reduce(n) }
    let d = denominator.remainder(PrimeField.prime)
    guard d != 0 else { return nil }
    return field.multiply(numerator.remainder(PrimeField.prime), field.inverse(d))
  }
}

extension Fraction: Comparable {
  static func < (a: Fraction, b: Fraction) -> Bool {
    guard let difference = sum(a, b.negated) else { return a.double < b.double }
    return difference.isNegative
  }
}
