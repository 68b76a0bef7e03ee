/// Arithmetic modulo the prime 2^61 - 1.
///
/// Two rational functions that agree at a random point of this field are the same but for a chance
/// of degree / 2^61.
///
/// Source: Schwartz, "Fast probabilistic algorithms for verification of polynomial identities",
/// JACM 1980.
struct PrimeField {
  static let prime: UInt64 = (1 << 61) - 1

  static func reduce(_ value: Int) -> UInt64 {
    let rest = value.magnitude % UInt(prime)
    return value < 0 && rest > 0 ? prime - UInt64(rest) : UInt64(rest)
  }

  func add(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let sum = a + b
    return sum >= Self.prime ? sum - Self.prime : sum
  }

  func negate(_ a: UInt64) -> UInt64 { a == 0 ? 0 : Self.prime - a }

  func multiply(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let (high, low) = a.multipliedFullWidth(by: b)
    let sum = (low & Self.prime) + (high << 3 | low >> 61)
    return sum >= Self.prime ? sum - Self.prime : sum
  }

  func power(_ base: UInt64, _ exponent: UInt64) -> UInt64 {
    var (base, result, rest) = (base, UInt64(1), exponent)
    while rest > 0 {
      if rest & 1 == 1 { result = multiply(result, base) }
      base = multiply(base, base)
      rest >>= 1
    }
    return result
  }

  func inverse(_ a: UInt64) -> UInt64 { power(a, Self.prime - 2) }

  /// A value that looks random and depends on the words only.
  static func hash(_ words: UInt64...) -> UInt64 { mix(words) }

  static func mix(_ words: [UInt64]) -> UInt64 {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    for word in words {
      state ^= word
      // Source: SplitMix64, Steele, Lea and Flood, OOPSLA 2014.
      state = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
      state = (state ^ state >> 27) &* 0x94D0_49BB_1331_11EB
      state ^= state >> 31
      state &+= 0x9E37_79B9_7F4A_7C15
    }
    return state % prime
  }

  static func hash(_ text: String, _ seed: UInt64) -> UInt64 {
    var state: UInt64 = 14_695_981_039_346_656_037
    for byte in text.utf8 { state = (state ^ UInt64(byte)) &* 1_099_511_628_211 }
    return hash(state, seed)
  }
}
