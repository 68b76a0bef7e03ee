extension TernaryMap {
  /// Draws the triangle with its colours, level lines, shares, points and maximum.
  func draw(in frame: Frame, of drawing: inout Drawing) {
    let lineHeight = drawing.lineHeight
    let finite = (samples + points.compactMap(\.value)).filter(\.isFinite)
    var (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
    if high - low <= max(abs(low), abs(high)) * 1e-12 {
      // A level map lies in the middle of a scale that is as wide as an empty axis.
      let level = Extent.of([low], on: Axis(), padding: 0)
      (low, high) = (level.lowerBound, level.upperBound)
    }
    // Room for the shares beside the sides, the corners' names and the colour scale.
    var box = frame
    let side = drawing.pixels(46, cells: 6)
    let barRoom = drawing.pixels(110, cells: 0)
    box.left += side
    box.width -= 2 * side + barRoom
    let lines = drawing.isText ? 4.0 : 5.4
    box.bottom += lineHeight * (drawing.isText ? 2 : 3.6)
    box.height -= lineHeight * lines
    box = drawing.usable(box)
    if !drawing.isText {
      let height = min(box.height, box.width * 0.75.squareRoot())
      let width = height / 0.75.squareRoot()
      box.left += (box.width - width) / 2
      box.bottom += (box.height - height) / 2
      (box.width, box.height) = (width, height)
    }
    drawing.setBox(box)
    drawing.script.add("set xrange [0:1]")
    drawing.script.add("set yrange [0:\(0.75.squareRoot())]")
    for item in ["border", "grid", "xtics", "ytics"] { drawing.script.add("unset \(item)") }
    corners(box, &drawing)
    if marksOptimum, let best = marked {
      let text =
        "maximum \(decimal(best.value, places: places(low, high))) at "
        + zip(domains, [best.mixture.first, best.mixture.second, best.mixture.third])
        .map { "\($0) \(decimal($1 * 100, places: 0))%" }.joined(separator: ", ")
      drawing.label(
        drawing.fitted(text, in: frame.width - drawing.pixels(25, cells: 2)),
        x: frame.left + drawing.pixels(25, cells: 2), y: frame.bottom + lineHeight * 0.5)
      if drawing.isText {
        drawing.label("*", x: frame.left, y: frame.bottom + lineHeight * 0.5)
      }
    }
    if drawing.isText {
      plotText(low: low, high: high, &drawing)
    } else {
      let lines = sides(box, &drawing)
      plotColors(lines, low: low, high: high, box: box, frame: frame, &drawing)
    }
  }

  private var marked: (mixture: Mixture, value: Double)? {
    if let optimum { return (optimum, value(at: optimum)) }
    return largestSample
  }

  private func places(_ low: Double, _ high: Double) -> Int {
    let step = Ticks.roundStep(span: high - low, count: 10)
    return step >= 1 ? 1 : step >= 0.1 ? 2 : 3
  }

  private func corners(_ box: Frame, _ drawing: inout Drawing) {
    let lineHeight = drawing.lineHeight
    let up = drawing.isText ? 0.6 : lineHeight * 0.9
    let below = drawing.isText ? 0.8 : lineHeight * 2.45
    drawing.label(
      domains[0], x: box.centerX, y: box.top + up, align: .center, isBold: true)
    drawing.label(domains[1], x: box.left, y: box.bottom - below, align: .center, isBold: true)
    drawing.label(domains[2], x: box.right, y: box.bottom - below, align: .center, isBold: true)
  }

  /// Shares along the three sides, with light lines of equal share across the map.
  /// - Returns: the lines' plot parts: they must lie under the points.
  private func sides(_ box: Frame, _ drawing: inout Drawing) -> [String] {
    var grid: [[Double]] = [[], [], [], []]
    var edges: [[Double]] = [[], [], [], []]
    func add(_ from: Mixture, _ to: Mixture, to lines: inout [[Double]]) {
      let (start, end) = (from.place, to.place)
      for (column, value) in [start.x, start.y, end.x - start.x, end.y - start.y].enumerated() {
        lines[column].append(value)
      }
    }
    func point(_ mixture: Mixture) -> (x: Double, y: Double) {
      let place = mixture.place
      return (
        box.left + place.x * box.width, box.bottom + place.y / 0.75.squareRoot() * box.height
      )
    }
    let half = 0.75.squareRoot()
    // For each domain: the side its shares stand at, the far end of a share's line, and the
    // direction in which that line leaves the triangle.
    let rays: [(start: (Double) -> Mixture, end: (Double) -> Mixture, out: (Double, Double))] = [
      ({ Mixture($0, 1 - $0, 0) }, { Mixture($0, 0, 1 - $0) }, (-1, 0)),
      ({ Mixture(0, $0, 1 - $0) }, { Mixture(1 - $0, $0, 0) }, (0.5, -half)),
      ({ Mixture(1 - $0, 0, $0) }, { Mixture(0, 1 - $0, $0) }, (0.5, half)),
    ]
    for (index, ray) in rays.enumerated() {
      for step in stride(from: 20, through: 80, by: 20) {
        let share = Double(step) / 100
        let start = point(ray.start(share))
        add(ray.start(share), ray.end(share), to: &grid)
        let tip = (x: start.x + ray.out.0 * 6, y: start.y + ray.out.1 * 6)
        drawing.line(from: start, to: tip, color: Palette.frame, lineWidth: 1)
        let at = (x: start.x + ray.out.0 * 11, y: start.y + ray.out.1 * 15)
        drawing.label(
          "\(step)", x: at.x, y: at.y, align: index == 0 ? .right : .left,
          color: Palette.muted, isSmall: true)
      }
    }
    let pure = [Mixture(1, 0, 0), Mixture(0, 1, 0), Mixture(0, 0, 1)]
    for (from, to) in [(0, 1), (1, 2), (2, 0)] { add(pure[from], pure[to], to: &edges) }
    let corners = pure.map(point)
    // The name of the share that each side counts, read in the direction in which it grows.
    let middle = 34.0
    drawing.label(
      "\(domains[0]) (%) →", x: (corners[0].x + corners[1].x) / 2 - middle * half,
      y: (corners[0].y + corners[1].y) / 2 + middle * 0.5, align: .center, color: Palette.muted,
      rotation: 60)
    drawing.label(
      "← \(domains[1]) (%)", x: (corners[1].x + corners[2].x) / 2,
      y: corners[1].y - middle, align: .center, color: Palette.muted)
    drawing.label(
      "\(domains[2]) (%) →", x: (corners[0].x + corners[2].x) / 2 + (middle + 6) * half,
      y: (corners[0].y + corners[2].y) / 2 + (middle + 6) * 0.5, align: .center,
      color: Palette.muted, rotation: -60)
    return [(grid, "#C0FFFFFF", 0.8), (edges, Palette.text, 1.2)].map { lines, color, width in
      "\(drawing.script.addData(lines)) using 1:2:(0):3:4:(0) with vectors nohead"
        + " lc rgb '\(color)' lw \(width) notitle"
    }
  }

  private func plotColors(
    _ lines: [String], low: Double, high: Double, box: Frame, frame: Frame, _ drawing: inout Drawing
  ) {
    let ticks = Ticks(over: low...high, on: Axis(), count: 6)
    let barLeft = frame.right - (ticks.labels.map(drawing.textWidth).max() ?? 0) - 34
    let colors = Palette.heat.enumerated().map { "\($0) '\($1)'" }.joined(separator: ", ")
    drawing.script.add("set palette defined (\(colors))")
    drawing.script.add("set cbrange [\(low):\(high)]")
    let barBottom = box.bottom + box.height * 0.42
    drawing.script.add(
      "set colorbox user origin \(drawing.at(barLeft, barBottom)) size "
        + drawing.at(14, box.top - barBottom) + " noborder")
    let places = zip(ticks.labels, ticks.places).map { "\(GnuplotScript.quotedTick($0)) \($1)" }
    drawing.script.add("set cbtics scale 0.3 (\(places.joined(separator: ", ")))")
    drawing.label(
      valueLabel, x: frame.right - 4, y: box.top + drawing.lineHeight * 0.9, align: .right)
    drawing.script.add("set view map")
    drawing.script.add("set pm3d map corners2color mean")
    drawing.script.add("set pm3d noborder")
    // Finer patches where they cost no file size.
    if drawing.isRaster { drawing.script.add("set pm3d interpolate 3,3") }

    var parts: [String] = []
    parts.append(surface(&drawing))
    let segments = levelLines(at: ticks.places)
    if !segments[0].isEmpty {
      let data = drawing.script.addData(segments)
      parts.append(
        "\(data) using 1:2:(0):3:4:(0) with vectors nohead lc rgb '#90FFFFFF' lw 1 notitle")
    }
    parts += lines
    if let region {
      // A dark line on a light one is seen on every colour.
      let outline = levelLines(at: [region])
      if !outline[0].isEmpty {
        let data = drawing.script.addData(outline)
        for (color, width) in [("#FFFFFF", 4.0), (Palette.optimum, 2.2)] {
          parts.append(
            "\(data) using 1:2:(0):3:4:(0) with vectors nohead lc rgb '\(color)' lw \(width) notitle"
          )
        }
      }
    }
    if !points.isEmpty {
      let places = points.map(\.mixture.place)
      let data = drawing.script.addData([
        places.map(\.x), places.map(\.y), points.map { $0.value ?? .nan },
      ])
      parts.append("\(data) using 1:2:(0) with points pt 7 ps 1.25 lc rgb 'white' notitle")
      parts.append("\(data) using 1:2:(0) with points pt 7 ps 1.0 lc rgb 'black' notitle")
      parts.append("\(data) using 1:2:(0):3 with points pt 7 ps 0.75 lc palette notitle")
      for point in points where !point.label.isEmpty {
        let place = point.mixture.place
        drawing.label(
          point.label, x: box.left + place.x * box.width + 8,
          y: box.bottom + place.y / 0.75.squareRoot() * box.height + 7, color: Palette.onDark,
          isSmall: true)
      }
    }
    if marksOptimum, let best = marked {
      let place = best.mixture.place
      let data = drawing.script.addData([[place.x], [place.y]])
      parts.append("\(data) using 1:2:(0) with points pt 13 ps 2.4 lc rgb 'white' notitle")
      parts.append(
        "\(data) using 1:2:(0) with points pt 13 ps 1.7 lc rgb '\(Palette.optimum)' notitle")
      // The same mark before the caption, as its key.
      let key =
        "set label '' at \(drawing.at(frame.left + 8, frame.bottom + drawing.lineHeight / 2))"
      drawing.script.add(key + " point pt 13 ps 1.5 lc rgb '\(Palette.optimum)' front")
    }
    drawing.script.add("splot " + parts.joined(separator: ", "))
    drawing.script.add("unset pm3d")
    drawing.script.add("unset view")
  }

  /// The rows of samples as a surface of quadrilaterals; blank lines part the rows.
  private func surface(_ drawing: inout Drawing) -> String {
    let side = resolution + 1
    var columns: [[Double]] = [[], [], []]
    for row in 0..<side {
      for column in 0..<side {
        let place = Self.mixture(row: row, column: column, resolution: resolution).place
        columns[0].append(place.x)
        columns[1].append(place.y)
        columns[2].append(samples[row * side + column])
      }
    }
    let data = drawing.script.addData(columns, rowLength: side)
    return "\(data) using 1:2:3 with pm3d notitle"
  }

  /// Start and direction of the pieces of level lines, found on the triangles between samples.
  private func levelLines(at levels: [Double]) -> [[Double]] {
    let side = resolution + 1
    var columns: [[Double]] = [[], [], [], []]
    func corner(_ row: Int, _ column: Int) -> (x: Double, y: Double, value: Double) {
      let place = Self.mixture(row: row, column: column, resolution: resolution).place
      return (place.x, place.y, samples[row * side + column])
    }
    for row in 0..<resolution {
      for column in 0..<resolution {
        let cell = [
          corner(row, column), corner(row, column + 1), corner(row + 1, column),
          corner(row + 1, column + 1),
        ]
        guard cell.allSatisfy(\.value.isFinite) else { continue }
        for triangle in [[cell[0], cell[1], cell[2]], [cell[1], cell[3], cell[2]]] {
          for level in levels {
            var crossings: [(x: Double, y: Double)] = []
            for (a, b) in [(0, 1), (1, 2), (2, 0)] {
              let (from, to) = (triangle[a], triangle[b])
              guard (from.value < level) != (to.value < level) else { continue }
              let share = (level - from.value) / (to.value - from.value)
              crossings.append(
                (from.x + share * (to.x - from.x), from.y + share * (to.y - from.y)))
            }
            guard crossings.count == 2 else { continue }
            columns[0].append(crossings[0].x)
            columns[1].append(crossings[0].y)
            columns[2].append(crossings[1].x - crossings[0].x)
            columns[3].append(crossings[1].y - crossings[0].y)
          }
        }
      }
    }
    return columns
  }

  /// Five shades of characters in place of colours.
  private func plotText(low: Double, high: Double, _ drawing: inout Drawing) {
    let shades = [".", ":", "+", "%", "@"]
    var bins: [([Double], [Double])] = Array(repeating: ([], []), count: shades.count)
    let side = resolution + 1
    for row in 0..<side {
      for column in 0..<side where samples[row * side + column].isFinite {
        let share = (samples[row * side + column] - low) / (high - low)
        let bin = min(max(Int(share * Double(shades.count)), 0), shades.count - 1)
        let place = Self.mixture(row: row, column: column, resolution: resolution).place
        bins[bin].0.append(place.x)
        bins[bin].1.append(place.y)
      }
    }
    var parts: [String] = []
    for (shade, bin) in zip(shades, bins) where !bin.0.isEmpty {
      let data = drawing.script.addData([bin.0, bin.1])
      parts.append("\(data) using 1:2 with points pt '\(shade)' notitle")
    }
    if !points.isEmpty {
      let places = points.map(\.mixture.place)
      let data = drawing.script.addData([places.map(\.x), places.map(\.y)])
      parts.append("\(data) using 1:2 with points pt 'o' notitle")
    }
    if marksOptimum, let best = marked {
      let place = best.mixture.place
      let data = drawing.script.addData([[place.x], [place.y]])
      parts.append("\(data) using 1:2 with points pt '*' notitle")
    }
    let count = low < high ? shades.count : 1
    for (index, shade) in shades.prefix(count).enumerated() {
      let from = low + (high - low) * Double(index) / Double(count)
      drawing.label(
        "\(shade) \(decimal(from, places: places(low, high)))+", x: drawing.frame.right - 1,
        y: drawing.frame.top - 2.5 - Double(count - 1 - index), align: .right)
    }
    drawing.script.add("plot " + (parts.isEmpty ? "NaN notitle" : parts.joined(separator: ", ")))
  }
}
