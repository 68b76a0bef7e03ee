extension BarChart {
  /// Draws the rows, their intervals and the numbers at the right.
  func draw(in frame: Frame, of drawing: inout Drawing) {
    let all = groups.flatMap(\.bars).flatMap { [$0.value, $0.low, $0.high] }
    let needed = all + (mark == .bar ? [0] : []) + (reference.map { [$0.value] } ?? [])
    var range = axis.range ?? Extent.of(needed, on: axis, padding: 0.05)
    if axis.range == nil && mark == .bar {
      // Bars start at zero: no air between a bar's foot and the axis.
      let low = all.contains { $0 < 0 } ? range.lowerBound : 0
      let high = all.contains { $0 > 0 } ? range.upperBound : 0
      range = low...max(high, low + 1e-9)
    }
    let lineHeight = drawing.lineHeight
    let nameRoom = min(
      (categories.map(drawing.textWidth).max() ?? 0) * (highlighted.isEmpty ? 1 : 1.08),
      frame.width * 0.4)
    let numbers = numberTexts(withIntervals: drawing.isText)
    let numberRoom = numbers.flatMap { $0 }.map(drawing.textWidth).max() ?? 0
    let hasLegend = groups.count > 1
    let referenceName = reference?.name ?? ""

    var box = frame
    box.left += nameRoom + drawing.pixels(12, cells: 2)
    box.width = frame.right - box.left - max(numberRoom, 0) - drawing.pixels(18, cells: 2)
    box.bottom +=
      lineHeight * (drawing.isText ? 1 : 1.5) + (axis.label.isEmpty ? 0 : lineHeight * 1.1)
    box.height =
      frame.top - box.bottom - (hasLegend ? lineHeight * 1.2 : 0)
      - (referenceName.isEmpty ? 0 : lineHeight)
    box = drawing.usable(box)
    drawing.setBox(box)

    let rows = Double(categories.count)
    drawing.script.add("set xrange [\(range.lowerBound):\(range.upperBound)]")
    drawing.script.add("set yrange [\(rows - 0.5):-0.5]")
    drawing.axesStyle(grid: "xtics")
    drawing.script.add("set border \(range.contains(0) && range.lowerBound < 0 ? 1 : 3)")
    let tickCount = max(2, min(7, Int(box.width / drawing.pixels(75, cells: 10))))
    drawing.ticks(Ticks(over: range, on: axis, count: tickCount), axis: "x")
    drawing.script.add("unset ytics")
    let scale = Scale(x: range, y: 0...1, xAxis: axis, yAxis: Axis(), box: box)
    for (row, name) in categories.enumerated() {
      drawing.label(
        drawing.fitted(name, in: nameRoom + drawing.charWidth * 0.5),
        x: box.left - drawing.pixels(8, cells: 2), y: 0, align: .right,
        isBold: highlighted.contains(name), dataY: Double(row))
    }
    drawing.label(
      axis.label, x: box.centerX, y: box.bottom - (drawing.isText ? 1.6 : lineHeight * 2),
      align: .center)
    let band = 0.78 / Double(groups.count)
    for (group, texts) in numbers.enumerated() {
      for (row, text) in texts.enumerated() {
        drawing.label(
          text, x: frame.right - drawing.pixels(4, cells: 1), y: 0, align: .right,
          color: Palette.muted, dataY: Double(row) + offset(of: group, band: band))
      }
    }
    if range.contains(0) && range.lowerBound < 0 && !drawing.isText {
      let x = scale.place(0, 0).x
      drawing.line(
        from: (x, box.bottom), to: (x, box.top), color: Palette.frame, lineWidth: 1)
    }
    if let reference, range.contains(reference.value) {
      let x = scale.place(reference.value, 0).x
      drawing.line(
        from: (x, box.bottom), to: (x, box.top), color: Palette.reference, lineWidth: 1.2,
        dash: drawing.isText ? "solid" : "(6,5)", layer: "back")
      drawing.label(
        reference.name, x: x, y: box.top + lineHeight * 0.55, align: .center, color: Palette.muted)
    }
    if hasLegend { placeLegend(in: box, frame: frame, &drawing) }
    plot(band: band, &drawing)
  }

  /// How far a group's row lies below the middle of its category, in rows.
  private func offset(of group: Int, band: Double) -> Double {
    (Double(group) - Double(groups.count - 1) / 2) * band
  }

  private func numberTexts(withIntervals: Bool) -> [[String]] {
    guard let decimals else { return [] }
    let places = min(max(decimals, 0), 9)
    func text(_ value: Double) -> String {
      axis.isPercent ? decimal(value * 100, places: places) + "%" : decimal(value, places: places)
    }
    return groups.map { group in
      group.bars.map { bar in
        guard withIntervals, bar.low < bar.high else { return text(bar.value) }
        return "\(text(bar.value)) [\(text(bar.low)), \(text(bar.high))]"
      }
    }
  }

  private func color(of group: Int, category: Int) -> String {
    guard groups.count == 1, !highlighted.isEmpty else { return Palette.color(group) }
    return highlighted.contains(categories[category]) ? Palette.color(1) : Palette.color(0)
  }

  private func placeLegend(in box: Frame, frame: Frame, _ drawing: inout Drawing) {
    var x = box.left
    let y = frame.top - drawing.lineHeight * 0.5
    for (index, group) in groups.enumerated() {
      let sample = drawing.pixels(14, cells: 2)
      if drawing.isText {
        drawing.label(Self.textMarks[index % Self.textMarks.count], x: x, y: y)
      } else {
        drawing.line(
          from: (x, y), to: (x + sample, y), color: Palette.color(index), lineWidth: 8)
      }
      // The rounded end of the sample reaches half of its width further.
      drawing.label(group.name, x: x + sample + drawing.pixels(10, cells: 0), y: y)
      x += sample + drawing.textWidth(group.name) + drawing.pixels(32, cells: 2)
    }
  }

  private static let textMarks = ["#", "*", "o", "+", "x", "="]

  private func plot(band: Double, _ drawing: inout Drawing) {
    var parts: [String] = []
    var overlays: [String] = []
    for (index, group) in groups.enumerated() {
      // Rows of one colour go together: gnuplot then needs one entry each.
      let colors = categories.indices.map { color(of: index, category: $0) }
      for color in Set(colors).sorted() {
        let rows = categories.indices.filter { colors[$0] == color }
        let y = rows.map { Double($0) + offset(of: index, band: band) }
        let bars = rows.map { group.bars[$0] }
        let values = bars.map(\.value)
        if mark == .bar && !drawing.isText {
          let half = band * 0.42
          let data = drawing.script.addData([
            values.map { $0 / 2 }, y, values.map { min($0, 0) }, values.map { max($0, 0) },
            y.map { $0 - half }, y.map { $0 + half },
          ])
          parts.append(
            "\(data) using 1:2:3:4:5:6 with boxxyerror fs solid 0.75 noborder lc rgb '\(color)'"
              + " notitle")
        }
        let data = drawing.script.addData([values, y, bars.map(\.low), bars.map(\.high)])
        let text = Self.textMarks[index % Self.textMarks.count]
        if drawing.isText {
          let line = mark == .bar ? "(0):2:1:(0)" : "3:2:($4-$3):(0)"
          parts.append("\(data) using \(line) with vectors nohead notitle")
          parts.append("\(data) using 1:2 with points pt '\(text)' notitle")
        } else {
          let ink = mark == .bar ? Palette.text : color
          overlays.append(
            "\(data) using 1:2:3:4 with xerrorbars pt 0 lw 1.3 lc rgb '\(ink)' notitle")
          if mark == .point {
            overlays.append("\(data) using 1:2 with points pt 7 ps 0.9 lc rgb '\(color)' notitle")
          }
        }
      }
    }
    let all = parts + overlays
    drawing.script.add("set errorbars \(drawing.isText ? "small" : "0.6")")
    drawing.script.add("plot " + (all.isEmpty ? "NaN notitle" : all.joined(separator: ", ")))
  }
}
