/// A rectangle of the picture, in pixels at scale one or in cells, with the origin at the lower left.
struct Frame: Equatable {
  var left: Double
  var bottom: Double
  var width: Double
  var height: Double

  var right: Double { left + width }
  var top: Double { bottom + height }
  var centerX: Double { left + width / 2 }
  var centerY: Double { bottom + height / 2 }

  func overlaps(_ other: Frame) -> Bool {
    left < other.right && other.left < right && bottom < other.top && other.bottom < top
  }
}

/// A picture in the making: the script so far, and the measures of a character.
///
/// Everything is placed by number here instead of by gnuplot's layout, which cuts long names and
/// lets legends cover data.
struct Drawing {
  enum Alignment: String {
    case left
    case center
    case right
  }

  let width: Double
  let height: Double
  /// The mean width of a character and the distance of two lines of text.
  let charWidth: Double
  let lineHeight: Double
  let isText: Bool
  /// Whether the picture is made of pixels.
  let isRaster: Bool
  var script = GnuplotScript()

  init(size: Figure.Size, terminal: PlotTerminal) {
    if case .png = terminal { isRaster = true } else { isRaster = false }
    if case .text(let columns, let rows, _) = terminal {
      (width, height) = (Double(columns), Double(rows))
      (charWidth, lineHeight, isText) = (1, 1, true)
    } else {
      (width, height) = (Double(size.width), Double(size.height))
      (charWidth, lineHeight, isText) = (7.7, 17, false)
    }
  }

  /// The whole picture without its border.
  var frame: Frame {
    let border = isText ? 0.0 : 12
    return Frame(
      left: border, bottom: border, width: width - 2 * border, height: height - 2 * border)
  }

  /// A length in pixels, or a number of cells where there are no pixels.
  func pixels(_ count: Double, cells: Double) -> Double { isText ? cells : count }

  func textWidth(_ text: String) -> Double { Double(text.unicodeScalars.count) * charWidth }

  /// The text, cut with an ellipsis where it needs more than `room`.
  func fitted(_ text: String, in room: Double) -> String {
    let count = max(Int(room / charWidth), 4)
    return text.unicodeScalars.count <= count ? text : String(text.prefix(count - 1)) + "…"
  }

  func at(_ x: Double, _ y: Double) -> String {
    // Cells are counted from the middle of the first to the middle of the last.
    if isText {
      let column = min(max(x.rounded(), 0), width - 1) / (width - 1)
      let row = min(max(y.rounded(.down), 0), height - 1) / (height - 1)
      return "screen \(decimal(column, places: 5)),\(decimal(row, places: 5))"
    }
    return "screen \(decimal(x / width, places: 5)),\(decimal(y / height, places: 5))"
  }

  // MARK: Parts that every plot uses

  /// Forgets what the plot before it has set.
  mutating func beginPlot(in box: Frame) {
    for thing in ["label", "arrow", "object", "key", "xtics", "ytics", "colorbox", "logscale"] {
      script.add("unset \(thing)")
    }
    setBox(box)
  }

  /// Puts the axes around a box.
  mutating func setBox(_ box: Frame) {
    script.add("set lmargin at screen \(decimal(box.left / width, places: 5))")
    script.add("set rmargin at screen \(decimal(box.right / width, places: 5))")
    script.add("set bmargin at screen \(decimal(box.bottom / height, places: 5))")
    script.add("set tmargin at screen \(decimal(box.top / height, places: 5))")
  }

  /// The box, or one that can still be drawn in where names and labels have taken all the room.
  func usable(_ box: Frame) -> Frame {
    var box = box
    let least = pixels(20, cells: 3)
    box.left = max(min(box.left, width - least - 1), 0)
    box.bottom = max(min(box.bottom, height - least - 1), 0)
    box.width = max(box.width, least)
    box.height = max(box.height, least)
    return box
  }

  /// Writes a text at a place of the picture, or at the height of a value on the y axis.
  mutating func label(
    _ text: String, x: Double, y: Double, align: Alignment = .left, color: String = Palette.text,
    isBold: Bool = false, isSmall: Bool = false, rotation: Int = 0, dataY: Double? = nil
  ) {
    guard !text.isEmpty else { return }
    let place = dataY.map {
      "screen \(decimal(x / max(width - (isText ? 1 : 0), 1), places: 5)), first \($0)"
    }
    var line = "set label \(GnuplotScript.quoted(text)) at \(place ?? at(x, y)) \(align.rawValue)"
    if rotation != 0 && !isText { line += " rotate by \(rotation)" }
    if !isText {
      line += " textcolor rgb '\(color)'"
      if isBold { line += " font 'DejaVu Sans:Bold'" }
      if isSmall { line += " font ',\(smallFontSize)'" }
    }
    script.add(line + " front")
  }

  mutating func line(
    from: (x: Double, y: Double), to: (x: Double, y: Double), color: String, lineWidth: Double,
    dash: String = "solid", layer: String = "front"
  ) {
    script.add(
      "set arrow from \(at(from.x, from.y)) to \(at(to.x, to.y)) nohead \(layer)"
        + " lc rgb '\(color)' lw \(lineWidth) dt \(dash)")
  }

  mutating func ticks(_ ticks: Ticks, axis: String) {
    let places = zip(ticks.labels, ticks.places).map { "\(GnuplotScript.quotedTick($0)) \($1)" }
    script.add(
      "set \(axis)tics nomirror scale \(isText ? "1" : "0.4") (\(places.joined(separator: ", ")))"
        + (isText ? "" : " textcolor rgb '\(Palette.text)'"))
  }

  /// Light lines at the ticks, an axis at the left and below.
  mutating func axesStyle(grid: String) {
    script.add("set border 3 lc rgb '\(Palette.frame)' lw 1")
    if isText {
      script.add("unset grid")
    } else {
      script.add("set grid \(grid) back lt 1 dt solid lc rgb '\(Palette.grid)' lw 0.8")
    }
  }

  private var smallFontSize: Int { fontSize == 10 ? 8 : 11 }
  var fontSize = 10

  /// Draws a figure's title and note and answers what room is left for its content.
  mutating func decorated(_ figure: Figure, in frame: Frame, isPanel: Bool) -> Frame {
    var room = frame
    if !figure.title.isEmpty {
      let y = frame.top - lineHeight * 0.6
      let title = fitted(figure.title, in: frame.width / (isText ? 1 : 1.12))
      label(title, x: frame.left + pixels(4, cells: 0), y: y, isBold: true)
      room.height -= lineHeight * (isText ? 1 : isPanel ? 1.35 : 1.7)
    }
    if !figure.note.isEmpty {
      label(
        fitted(figure.note, in: frame.width * (isText ? 1 : 1.25)),
        x: frame.left + pixels(4, cells: 0), y: frame.bottom + lineHeight * 0.35,
        color: Palette.muted, isSmall: true)
      let used = lineHeight * (isText ? 1 : 1.3)
      room.bottom += used
      room.height -= used
    }
    return room
  }
}
