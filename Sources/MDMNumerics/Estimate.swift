/// A number with the interval in which it is believed to lie.
public struct Estimate: Equatable, Sendable {
  /// The best single value.
  public let value: Double
  /// The lower end of the interval.
  public let lower: Double
  /// The upper end of the interval.
  public let upper: Double
  /// The share of such intervals that cover the truth, such as 0.95.
  public let level: Double
  /// How many values it rests on.
  public let count: Int

  /// An estimate from its parts.
  public init(value: Double, lower: Double, upper: Double, level: Double, count: Int) {
    self.value = value
    self.lower = lower
    self.upper = upper
    self.level = level
    self.count = count
  }

  /// Whether the interval leaves zero out.
  public var excludesZero: Bool { lower > 0 || upper < 0 }
}
