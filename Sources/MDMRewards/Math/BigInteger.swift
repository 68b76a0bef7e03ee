/// An integer of any size up to a bound of bits, for exact arithmetic on answers.
///
/// Own code, as the packages for it need Foundation, whose loading costs every start of mdm 3 ms
/// (docs/design/011-rewards.md).
struct BigInteger: Hashable, Sendable {
  /// Larger results are not made: operations that may grow return nil there.
  static let bitLimit = 1 << 12

  private(set) var isNegative: Bool
  /// Least significant first, without zeros at the end; empty for zero.
  private(set) var limbs: [UInt32]

  init(_ value: Int) {
    isNegative = value < 0
    let magnitude = value.magnitude
    limbs = [UInt32(truncatingIfNeeded: magnitude), UInt32(truncatingIfNeeded: magnitude >> 32)]
    trim()
  }

  private init(limbs: [UInt32], isNegative: Bool) {
    self.limbs = limbs
    self.isNegative = isNegative
    trim()
  }

  /// The number of decimal digits; nil where there are too many.
  init?(digits: some Collection<UInt8>) {
    guard digits.count <= Self.bitLimit / 4 else { return nil }
    isNegative = false
    limbs = []
    for digit in digits {
      var carry = UInt64(digit - 0x30)
      for index in limbs.indices {
        let product = UInt64(limbs[index]) * 10 + carry
        limbs[index] = UInt32(truncatingIfNeeded: product)
        carry = product >> 32
      }
      if carry > 0 { limbs.append(UInt32(carry)) }
    }
  }

  var isZero: Bool { limbs.isEmpty }
  var bitWidth: Int {
    limbs.isEmpty ? 0 : limbs.count * 32 - limbs[limbs.count - 1].leadingZeroBitCount
  }
  var magnitude: BigInteger { BigInteger(limbs: limbs, isNegative: false) }
  var negated: BigInteger { BigInteger(limbs: limbs, isNegative: !isNegative) }
  var isOdd: Bool { limbs.first.map { $0 & 1 == 1 } ?? false }

  /// The value where 64 bits hold it.
  var int: Int? {
    guard limbs.count <= 2 else { return nil }
    var magnitude: UInt64 = 0
    for (index, limb) in limbs.enumerated() { magnitude |= UInt64(limb) << UInt64(32 * index) }
    if isNegative {
      return magnitude <= UInt64(Int.max) ? -Int(magnitude) : magnitude == 1 << 63 ? Int.min : nil
    }
    return Int(exactly: magnitude)
  }

  /// The nearest double, to within a unit or two in its last place; infinite beyond its range.
  var double: Double {
    var value = 0.0
    // Three limbs hold more bits than a double; the rest is scale.
    let top = limbs.suffix(3)
    for limb in top.reversed() { value = value * 4_294_967_296 + Double(limb) }
    let scaled =
      value * Double(sign: .plus, exponent: 32 * (limbs.count - top.count), significand: 1)
    return isNegative ? -scaled : scaled
  }

  /// The remainder by a modulus below 2^62, not negative.
  func remainder(_ modulus: UInt64) -> UInt64 {
    var rest: UInt64 = 0
    for limb in limbs.reversed() {
      let (high, low) = (rest >> 32, (rest << 32) | UInt64(limb))
      rest = modulus.dividingFullWidth((high, low)).remainder
    }
    return isNegative && rest > 0 ? modulus - rest : rest
  }

  static func + (a: BigInteger, b: BigInteger) -> BigInteger {
    if a.isNegative == b.isNegative {
      return BigInteger(limbs: sum(a.limbs, b.limbs), isNegative: a.isNegative)
    }
    return isSmaller(a.limbs, b.limbs)
      ? BigInteger(limbs: difference(b.limbs, a.limbs), isNegative: b.isNegative)
      : BigInteger(limbs: difference(a.limbs, b.limbs), isNegative: a.isNegative)
  }

  static func - (a: BigInteger, b: BigInteger) -> BigInteger { a + b.negated }

