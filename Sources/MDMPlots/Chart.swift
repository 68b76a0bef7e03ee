/// Lines and points over two axes.
public struct Chart: Sendable, Equatable {
  /// The horizontal axis.
  public var x: Axis
  /// The vertical axis.
  public var y: Axis
  /// What is drawn, in the order of the legend.
  public var series: [Series]
  /// Whether the line y = x is drawn; both axes then share one range and one scale.
  public var showsDiagonal: Bool
  /// Horizontal reference lines, each with a text at its right end.
  public var references: [Reference]
  /// Whether series are named beside or outside the plot.
  public var showsLegend: Bool

  /// A horizontal line at a value worth comparing with.
  public struct Reference: Sendable, Equatable {
    /// The text at the line.
    public var name: String
    /// The value that the line stands at.
    public var value: Double

    /// A reference line.
    public init(_ name: String, at value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// A chart of series over two axes.
  public init(
    x: Axis = Axis(), y: Axis = Axis(), series: [Series], showsDiagonal: Bool = false,
    references: [Reference] = [], showsLegend: Bool = true
  ) {
    self.x = x
    self.y = y
    self.series = series
    self.showsDiagonal = showsDiagonal
    self.references = references
    self.showsLegend = showsLegend
  }

  /// One small chart for each series, with all the others grey behind it and the axes shared.
  public func facets() -> [Figure] {
    let shownX = x.range ?? Extent.of(series.flatMap(\.xValues), on: x, padding: 0)
    let shownY = y.range ?? Extent.of(series.flatMap(\.yValues), on: y, padding: 0.04)
    return series.indices.filter { series[$0].emphasis != .context }.map { index in
      var panel = self
      panel.x.range = shownX
      panel.y.range = shownY
      panel.showsLegend = false
      panel.series = series.indices.filter { $0 != index }.map {
        var other = series[$0]
        other.emphasis = .context
        other.interval = nil
        other.xInterval = nil
        other.labels = []
        return other
      }
      var chosen = series[index]
      chosen.emphasis = .strong
      // One colour for all: a panel's title names its series, colours would only distract.
      chosen.colorIndex = chosen.colorIndex ?? 0
      panel.series.append(chosen)
      return Figure(title: chosen.name, content: .chart(panel))
    }
  }
}

extension Series {
  var xValues: [Double] { x + (mark == .scatter ? (xInterval.map { $0.low + $0.high } ?? []) : []) }
  var yValues: [Double] { y + (interval.map { $0.low + $0.high } ?? []) }
}
