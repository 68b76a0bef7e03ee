extension Chart {
  /// Draws the axes, the series and their names inside a frame.
  func draw(in frame: Frame, of drawing: inout Drawing) {
    var xRange = x.range ?? Extent.of(series.flatMap(\.xValues), on: x, padding: xPadding)
    let yValues = series.flatMap(\.yValues) + references.map(\.value)
    var yRange = y.range ?? Extent.of(yValues, on: y, padding: 0.05)
    if showsDiagonal && x.range == nil && y.range == nil {
      let both =
        min(
          xRange.lowerBound, yRange.lowerBound)...max(xRange.upperBound, yRange.upperBound)
      (xRange, yRange) = (both, both)
    }
    let yTicks = Ticks(
      over: yRange, on: y, count: tickCount(frame.height, each: drawing.pixels(55, cells: 3)))
    let named = namedSeries
    let labelsAtEnds = !drawing.isText && named.count > 1 && named.allSatisfy { $0.1.mark == .line }
    let legendNames = showsLegend && named.count > 1 ? named.map(\.1.name) : []

    // The box that the axes enclose.
    let lineHeight = drawing.lineHeight
    let tickWidth = yTicks.labels.map(drawing.textWidth).max() ?? 0
    let hasSideLabel = !y.label.isEmpty && !drawing.isText
    var box = frame
    box.left += tickWidth + drawing.pixels(12, cells: 2) + (hasSideLabel ? lineHeight * 1.25 : 0)
    let legendRoom = min(
      legendNames.map(drawing.textWidth).max().map { $0 + drawing.pixels(34, cells: 7) } ?? 0,
      frame.width * 0.4)
    let referenceRoom =
      references.map { drawing.textWidth($0.name) + drawing.pixels(8, cells: 1) }.max() ?? 0
    box.width =
      frame.right - box.left - max(legendRoom, referenceRoom, drawing.pixels(14, cells: 1))
    box.bottom += lineHeight * (drawing.isText ? 1 : 1.4) + (x.label.isEmpty ? 0 : lineHeight * 1.1)
    box.height = frame.top - box.bottom - drawing.pixels(6, cells: 0)
    if drawing.isText && !y.label.isEmpty {
      drawing.label(y.label, x: frame.left, y: frame.top - 0.6)
      box.height -= 1
    }
    box = drawing.usable(box)
    if showsDiagonal && !drawing.isText {
      let side = min(box.width, box.height)
      box.bottom = box.top - side
      (box.width, box.height) = (side, side)
    }
    let scale = Scale(x: xRange, y: yRange, xAxis: x, yAxis: y, box: box)
    let xTicks = fittingTicks(xRange, room: box.width, drawing)

    setAxes(xTicks, yTicks, xRange, yRange, box, frame, &drawing)
    if showsDiagonal {
      let low = max(xRange.lowerBound, yRange.lowerBound)
      let high = min(xRange.upperBound, yRange.upperBound)
      if low < high && !drawing.isText {
        drawing.line(
          from: scale.place(low, low), to: scale.place(high, high), color: Palette.reference,
          lineWidth: 1.2, dash: "(6,5)", layer: "back")
      }
    }
    for reference in references where yRange.contains(reference.value) {
      let y = scale.place(xRange.lowerBound, reference.value).y
      if !drawing.isText {
        drawing.line(
          from: (box.left, y), to: (box.right, y), color: Palette.reference, lineWidth: 1.2,
          dash: "(6,5)", layer: "back")
      }
      drawing.label(
        reference.name, x: box.right + drawing.pixels(6, cells: 1), y: y, color: Palette.muted)
    }
    if !drawing.isText { placePointLabels(scale, &drawing) }
    if labelsAtEnds && showsLegend {
      placeEndLabels(named, scale, frame, &drawing)
    } else if !legendNames.isEmpty {
      // A key line needs a little more than a line of text; gnuplot counts from the key's corner.
      drawing.script.add(
        "set key at \(drawing.at(box.right + drawing.pixels(4, cells: 1), box.top)) left top"
          + " Left reverse samplen \(drawing.isText ? "3" : "1.2") spacing 1.15 width 0")
    }
    plot(scale, showsKey: !legendNames.isEmpty && !labelsAtEnds, &drawing)
  }

  /// The series that have a name to show, with the colour each takes.
  private var namedSeries: [(Int, Series)] {
    colored.filter { $0.1.emphasis != .context && !$0.1.name.isEmpty }
  }

  /// The series with their colour numbers; grey ones take none.
  private var colored: [(Int, Series)] {
    var next = 0
    return series.map { item in
      if let chosen = item.colorIndex { return (abs(chosen), item) }
      if item.emphasis == .context { return (0, item) }
      next += 1
      return (next - 1, item)
    }
  }

  private var xPadding: Double { series.contains { $0.mark == .scatter } ? 0.05 : 0 }

  private func tickCount(_ room: Double, each: Double) -> Int { min(max(Int(room / each), 2), 8) }

  /// As many ticks as leave air between their labels.
  private func fittingTicks(_ range: ClosedRange<Double>, room: Double, _ drawing: Drawing) -> Ticks
  {
    var count = tickCount(room, each: drawing.pixels(75, cells: 10))
    while true {
      let ticks = Ticks(over: range, on: x, count: count)
      let widest = (ticks.labels.map(drawing.textWidth).max() ?? 0) + 2 * drawing.charWidth
      if count <= 2 || widest * Double(ticks.labels.count) <= room { return ticks }
      count -= 1
    }
  }

  private func setAxes(
    _ xTicks: Ticks, _ yTicks: Ticks, _ xRange: ClosedRange<Double>, _ yRange: ClosedRange<Double>,
    _ box: Frame, _ frame: Frame, _ drawing: inout Drawing
  ) {
    drawing.setBox(box)
    drawing.script.add("set xrange [\(xRange.lowerBound):\(xRange.upperBound)]")
    drawing.script.add("set yrange [\(yRange.lowerBound):\(yRange.upperBound)]")
    if x.isLogarithmic { drawing.script.add("set logscale x") }
    if y.isLogarithmic { drawing.script.add("set logscale y") }
    drawing.axesStyle(grid: showsDiagonal ? "xtics ytics" : "ytics")
    drawing.ticks(xTicks, axis: "x")
    drawing.ticks(yTicks, axis: "y")
    let lineHeight = drawing.lineHeight
    let xLabelY = drawing.isText ? box.bottom - 1.6 : box.bottom - lineHeight * 2
    drawing.label(x.label, x: box.centerX, y: xLabelY, align: .center)
    if !drawing.isText {
      let left = showsDiagonal ? box.left - (tickRoom(yTicks, drawing)) : frame.left
      drawing.label(
        y.label, x: left + lineHeight * 0.5, y: box.centerY, align: .center, rotation: 90)
    }
  }

  private func tickRoom(_ ticks: Ticks, _ drawing: Drawing) -> Double {
    (ticks.labels.map(drawing.textWidth).max() ?? 0) + 12 + drawing.lineHeight * 1.25
  }

  /// The plot command with its data: bands under lines, lines under points.
  private func plot(_ scale: Scale, showsKey: Bool, _ drawing: inout Drawing) {
    var bands: [String] = []
    var lines: [String] = []
    var points: [String] = []
    let bandCount = series.count { $0.interval != nil && $0.mark == .line }
    let opacity = bandCount > 6 ? 0.09 : bandCount > 3 ? 0.13 : 0.18
    // Grey series first: they are the background.
    let ordered =
      colored.filter { $0.1.emphasis == .context } + colored.filter { $0.1.emphasis != .context }
    for (number, item) in ordered where !item.x.isEmpty {
      let isContext = item.emphasis == .context
      let color = isContext ? Palette.context : Palette.color(number)
      let title =
        showsKey && !isContext && !item.name.isEmpty
        ? "title \(GnuplotScript.quoted(item.name))" : "notitle"
      switch item.mark {
      case .line:
        if let band = item.interval, !drawing.isText {
          let data = drawing.script.addData([item.x, band.low, band.high])
          bands.append(
            "\(data) using 1:2:3 with filledcurves fs transparent solid \(opacity) noborder"
              + " lc rgb '\(color)' notitle")
        }
        if drawing.isText {
          let inked = inkedLine(item, scale)
          let data = drawing.script.addData([inked.x, inked.y])
          let letter = isContext ? "." : Self.letter(number, of: namedSeries.count)
          lines.append("\(data) using 1:2 with points pt '\(letter)' \(title)")
          continue
        }
        let data = drawing.script.addData([item.x, item.y])
        let width = isContext ? 1.0 : item.emphasis == .strong ? 2.6 : 1.8
        let style = "lc rgb '\(color)' lw \(width) dt \(isContext ? "solid" : Palette.dash(number))"
        lines.append("\(data) using 1:2 with lines \(style) \(title)")
      case .scatter:
        points += scatter(item, color: color, number: number, title: title, &drawing)
      }
    }
    if drawing.isText && showsDiagonal { bands.append("x with lines lt 0 notitle") }
    let parts = bands + lines + points
    drawing.script.add("plot " + (parts.isEmpty ? "NaN notitle" : parts.joined(separator: ", ")))
  }

  /// The letter that stands for a series in text.
  private static func letter(_ number: Int, of count: Int) -> String {
    guard count > 1 else { return "*" }
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return String(letters[number % letters.count])
  }

  /// A line as one point for each column of text it passes.
  private func inkedLine(_ item: Series, _ scale: Scale) -> (x: [Double], y: [Double]) {
    var (xs, ys): ([Double], [Double]) = ([], [])
    for index in item.x.indices where item.x[index].isFinite && item.y[index].isFinite {
      if index > 0, item.x[index - 1].isFinite, item.y[index - 1].isFinite {
        let from = scale.place(item.x[index - 1], item.y[index - 1])
        let to = scale.place(item.x[index], item.y[index])
        let cells = max(abs(to.x - from.x), abs(to.y - from.y))
        let steps = cells.isFinite ? min(max(Int(cells.rounded(.up)), 1), 1000) : 1
        for step in 1..<max(steps, 1) {
          let share = Double(step) / Double(steps)
          xs.append(x.between(item.x[index - 1], item.x[index], at: share))
          ys.append(y.between(item.y[index - 1], item.y[index], at: share))
        }
      }
      xs.append(item.x[index])
      ys.append(item.y[index])
    }
    return (xs, ys)
  }

  private func scatter(
    _ item: Series, color: String, number: Int, title: String, _ drawing: inout Drawing
  ) -> [String] {
    let isContext = item.emphasis == .context
    let size = isContext ? 0.5 : item.emphasis == .strong ? 1.1 : 0.8
    var parts: [String] = []
    if !drawing.isText && (item.interval != nil || item.xInterval != nil) {
      let none = Series.Interval(low: item.x, high: item.x)
      let flat = Series.Interval(low: item.y, high: item.y)
      let xError = item.xInterval ?? none
      let yError = item.interval ?? flat
      let data = drawing.script.addData([
        item.x, item.y, xError.low, xError.high, yError.low, yError.high,
      ])
      // The second digit pair from the left is transparency: bars recede behind their points.
      let faint = "#70" + color.dropFirst()
      parts.append("\(data) using 1:2:3:4:5:6 with xyerrorbars pt 0 lc rgb '\(faint)' lw 1 notitle")
    }
    let data = drawing.script.addData([item.x, item.y])
    guard !drawing.isText else {
      let letter = isContext ? "." : Self.letter(number, of: namedSeries.count)
      return parts + ["\(data) using 1:2 with points pt '\(letter)' \(title)"]
    }
    let shape = Palette.point(number)
    parts.append(
      "\(data) using 1:2 with points pt \(shape) ps \(size + 0.25) lc rgb 'white' notitle")
    parts.append("\(data) using 1:2 with points pt \(shape) ps \(size) lc rgb '\(color)' \(title)")
    return parts
  }
}
