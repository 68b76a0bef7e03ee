/// Named values with intervals, one row each, names readable at the left.
public struct BarChart: Sendable, Equatable {
  /// How a value is drawn.
  public enum Mark: Sendable, Equatable {
    /// A bar from zero.
    case bar
    /// A point; the axis need not hold zero.
    case point
  }

  /// One value with its interval.
  public struct Bar: Sendable, Equatable {
    /// The value itself.
    public var value: Double
    /// The low end of its interval.
    public var low: Double
    /// The high end of its interval.
    public var high: Double

    /// A value and the ends of its interval; both default to the value itself.
    public init(_ value: Double, low: Double? = nil, high: Double? = nil) {
      self.value = value
      self.low = low ?? value
      self.high = high ?? value
    }
  }

  /// One bar for each category, in one colour.
  public struct Group: Sendable, Equatable {
    /// The name in the legend.
    public var name: String
    /// One bar for each category, in their order.
    public var bars: [Bar]

    /// A group of bars under one name.
    public init(_ name: String, bars: [Bar]) {
      self.name = name
      self.bars = bars
    }
  }

  /// The rows from top to bottom.
  public var categories: [String]
  /// One or more values for each row; two or more are drawn as pairs and named in a legend.
  public var groups: [Group]
  /// The axis of the values.
  public var axis: Axis
  /// Whether values are bars from zero or points.
  public var mark: Mark
  /// A vertical line to compare with, such as the uniform mixture.
  public var reference: Chart.Reference?
  /// Categories drawn in a stronger colour.
  public var highlighted: Set<String>
  /// How many decimals the numbers at the right have; `nil` prints none.
  public var decimals: Int?

  /// A bar chart; every group has one bar for each category.
  public init(
    categories: [String], groups: [Group], axis: Axis = Axis(), mark: Mark = .bar,
    reference: Chart.Reference? = nil, highlighted: Set<String> = [], decimals: Int? = 3
  ) {
    self.categories = categories
    self.groups = groups
    self.axis = axis
    self.mark = mark
    self.reference = reference
    self.highlighted = highlighted
    self.decimals = decimals
  }
}
