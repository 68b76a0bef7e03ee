/// A picture as data: what is shown, apart from how it is drawn.
public struct Figure: Sendable, Equatable {
  /// The kinds of picture.
  public indirect enum Content: Sendable, Equatable {
    case chart(Chart)
    case ternary(TernaryMap)
    case bars(BarChart)
    case heat(HeatMap)
    /// Small figures side by side, row by row.
    case panels([Figure], columns: Int)
  }

  /// The bold line above the picture; empty for none.
  public var title: String
  /// What is shown.
  public var content: Content
  /// One small line under the picture: sample sizes, what a band means, the source.
  public var note: String
  /// Width and height of the picture in pixels at scale one; `nil` takes what the content asks for.
  public var size: Size?

  /// A picture's width and height in pixels.
  public struct Size: Sendable, Equatable {
    /// Pixels from left to right.
    public var width: Int
    /// Pixels from top to bottom.
    public var height: Int

    /// A size in pixels at scale one.
    public init(width: Int, height: Int) {
      self.width = width
      self.height = height
    }
  }

  /// A figure; the title may be empty.
  public init(title: String, content: Content, note: String = "", size: Size? = nil) {
    self.title = title
    self.content = content
    self.note = note
    self.size = size
  }

  /// The size that the content asks for.
  public var naturalSize: Size {
    if let size { return size }
    switch content {
    case .chart(let chart):
      guard chart.showsDiagonal else { return Size(width: 820, height: 480) }
      // A square, and beside it the names where there are some to tell apart.
      let names = chart.showsLegend && chart.series.count > 1 ? chart.series.map(\.name.count) : []
      return Size(width: 560 + (names.max().map { 50 + 8 * min($0, 30) } ?? 0), height: 560)
    case .ternary:
      return Size(width: 680, height: 580)
    case .bars(let bars):
      let rows = bars.categories.count * (bars.groups.count + 1)
      return Size(width: 760, height: min(max(130 + 17 * rows, 220), 2000))
    case .heat(let map):
      let (columns, rows) = (Double(map.columns.count), Double(map.rows.count))
      let cell = max(Double((map.columns.map(\.count).max() ?? 0)) * 8.5, 64)
      let names = Double(min(map.rows.map(\.count).max() ?? 0, 30)) * 8
      return Size(
        width: min(Int(names + columns * cell) + 140, 2000),
        height: min(Int(rows * 34) + 110, 2000))
    case .panels(let figures, let columns):
      let across = max(1, min(columns, figures.count))
      let down = max(1, (figures.count + across - 1) / across)
      let wide = figures.contains { if case .chart = $0.content { false } else { true } }
      let cell = wide ? Size(width: 520, height: 440) : Size(width: 270, height: 215)
      let extra = (title.isEmpty ? 0 : 34) + (note.isEmpty ? 0 : 24)
      return Size(
        width: min(across * cell.width, 4000), height: min(down * cell.height + extra, 6000))
    }
  }

  /// The gnuplot script that draws the figure, data included: what is sent, in readable form.
  /// - Throws: ``PlotError/invalidFigure(_:)`` where the figure contradicts itself.
  public func gnuplotScript(terminal: PlotTerminal) throws(PlotError) -> String {
    try script(for: terminal).text
  }
}
