import Glibc

extension Figure {
  /// The figure drawn with Braille's dots, eight to a character; nil where it is no chart of lines
  /// and points.
  ///
  /// - Parameters:
  ///   - columns: the terminal's width; `rows` defaults to a readable share of it.
  ///   - isColored: tells series apart by colours too; their names stand at their right ends.
  /// - Throws: ``PlotError/invalidFigure(_:)`` where the figure contradicts itself.
  public func braille(
    columns: Int, rows: Int? = nil, isColored: Bool = false
  ) throws(PlotError) -> String? {
    guard case .chart(let chart) = content else { return nil }
    try validate()
    let width = min(max(columns, 30), 400)
    let drawing = BrailleChart(
      chart: chart, columns: width, rows: min(max(rows ?? min(width / 5, 20), 5), 100),
      isColored: isColored)
    var lines: [String] = []
    if !title.isEmpty {
      let blanks = String(repeating: " ", count: max(0, (width - title.count) / 2))
      lines.append(blanks + (isColored ? "\u{1b}[1m\(title)\u{1b}[0m" : title))
    }
    lines += drawing.lines()
    if !note.isEmpty { lines.append(note) }
    return lines.map { $0 + "\n" }.joined()
  }
}

/// One chart on its way to text.
private struct BrailleChart {
  let chart: Chart
  let columns: Int
  let rows: Int
  let isColored: Bool
  let xRange: ClosedRange<Double>
  let yRange: ClosedRange<Double>

  /// Eight colours of a terminal's 256, near those of pictures.
  private static let colors = [33, 202, 36, 175, 214, 81, 250, 244]
  private static let grey = 244

  init(chart: Chart, columns: Int, rows: Int, isColored: Bool) {
    self.chart = chart
    self.columns = columns
    self.rows = rows
    self.isColored = isColored
    var x = chart.x.range ?? Extent.of(chart.series.flatMap(\.xValues), on: chart.x, padding: 0)
    let values = chart.series.flatMap(\.yValues) + chart.references.map(\.value)
    var y = chart.y.range ?? Extent.of(values, on: chart.y, padding: 0.02)
    if chart.showsDiagonal, chart.x.range == nil, chart.y.range == nil {
      let both = min(x.lowerBound, y.lowerBound)...max(x.upperBound, y.upperBound)
      (x, y) = (both, both)
    }
    (xRange, yRange) = (x, y)
  }

  func lines() -> [String] {
    let yTicks = Ticks(over: yRange, on: chart.y, count: max(2, rows / 4))
    let labelWidth = yTicks.labels.map(\.count).max() ?? 0
    let names = names
    let nameWidth = min(names.map(\.name.count).max() ?? 0, columns / 3)
    let across = max(10, columns - labelWidth - 2 - (nameWidth > 0 ? nameWidth + 1 : 0) - 1)
    var canvas = BrailleCanvas(columns: across, rows: rows)
    draw(on: &canvas)
    let ends = placed(names, canvas)
    var ticks: [Int: String] = [:]
    for (place, label) in zip(yTicks.places, yTicks.labels) {
      if let y = dot(place, yRange, chart.y, canvas.height) {
        ticks[(canvas.height - 1 - y) / 4] = label
      }
    }
    var lines: [String] = []
    if !chart.y.label.isEmpty { lines.append(chart.y.label) }
    for row in 0..<rows {
      let label = ticks[row] ?? ""
      let blanks = String(repeating: " ", count: labelWidth - label.count)
      var line = blanks + label + (label.isEmpty ? " │" : " ┤")
      line += canvas.text(row: row) { paint($0, $1) }
      if let end = ends[row] { line += " " + paint(String(end.name.prefix(nameWidth)), end.color) }
      lines.append(Self.trimmed(line))
    }
    lines.append(String(repeating: " ", count: labelWidth + 1) + "└" + xRuler(across).ruler)
    lines.append(
      Self.trimmed(String(repeating: " ", count: labelWidth + 2) + xRuler(across).labels))
    if !chart.x.label.isEmpty {
      let blanks = labelWidth + 2 + max(0, (across - chart.x.label.count) / 2)
      lines.append(String(repeating: " ", count: blanks) + chart.x.label)
    }
    return lines
  }

  // MARK: Series

  /// The colour of each series; grey ones take none of the palette.
  private var colored: [(series: Series, color: Int)] {
    var next = 0
    return chart.series.map { series in
      if series.emphasis == .context { return (series, Self.grey) }
      let index = series.colorIndex.map { abs($0) } ?? next
      if series.colorIndex == nil { next += 1 }
      return (series, Self.colors[index % Self.colors.count])
    }
  }

  /// What is named at the right: series, where there are several, and reference lines.
  private var names: [(name: String, color: Int, value: Double)] {
    var names = chart.references.filter { !$0.name.isEmpty }.map { ($0.name, Self.grey, $0.value) }
    let shown = colored.filter { $0.series.emphasis != .context && !$0.series.name.isEmpty }
    guard chart.showsLegend, shown.count > 1 else { return names }
    for (series, color) in shown {
      guard let last = series.y.last(where: \.isFinite) else { continue }
      names.append((series.name, color, last))
    }
    return names
  }

