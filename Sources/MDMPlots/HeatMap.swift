/// A matrix of numbers as coloured cells with the numbers in them, rows and columns named.
public struct HeatMap: Sendable, Equatable {
  /// Names of the rows, from top to bottom.
  public var rows: [String]
  /// Names of the columns, from left to right.
  public var columns: [String]
  /// A list for each row with a value for each column; what is not finite stays blank.
  public var values: [[Double]]
  /// What the numbers mean.
  public var valueLabel: String
  /// The value without a colour, such as 0 for differences; `nil` colours from least to greatest.
  public var center: Double?
  /// Decimals of the numbers in the cells.
  public var decimals: Int

  /// A matrix with its names.
  public init(
    rows: [String], columns: [String], values: [[Double]], valueLabel: String = "",
    center: Double? = nil, decimals: Int = 3
  ) {
    self.rows = rows
    self.columns = columns
    self.values = values
    self.valueLabel = valueLabel
    self.center = center
    self.decimals = decimals
  }

  /// The values that the ends of the colours stand for; equal distances from a center.
  var range: (low: Double, high: Double) {
    let finite = values.flatMap { $0 }.filter(\.isFinite)
    let (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
    guard let center else { return low < high ? (low, high) : (low - 0.5, high + 0.5) }
    let reach = max(abs(low - center), abs(high - center))
    return reach > 0 ? (center - reach, center + reach) : (center - 0.5, center + 0.5)
  }
}

extension HeatMap {
  /// Draws the cells inside a frame.
  func draw(in frame: Frame, of drawing: inout Drawing) {
    let places = min(max(decimals, 0), 6)
    let texts = values.map { $0.map { $0.isFinite ? decimal($0, places: places) : "" } }
    let lineHeight = drawing.lineHeight
    let nameRoom = min((rows.map(drawing.textWidth).max() ?? 0), frame.width * 0.35)
    var box = frame
    box.left += nameRoom + drawing.pixels(10, cells: 1)
    let barRoom = drawing.pixels(86, cells: 0)
    box.width = frame.right - box.left - barRoom
    let head = lineHeight * (drawing.isText ? 1 : 1.3)
    box.height -= head + (valueLabel.isEmpty || drawing.isText ? 0 : lineHeight)
    box = drawing.usable(box)
    drawing.setBox(box)
    let (low, high) = range
    for item in ["border", "grid", "xtics", "ytics"] { drawing.script.add("unset \(item)") }
    drawing.script.add("set xrange [-0.5:\(Double(columns.count) - 0.5)]")
    drawing.script.add("set yrange [\(Double(rows.count) - 0.5):-0.5]")
    let cell = (
      width: box.width / Double(columns.count), height: box.height / Double(rows.count)
    )
    func middle(_ row: Int, _ column: Int) -> (x: Double, y: Double) {
      (
        box.left + (Double(column) + 0.5) * cell.width,
        box.top - (Double(row) + 0.5) * cell.height
      )
    }
    for (row, name) in rows.enumerated() {
      drawing.label(
        drawing.fitted(name, in: nameRoom + drawing.charWidth * 0.5),
        x: box.left - drawing.pixels(8, cells: 1), y: middle(row, 0).y, align: .right)
    }
    for (column, name) in columns.enumerated() {
      drawing.label(
        drawing.fitted(name, in: cell.width - drawing.pixels(2, cells: 1)),
        x: middle(0, column).x, y: box.top + drawing.pixels(lineHeight * 0.6, cells: 0),
        align: .center)
    }
    // Numbers that do not fit are left out of pictures: the colour remains.
    let widest = texts.flatMap { $0 }.map(drawing.textWidth).max() ?? 0
    let hasRoom =
      drawing.isText || (widest <= cell.width - 4 && cell.height >= lineHeight * 0.9)
    for (row, line) in texts.enumerated() where hasRoom {
      for (column, text) in line.enumerated() {
        let at = middle(row, column)
        let share = (values[row][column] - low) / (high - low)
        drawing.label(
          text, x: at.x, y: at.y, align: .center,
          color: isDark(share) ? Palette.onDark : Palette.onLight)
      }
    }
    guard !drawing.isText else {
      drawing.script.add("plot NaN notitle")
      return
    }
    colors(low: low, high: high, box: box, frame: frame, &drawing)
  }

  /// Whether a cell of a colour wants white text.
  private func isDark(_ share: Double) -> Bool {
    center == nil ? share < 0.55 : abs(share - 0.5) > 0.36
  }

  private func colors(
    low: Double, high: Double, box: Frame, frame: Frame, _ drawing: inout Drawing
  ) {
    let palette = center == nil ? Palette.heat : Palette.diverging
    let colors = palette.enumerated().map { "\($0) '\($1)'" }.joined(separator: ", ")
    drawing.script.add("set palette defined (\(colors))")
    drawing.script.add("set cbrange [\(low):\(high)]")
    drawing.script.add(
      "set colorbox user origin \(drawing.at(box.right + 14, box.bottom)) size "
        + drawing.at(14, box.height) + " noborder")
    let ticks = Ticks(over: low...high, on: Axis(), count: 5)
    let places = zip(ticks.labels, ticks.places).map { "\(GnuplotScript.quotedTick($0)) \($1)" }
    drawing.script.add("set cbtics scale 0.3 (\(places.joined(separator: ", ")))")
    drawing.label(
      valueLabel, x: frame.right - 4, y: frame.top - drawing.lineHeight * 0.4, align: .right,
      color: Palette.muted)
    var data: [[Double]] = Array(repeating: [], count: 7)
    for row in rows.indices {
      for column in columns.indices where values[row][column].isFinite {
        let (x, y) = (Double(column), Double(row))
        for (index, value) in [
          x, y, x - 0.485, x + 0.485, y - 0.47, y + 0.47, values[row][column],
        ].enumerated() {
          data[index].append(value)
        }
      }
    }
    drawing.script.add(
      "plot \(drawing.script.addData(data)) using 1:2:3:4:5:6:7 with boxxyerror fs solid 1 noborder"
        + " lc palette notitle")
  }

  /// Refuses a matrix that is none.
  func validate() throws(PlotError) {
    guard !rows.isEmpty, !columns.isEmpty, rows.count <= 200, columns.count <= 200 else {
      throw .invalidFigure("a heat map of \(rows.count) rows and \(columns.count) columns")
    }
    guard values.count == rows.count, values.allSatisfy({ $0.count == columns.count }) else {
      throw .invalidFigure(
        "a heat map has no value for each of \(rows.count) rows and \(columns.count) columns")
    }
    let all = values.flatMap { $0 } + (center.map { [$0] } ?? [])
    if let value = all.first(where: { $0.isFinite && abs($0) > 1e300 }) {
      throw .invalidFigure("the heat map holds \(value), which no colour can reach")
    }
    guard all.contains(where: \.isFinite) else {
      throw .invalidFigure("there is no finite value to colour")
    }
  }
}
