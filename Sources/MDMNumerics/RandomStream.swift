/// A named, counter-based stream of random numbers.
///
/// The draws depend only on the five parts of its name, never on what other streams did before:
/// adding a domain, a cell or a thread moves nobody else's draws. There is no global generator.
///
/// Source: Philox4x32-10, Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
public struct RandomStream: RandomNumberGenerator, Sendable {
  private let key: SIMD2<UInt32>
  private let lane: UInt64
  private var block: UInt64 = 0
  private var buffer = SIMD4<UInt32>()
  private var used = 4

  /// Names a stream.
  ///
  /// - Parameters:
  ///   - seed: The experiment's seed.
  ///   - purpose: What the draws decide, such as `"sampling"` or `"order"`.
  ///   - domain: The dataset or benchmark that they belong to, empty where there is none.
  ///   - index: The example, step or row.
  ///   - sample: The completion or repetition within it.
  public init(
    seed: UInt64, purpose: String, domain: String = "", index: Int = 0, sample: Int = 0
  ) {
    var name = Self.hash(purpose, from: 0x9E37_79B9_7F4A_7C15 ^ Self.mix(seed))
    name = Self.hash(domain, from: Self.mix(name &+ 1))
    key = SIMD2(UInt32(truncatingIfNeeded: name), UInt32(truncatingIfNeeded: name >> 32))
    lane = Self.mix(
      Self.mix(UInt64(bitPattern: Int64(index)) ^ name) &+ UInt64(bitPattern: Int64(sample)))
  }

  /// The next 32 random bits.
  public mutating func next32() -> UInt32 {
    if used == 4 {
      buffer = Self.philox(
        SIMD4(
          UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32),
          UInt32(truncatingIfNeeded: lane), UInt32(truncatingIfNeeded: lane >> 32)),
        key)
      block &+= 1
      used = 0
    }
    defer { used += 1 }
    return buffer[used]
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let low = UInt64(next32())
    return low | UInt64(next32()) << 32
  }

  /// A number in [0, 1) with 53 random bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A whole number in `0..<bound`, without modulo bias.
  ///
  /// Source: Lemire, "Fast random integer generation in an interval", TOMACS 2019.
  public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0, "a bound of at least 1 is an invariant of the callers")
    let range = UInt64(bound)
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      let threshold = (0 &- range) % range
      while product.low < threshold { product = next().multipliedFullWidth(by: range) }
    }
    return Int(product.high)
  }

  /// A whole number of a closed range.
  public mutating func integer(in range: ClosedRange<Int>) -> Int {
    range.lowerBound + integer(below: range.count)
  }

  /// One element; the collection is not empty.
  public mutating func element<T>(of items: [T]) -> T { items[integer(below: items.count)] }

  /// The items in a random order (Fisher-Yates).
  public mutating func shuffled<T>(_ items: [T]) -> [T] {
    var result = items
    for i in stride(from: result.count - 1, to: 0, by: -1) {
      result.swapAt(i, integer(below: i + 1))
    }
    return result
  }

  private static func mix(_ value: UInt64) -> UInt64 {  // splitmix64's finaliser
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  private static func hash(_ text: String, from start: UInt64) -> UInt64 {  // FNV-1a, then mixed
    var h = start ^ 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { h = (h ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return mix(h)
  }

  /// The block function, public so that its known-answer test can call it.
  public static func philox(_ counter: SIMD4<UInt32>, _ key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var c = counter
    var k = key
    for _ in 0..<10 {
      let a = UInt64(0xD251_1F53) * UInt64(c.x)
      let b = UInt64(0xCD9E_8D57) * UInt64(c.z)
      c = SIMD4(
        UInt32(truncatingIfNeeded: b >> 32) ^ c.y ^ k.x, UInt32(truncatingIfNeeded: b),
        UInt32(truncatingIfNeeded: a >> 32) ^ c.w ^ k.y, UInt32(truncatingIfNeeded: a))
      k = SIMD2(k.x &+ 0x9E37_79B9, k.y &+ 0xBB67_AE85)
    }
    return c
  }
}
