/// One named row of points in a chart.
public struct Series: Sendable, Equatable {
  /// How the points are drawn.
  public enum Mark: Sendable, Equatable {
    /// A line through the points in their order; points that are not finite break it.
    case line
    /// A mark at each point.
    case scatter
  }

  /// How much the series asks for attention.
  public enum Emphasis: Sendable, Equatable {
    case normal
    /// A thicker line or a larger mark.
    case strong
    /// Thin and grey, without a name: the background against which others are read.
    case context
  }

  /// A low and a high value for each point.
  public struct Interval: Sendable, Equatable {
    /// The low ends.
    public var low: [Double]
    /// The high ends.
    public var high: [Double]

    /// Intervals by their ends.
    public init(low: [Double], high: [Double]) {
      self.low = low
      self.high = high
    }

    /// The values plus and minus one half-width each.
    public init(around values: [Double], halfWidth: [Double]) {
      low = zip(values, halfWidth).map { $0 - $1 }
      high = zip(values, halfWidth).map { $0 + $1 }
    }
  }

  /// The name in the legend; empty for none.
  public var name: String
  /// Horizontal values.
  public var x: [Double]
  /// Vertical values, as many as horizontal ones.
  public var y: [Double]
  /// Whether the points are joined.
  public var mark: Mark
  /// A band around a line, or vertical error bars at the points of a scatter.
  public var interval: Interval?
  /// Horizontal error bars; drawn for a scatter only.
  public var xInterval: Interval?
  /// A text beside each point of a scatter; empty for none.
  public var labels: [String]
  /// How much the series asks for attention.
  public var emphasis: Emphasis
  /// Which colour and dash to take; `nil` counts the series through.
  public var colorIndex: Int?

  /// A line with an optional band.
  public static func line(
    _ name: String, x: [Double], y: [Double], band: Interval? = nil,
    emphasis: Emphasis = .normal, colorIndex: Int? = nil
  ) -> Series {
    Series(
      name: name, x: x, y: y, mark: .line, interval: band, xInterval: nil, labels: [],
      emphasis: emphasis, colorIndex: colorIndex)
  }

  /// Points with optional error bars and labels.
  public static func scatter(
    _ name: String, x: [Double], y: [Double], xErrors: Interval? = nil, yErrors: Interval? = nil,
    labels: [String] = [], emphasis: Emphasis = .normal, colorIndex: Int? = nil
  ) -> Series {
    Series(
      name: name, x: x, y: y, mark: .scatter, interval: yErrors, xInterval: xErrors,
      labels: labels, emphasis: emphasis, colorIndex: colorIndex)
  }
}
