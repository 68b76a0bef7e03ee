extension Figure {
  /// The steps that draw the figure on a terminal.
  func script(for terminal: PlotTerminal) throws(PlotError) -> GnuplotScript {
    try validate()
    let size = naturalSize
    guard (100...20_000).contains(size.width), (80...20_000).contains(size.height) else {
      throw .invalidFigure(
        "a picture of \(size.width) by \(size.height) pixels is too small or too large")
    }
    if case .text(let columns, let rows, _) = terminal {
      guard (20...2000).contains(columns), (8...1000).contains(rows) else {
        throw .invalidFigure("\(columns) by \(rows) cells are too few or too many to draw in")
      }
    }
    var drawing = Drawing(size: size, terminal: terminal)
    if case .svg = terminal { drawing.fontSize = 13 }
    drawing.script.add("set encoding utf8")
    drawing.script.add(terminal.command(size: size))
    draw(in: drawing.frame, of: &drawing)
    return drawing.script
  }

  private func draw(in frame: Frame, of drawing: inout Drawing) {
    if case .panels(let figures, let columns) = content {
      drawPanels(figures, columns: columns, in: frame, of: &drawing)
    } else {
      // The labels that `decorated` sets must follow `beginPlot`, which clears the plot before.
      drawSingle(in: frame, of: &drawing, isPanel: false)
    }
  }

  private func drawSingle(in frame: Frame, of drawing: inout Drawing, isPanel: Bool) {
    drawing.beginPlot(in: frame)
    let room = drawing.decorated(self, in: frame, isPanel: isPanel)
    switch content {
    case .chart(let chart): chart.draw(in: room, of: &drawing)
    case .ternary(let map): map.draw(in: room, of: &drawing)
    case .bars(let bars): bars.draw(in: room, of: &drawing)
    case .heat(let map): map.draw(in: room, of: &drawing)
    case .panels: break  // validation refuses panels within panels
    }
  }

  private func drawPanels(
    _ figures: [Figure], columns: Int, in frame: Frame, of drawing: inout Drawing
  ) {
    let across = max(1, min(columns, figures.count))
    let down = (figures.count + across - 1) / across
    drawing.script.add("set multiplot")
    drawing.beginPlot(in: frame)
    var room = drawing.decorated(self, in: frame, isPanel: false)
    var panels = figures
    if let shared = Self.sharedLabels(of: figures) {
      let charHeight = drawing.lineHeight
      if !shared.y.isEmpty && !drawing.isText {
        drawing.label(
          shared.y, x: room.left + charHeight * 0.5, y: room.centerY, align: .center, rotation: 90)
        room.left += charHeight
        room.width -= charHeight
      }
      if !shared.x.isEmpty {
        drawing.label(
          shared.x, x: room.centerX, y: room.bottom + charHeight * 0.5, align: .center)
        room.bottom += charHeight
        room.height -= charHeight
      }
      panels = figures.map { $0.withoutAxisLabels }
    }
    // An empty plot carries the labels of the whole.
    drawing.script.add("unset border")
    drawing.script.add("set xrange [0:1]")
    drawing.script.add("set yrange [0:1]")
    drawing.script.add("plot NaN notitle")
    let gap = drawing.pixels(14, cells: 1)
    let width = (room.width - gap * Double(across - 1)) / Double(across)
    let height = (room.height - gap * Double(down - 1)) / Double(down)
    for (index, panel) in panels.enumerated() {
      let cell = Frame(
        left: room.left + Double(index % across) * (width + gap),
        bottom: room.top - Double(index / across) * (height + gap) - height, width: width,
        height: height)
      panel.drawSingle(in: cell, of: &drawing, isPanel: true)
    }
    drawing.script.add("unset multiplot")
  }

  /// The axis labels that all panels share, to be written once.
  private static func sharedLabels(of figures: [Figure]) -> (x: String, y: String)? {
    var labels: (x: String, y: String)?
    for figure in figures {
      guard case .chart(let chart) = figure.content else { return nil }
      if let labels, labels != (chart.x.label, chart.y.label) { return nil }
      labels = (chart.x.label, chart.y.label)
    }
    return figures.count > 1 ? labels : nil
  }

  private var withoutAxisLabels: Figure {
    guard case .chart(var chart) = content else { return self }
    chart.x.label = ""
    chart.y.label = ""
    var copy = self
    copy.content = .chart(chart)
    return copy
  }
}