  /// The names by row: each at its value or as near below or above as there is room.
  private func placed(
    _ names: [(name: String, color: Int, value: Double)], _ canvas: BrailleCanvas
  ) -> [Int: (name: String, color: Int)] {
    var rows: [Int: (name: String, color: Int)] = [:]
    for (name, color, value) in names.sorted(by: { $0.value > $1.value }) {
      let y = dot(value, yRange, chart.y, canvas.height) ?? 0
      let wanted = (canvas.height - 1 - y) / 4
      let free = (0..<canvas.rows).filter { rows[$0] == nil }
      guard let row = free.min(by: { abs($0 - wanted) < abs($1 - wanted) }) else { break }
      rows[row] = (name, color)
    }
    return rows
  }

  private func draw(on canvas: inout BrailleCanvas) {
    for reference in chart.references {
      if let y = dot(reference.value, yRange, chart.y, canvas.height) {
        canvas.line(from: (0, y), to: (canvas.width - 1, y), color: Self.grey, stride: 3)
      }
    }
    if chart.showsDiagonal {
      canvas.line(
        from: (0, 0), to: (canvas.width - 1, canvas.height - 1), color: Self.grey, stride: 3)
    }
    let ordered =
      colored.filter { $0.color == Self.grey } + colored.filter { $0.color != Self.grey }
    for (series, color) in ordered {
      if let interval = series.interval, series.mark == .line {
        join(series.x, interval.low, on: &canvas, color: color, stride: 4)
        join(series.x, interval.high, on: &canvas, color: color, stride: 4)
      }
      switch series.mark {
      case .line: join(series.x, series.y, on: &canvas, color: color, stride: 1)
      case .scatter: scatter(series, on: &canvas, color: color)
      }
    }
  }

  private func join(
    _ x: [Double], _ y: [Double], on canvas: inout BrailleCanvas, color: Int, stride: Int
  ) {
    var previous: (x: Int, y: Int)?
    for (x, y) in zip(x, y) {
      guard let point = point(x, y, canvas) else {
        previous = nil
        continue
      }
      canvas.line(from: previous ?? point, to: point, color: color, stride: stride)
      previous = point
    }
  }

  private func scatter(_ series: Series, on canvas: inout BrailleCanvas, color: Int) {
    for index in series.y.indices {
      guard let (x, y) = point(series.x[index], series.y[index], canvas) else { continue }
      // Four dots: a single one is hard to see.
      for (right, up) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
        canvas.set(x + right, y + up, color: color)
      }
      if let interval = series.interval,
        let low = point(series.x[index], interval.low[index], canvas),
        let high = point(series.x[index], interval.high[index], canvas)
      {
        canvas.line(from: low, to: high, color: color, stride: 2)
      }
      if let interval = series.xInterval,
        let low = point(interval.low[index], series.y[index], canvas),
        let high = point(interval.high[index], series.y[index], canvas)
      {
        canvas.line(from: low, to: high, color: color, stride: 2)
      }
    }
  }

  // MARK: Places

  private func point(_ x: Double, _ y: Double, _ canvas: BrailleCanvas) -> (x: Int, y: Int)? {
    guard let across = dot(x, xRange, chart.x, canvas.width),
      let up = dot(y, yRange, chart.y, canvas.height)
    else { return nil }
    return (across, up)
  }

  /// The dot of a value; nil where it has none. Values beyond the axis lie beyond the canvas.
  private func dot(
    _ value: Double, _ range: ClosedRange<Double>, _ axis: Axis, _ count: Int
  ) -> Int? {
    guard value.isFinite, !axis.isLogarithmic || value > 0 else { return nil }
    let scale: (Double) -> Double = axis.isLogarithmic ? { log10($0) } : { $0 }
    let (low, high) = (scale(range.lowerBound), scale(range.upperBound))
    let share = (scale(value) - low) / (high - low)
    return Int((min(max(share, -1), 2) * Double(count - 1)).rounded())
  }

  /// The line below the box with its ticks, and their labels.
  private func xRuler(_ across: Int) -> (ruler: String, labels: String) {
    var ruler = Array(repeating: Character("─"), count: across)
    var labels: [Character] = Array(repeating: " ", count: across + 6)
    let ticks = Ticks(over: xRange, on: chart.x, count: max(2, across / 14))
    var end = -1
    for (place, label) in zip(ticks.places, ticks.labels) {
      guard let x = dot(place, xRange, chart.x, across), x >= 0, x < across else { continue }
      ruler[x] = "┬"
      let start = min(max(0, x - label.count / 2), labels.count - label.count)
      guard start > end, start >= 0 else { continue }
      for (offset, character) in label.enumerated() { labels[start + offset] = character }
      end = start + label.count
    }
    return (String(ruler), String(labels))
  }

  private func paint(_ text: String, _ color: Int) -> String {
    isColored && color >= 0 ? "\u{1b}[38;5;\(color)m\(text)\u{1b}[0m" : text
  }

  private static func trimmed(_ text: String) -> String {
    var text = text
    while text.last == " " { text.removeLast() }
    return text
  }
}