  /// The product; nil where it is too large.
  static func product(_ a: BigInteger, _ b: BigInteger) -> BigInteger? {
    guard a.bitWidth + b.bitWidth <= bitLimit else { return nil }
    var limbs = [UInt32](repeating: 0, count: a.limbs.count + b.limbs.count)
    for (i, x) in a.limbs.enumerated() {
      var carry: UInt64 = 0
      for (j, y) in b.limbs.enumerated() {
        let value = UInt64(x) * UInt64(y) + UInt64(limbs[i + j]) + carry
        limbs[i + j] = UInt32(truncatingIfNeeded: value)
        carry = value >> 32
      }
      limbs[i + b.limbs.count] = UInt32(carry)
    }
    return BigInteger(limbs: limbs, isNegative: a.isNegative != b.isNegative)
  }

  /// The quotient, cut towards zero, and the remainder with the dividend's sign.
  ///
  /// Source: Knuth, The Art of Computer Programming, volume 2, algorithm D.
  func quotientAndRemainder(_ divisor: BigInteger) -> (BigInteger, BigInteger) {
    precondition(!divisor.isZero)
    if Self.isSmaller(limbs, divisor.limbs) { return (BigInteger(0), self) }
    let signs = isNegative != divisor.isNegative
    if divisor.limbs.count == 1 {
      var quotient = limbs
      var rest: UInt64 = 0
      let by = UInt64(divisor.limbs[0])
      for index in limbs.indices.reversed() {
        let value = rest << 32 | UInt64(limbs[index])
        quotient[index] = UInt32(value / by)
        rest = value % by
      }
      return (
        BigInteger(limbs: quotient, isNegative: signs),
        BigInteger(limbs: [UInt32(rest)], isNegative: isNegative)
      )
    }
    let shift = divisor.limbs[divisor.limbs.count - 1].leadingZeroBitCount
    let v = Self.shifted(divisor.limbs, shift)
    var u = Self.shifted(limbs, shift)
    if u.count == limbs.count { u.append(0) }
    let n = divisor.limbs.count
    var quotient = [UInt32](repeating: 0, count: u.count - n)
    let (first, second) = (UInt64(v[n - 1]), UInt64(v[n - 2]))
    for j in quotient.indices.reversed() {
      let top = UInt64(u[j + n]) << 32 | UInt64(u[j + n - 1])
      var (digit, rest) = top.quotientAndRemainder(dividingBy: first)
      while digit >> 32 != 0 || digit * second > rest << 32 | UInt64(u[j + n - 2]) {
        digit -= 1
        rest += first
        if rest >> 32 != 0 { break }
      }
      var borrow: Int64 = 0
      var carry: UInt64 = 0
      for i in 0..<n {
        let product = digit * UInt64(v[i]) + carry
        carry = product >> 32
        let value = Int64(u[i + j]) - borrow - Int64(product & 0xFFFF_FFFF)
        u[i + j] = UInt32(truncatingIfNeeded: value)
        borrow = value < 0 ? 1 : 0
      }
      let value = Int64(u[j + n]) - borrow - Int64(carry)
      u[j + n] = UInt32(truncatingIfNeeded: value)
      if value < 0 {
        digit -= 1
        var over: UInt64 = 0
        for i in 0..<n {
          let sum = UInt64(u[i + j]) + UInt64(v[i]) + over
          u[i + j] = UInt32(truncatingIfNeeded: sum)
          over = sum >> 32
        }
        u[j + n] = u[j + n] &+ UInt32(over)
      }
      quotient[j] = UInt32(digit)
    }
    var rest = Array(u[..<n])
    if shift > 0 {
      for index in rest.indices {
        let next = index + 1 < n ? rest[index + 1] : 0
        rest[index] = rest[index] >> UInt32(shift) | next << UInt32(32 - shift)
      }
    }
    return (
      BigInteger(limbs: quotient, isNegative: signs),
      BigInteger(limbs: rest, isNegative: isNegative)
    )
  }

