/// A small generator (SplitMix64) that gives the same numbers everywhere, so that a case of fuzzing
/// can be made again from its seed.
public struct RandomNumbers {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  /// The numbers of one case: near seeds and indices give unrelated ones.
  public init(seed: UInt64, index: UInt64) {
    var mixing = RandomNumbers(seed: seed ^ (index &* 0xD134_2543_DE82_EF95))
    state = mixing.word()
  }

  private mutating func word() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 up to a bound, which is at least 1.
  public mutating func next(_ bound: Int) -> Int { Int(word() % UInt64(max(1, bound))) }

  /// True once in so many times.
  public mutating func oneIn(_ count: Int) -> Bool { next(count) == 0 }

  /// One of some items; nil where there are none.
  public mutating func pick<Item>(_ items: some RandomAccessCollection<Item>) -> Item? {
    guard !items.isEmpty else { return nil }
    return items[items.index(items.startIndex, offsetBy: next(items.count))]
  }
}
