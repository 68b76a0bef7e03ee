import Glibc

/// Where data come to lie in the picture.
struct Scale {
  let x: ClosedRange<Double>
  let y: ClosedRange<Double>
  let xAxis: Axis
  let yAxis: Axis
  let box: Frame

  func place(_ dataX: Double, _ dataY: Double) -> (x: Double, y: Double) {
    (
      box.left + Self.share(dataX, of: x, isLogarithmic: xAxis.isLogarithmic) * box.width,
      box.bottom + Self.share(dataY, of: y, isLogarithmic: yAxis.isLogarithmic) * box.height
    )
  }

  private static func share(
    _ value: Double, of range: ClosedRange<Double>, isLogarithmic: Bool
  ) -> Double {
    if isLogarithmic && range.lowerBound > 0 && value > 0 {
      return log(value / range.lowerBound) / log(range.upperBound / range.lowerBound)
    }
    return (value - range.lowerBound) / (range.upperBound - range.lowerBound)
  }
}

extension Axis {
  /// The value at a share of the way between two, on the axis's own scale.
  func between(_ from: Double, _ to: Double, at share: Double) -> Double {
    isLogarithmic && from > 0 && to > 0
      ? from * pow(to / from, share) : from + (to - from) * share
  }
}

extension Chart {
  /// Names at the right ends of lines, in their colours, pushed apart until none touch.
  func placeEndLabels(
    _ named: [(Int, Series)], _ scale: Scale, _ frame: Frame, _ drawing: inout Drawing
  ) {
    let box = scale.box
    var ends: [(number: Int, name: String, x: Double, y: Double)] = named.compactMap {
      (number, item) in
      let last = item.x.indices.last { item.x[$0].isFinite && item.y[$0].isFinite }
      guard let last else { return nil }
      let place = scale.place(item.x[last], item.y[last])
      return (
        number, item.name, min(max(place.x, box.left), box.right),
        min(max(place.y, box.bottom), box.top)
      )
    }
    ends.sort { ($0.y, $1.name) > ($1.y, $0.name) }
    let top = box.top + drawing.lineHeight * 0.3
    let places = Self.spread(
      ends.map(\.y), distance: drawing.lineHeight * 0.95,
      within: min(box.bottom, frame.bottom + drawing.lineHeight * 0.5, top)...top)
    for (end, y) in zip(ends, places) {
      let color = Palette.color(end.number)
      drawing.line(
        from: (end.x + 2, end.y), to: (box.right + 10, y), color: color, lineWidth: 0.7)
      drawing.line(
        from: (box.right + 10, y), to: (box.right + 24, y), color: color, lineWidth: 2,
        dash: Palette.dash(end.number))
      drawing.label(
        drawing.fitted(end.name, in: frame.right - box.right - 28), x: box.right + 28, y: y,
        color: Palette.text)
    }
  }

  /// Falling places moved as little as needed so that neighbours keep their distance.
  ///
  /// Places that would touch are joined to a block that sits at the mean of what they wish for.
  static func spread(
    _ wishes: [Double], distance: Double, within range: ClosedRange<Double>
  ) -> [Double] {
    var blocks: [(sum: Double, count: Int)] = []  // sum of wish + rank * distance
    func first(_ block: (sum: Double, count: Int)) -> Double {
      let height = Double(block.count - 1) * distance
      let wished = block.sum / Double(block.count)
      // With more names than room the lowest give way: the first stays inside.
      return min(max(wished, range.lowerBound + height), range.upperBound)
    }
    for wish in wishes {
      var block = (sum: wish, count: 1)
      while let above = blocks.last,
        first(above) - Double(above.count) * distance < first(block)
      {
        blocks.removeLast()
        let shift = Double(above.count * block.count) * distance
        block = (above.sum + block.sum + shift, above.count + block.count)
      }
      blocks.append(block)
    }
    return blocks.flatMap { block in
      (0..<block.count).map { first(block) - Double($0) * distance }
    }
  }

  /// The narrow boxes that error bars cover.
  private func errorBars(of item: Series, _ scale: Scale) -> [Frame] {
    item.x.indices.flatMap { index -> [Frame] in
      var bars: [Frame] = []
      if let interval = item.interval {
        let low = scale.place(item.x[index], interval.low[index])
        let high = scale.place(item.x[index], interval.high[index])
        bars.append(
          Frame(left: low.x - 2, bottom: low.y, width: 4, height: max(high.y - low.y, 0)))
      }
      if let interval = item.xInterval {
        let low = scale.place(interval.low[index], item.y[index])
        let high = scale.place(interval.high[index], item.y[index])
        bars.append(
          Frame(left: low.x, bottom: low.y - 2, width: max(high.x - low.x, 0), height: 4))
      }
      return bars
    }
  }

  /// Texts beside points, each at the first of some sides where it touches nothing placed before.
  func placePointLabels(_ scale: Scale, _ drawing: inout Drawing) {
    var taken: [Frame] = []
    for item in series where item.mark == .scatter {
      for (x, y) in zip(item.x, item.y) where x.isFinite && y.isFinite {
        let place = scale.place(x, y)
        taken.append(Frame(left: place.x - 5, bottom: place.y - 5, width: 10, height: 10))
      }
      taken += errorBars(of: item, scale)
    }
    for item in series where item.mark == .scatter && item.emphasis != .context {
      for (index, text) in item.labels.enumerated() where !text.isEmpty {
        let place = scale.place(item.x[index], item.y[index])
        guard place.x.isFinite && place.y.isFinite else { continue }
        let width = drawing.textWidth(text) * 0.86
        let height = drawing.lineHeight * 0.8
        var corners: [(Double, Double)] = []
        // Near sides first; farther ones get past the ends of error bars.
        for gap in [6.0, 16, 26] {
          corners += [
            (gap, -height / 2), (-width - gap, -height / 2), (gap, gap - 2),
            (-width - gap, gap - 2), (gap, -height - gap + 2), (-width - gap, -height - gap + 2),
            (-width / 2, gap), (-width / 2, -height - gap),
          ]
        }
        let boxes = corners.map {
          Frame(left: place.x + $0.0, bottom: place.y + $0.1, width: width, height: height)
        }
        let free = boxes.first { candidate in
          candidate.left >= scale.box.left && candidate.right <= drawing.width - 4
            && candidate.bottom >= scale.box.bottom && candidate.top <= scale.box.top
            && !taken.contains { $0.overlaps(candidate) }
        }
        // No free side: the name is left out rather than printed over another.
        guard let free else { continue }
        taken.append(free)
        drawing.label(text, x: free.left, y: free.centerY, color: Palette.muted, isSmall: true)
      }
    }
  }
}