  /// The greatest common divisor, not negative.
  static func gcd(_ a: BigInteger, _ b: BigInteger) -> BigInteger {
    var (x, y) = (a.magnitude, b.magnitude)
    while !y.isZero { (x, y) = (y, x.quotientAndRemainder(y).1) }
    return x
  }

  /// The root of a number that is not negative, where it is a whole number.
  func exactRoot(_ degree: Int) -> BigInteger? {
    guard !isNegative, degree >= 1, degree <= 64 else { return nil }
    if isZero || limbs == [1] { return self }
    // Bits from the top, so that the root never exceeds the true one.
    var root = BigInteger(0)
    for bit in stride(from: bitWidth / degree, through: 0, by: -1) {
      let trial = root + BigInteger(limbs: Self.shifted([1], bit), isNegative: false)
      if let power = trial.power(degree), !Self.isSmaller(limbs, power.limbs) { root = trial }
    }
    return root.power(degree) == self ? root : nil
  }

  /// A power; nil where it is too large.
  func power(_ exponent: Int) -> BigInteger? {
    guard exponent >= 0, limbs.count <= 1 && (limbs.first ?? 0) <= 1 || exponent <= Self.bitLimit
    else {
      return nil
    }
    guard bitWidth <= 1 || (bitWidth - 1) * exponent <= Self.bitLimit else { return nil }
    var (base, result, rest) = (self, BigInteger(1), exponent)
    while rest > 0 {
      if rest & 1 == 1 {
        guard let next = Self.product(result, base) else { return nil }
        result = next
      }
      rest >>= 1
      if rest > 0 {
        guard let next = Self.product(base, base) else { return nil }
        base = next
      }
    }
    return result
  }

  private mutating func trim() {
    while limbs.last == 0 { limbs.removeLast() }
    if limbs.isEmpty { isNegative = false }
  }

  static func isSmaller(_ a: [UInt32], _ b: [UInt32]) -> Bool {
    if a.count != b.count { return a.count < b.count }
    for index in a.indices.reversed() where a[index] != b[index] { return a[index] < b[index] }
    return false
  }

  private static func sum(_ a: [UInt32], _ b: [UInt32]) -> [UInt32] {
    var limbs: [UInt32] = []
    limbs.reserveCapacity(max(a.count, b.count) + 1)
    var carry: UInt64 = 0
    for index in 0..<max(a.count, b.count) {
      let value =
        carry + UInt64(index < a.count ? a[index] : 0) + UInt64(index < b.count ? b[index] : 0)
      limbs.append(UInt32(truncatingIfNeeded: value))
      carry = value >> 32
    }
    if carry > 0 { limbs.append(UInt32(carry)) }
    return limbs
  }

  /// a - b for a >= b.
  private static func difference(_ a: [UInt32], _ b: [UInt32]) -> [UInt32] {
    var limbs = a
    var borrow: Int64 = 0
    for index in a.indices {
      let value = Int64(a[index]) - borrow - (index < b.count ? Int64(b[index]) : 0)
      limbs[index] = UInt32(truncatingIfNeeded: value)
      borrow = value < 0 ? 1 : 0
    }
    return limbs
  }

  private static func shifted(_ limbs: [UInt32], _ bits: Int) -> [UInt32] {
    let (whole, part) = (bits / 32, UInt32(bits % 32))
    var result = [UInt32](repeating: 0, count: whole)
    var carry: UInt32 = 0
    for limb in limbs {
      result.append(part == 0 ? limb : limb << part | carry)
      carry = part == 0 ? 0 : limb >> (32 - part)
    }
    if carry > 0 { result.append(carry) }
    return result
  }
}

extension BigInteger: Comparable {
  static func < (a: BigInteger, b: BigInteger) -> Bool {
    if a.isNegative != b.isNegative { return a.isNegative }
    return a.isNegative ? isSmaller(b.limbs, a.limbs) : isSmaller(a.limbs, b.limbs)
  }
}
