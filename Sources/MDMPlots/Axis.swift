/// One axis of a chart: what it measures and which stretch of it is shown.
public struct Axis: Sendable, Equatable {
  /// What the axis measures, with its unit.
  public var label: String
  /// The stretch shown; `nil` takes what the data need.
  public var range: ClosedRange<Double>?
  /// Whether equal distances are equal factors.
  public var isLogarithmic: Bool
  /// Whether tick labels are percentages of one.
  public var isPercent: Bool

  /// An axis; its range follows the data unless one is given.
  public init(
    _ label: String = "", range: ClosedRange<Double>? = nil, isLogarithmic: Bool = false,
    isPercent: Bool = false
  ) {
    self.label = label
    self.range = range
    self.isLogarithmic = isLogarithmic
    self.isPercent = isPercent
  }
}
