extension Figure {
  /// Refuses figures that contradict themselves, with a sentence that names the part.
  func validate() throws(PlotError) {
    switch content {
    case .chart(let chart): try chart.validate()
    case .bars(let bars): try bars.validate()
    case .heat(let map): try map.validate()
    case .ternary(let map): try map.validate()
    case .panels(let figures, let columns):
      guard !figures.isEmpty else { throw .invalidFigure("panels without a figure") }
      guard columns > 0 else { throw .invalidFigure("panels in \(columns) columns") }
      for figure in figures {
        if case .panels = figure.content { throw .invalidFigure("panels within panels") }
        try figure.validate()
      }
    }
  }
}

/// Refuses numbers whose differences no longer fit a double.
private func requireDrawable(_ values: [Double], _ what: String) throws(PlotError) {
  if let value = values.first(where: { $0.isFinite && abs($0) > 1e300 }) {
    throw .invalidFigure("\(what) holds \(value), which no axis can reach")
  }
}

extension Axis {
  func validate() throws(PlotError) {
    guard let range else { return }
    guard range.lowerBound.isFinite, range.upperBound.isFinite, range.lowerBound < range.upperBound
    else {
      throw .invalidFigure(
        "axis '\(label)' runs from \(range.lowerBound) to \(range.upperBound)")
    }
    try requireDrawable([range.lowerBound, range.upperBound], "axis '\(label)'")
    if isLogarithmic && range.lowerBound <= 0 {
      throw .invalidFigure("the logarithmic axis '\(label)' starts at \(range.lowerBound)")
    }
  }
}

extension Chart {
  func validate() throws(PlotError) {
    try x.validate()
    try y.validate()
    for item in series {
      let name = "series '\(item.name)'"
      guard item.x.count == item.y.count else {
        throw .invalidFigure("\(name) has \(item.x.count) x for \(item.y.count) y")
      }
      for interval in [item.interval, item.xInterval].compactMap({ $0 })
      where interval.low.count != item.y.count || interval.high.count != item.y.count {
        throw .invalidFigure(
          "\(name) has \(interval.low.count) low and \(interval.high.count) high ends for"
            + " \(item.y.count) points")
      }
      try requireDrawable(item.xValues + item.yValues, name)
      guard item.labels.isEmpty || item.labels.count == item.y.count else {
        throw .invalidFigure("\(name) has \(item.labels.count) labels for \(item.y.count) points")
      }
    }
    try requireDrawable(references.map(\.value), "a reference line")
    let hasPoint = series.contains { zip($0.x, $0.y).contains { $0.isFinite && $1.isFinite } }
    guard hasPoint || !references.isEmpty else {
      throw .invalidFigure("there is no finite point to draw")
    }
  }
}

extension BarChart {
  func validate() throws(PlotError) {
    try axis.validate()
    guard !categories.isEmpty, !groups.isEmpty else {
      throw .invalidFigure("there is no bar to draw")
    }
    if axis.isLogarithmic && mark == .bar {
      throw .invalidFigure("bars start at zero, which a logarithmic axis does not have")
    }
    for group in groups where group.bars.count != categories.count {
      throw .invalidFigure(
        "group '\(group.name)' has \(group.bars.count) bars for \(categories.count) categories")
    }
    for group in groups {
      try requireDrawable(
        group.bars.flatMap { [$0.value, $0.low, $0.high] }, "group '\(group.name)'")
    }
    try requireDrawable(reference.map { [$0.value] } ?? [], "the reference line")
    guard groups.contains(where: { $0.bars.contains { $0.value.isFinite } }) else {
      throw .invalidFigure("there is no finite bar to draw")
    }
  }
}

extension TernaryMap {
  func validate() throws(PlotError) {
    guard domains.count == 3 else {
      throw .invalidFigure("a ternary map shows three domains, not \(domains.count)")
    }
    guard samples.contains(where: \.isFinite) else {
      throw .invalidFigure("the mapped function is finite nowhere")
    }
    try requireDrawable(
      samples + points.compactMap(\.value) + (region.map { [$0] } ?? []), "the map")
    for mixture in points.map(\.mixture) + (optimum.map { [$0] } ?? []) {
      let shares = [mixture.first, mixture.second, mixture.third]
      let sum = shares.reduce(0, +)
      guard shares.allSatisfy({ $0 >= -1e-9 }), abs(sum - 1) < 1e-6 else {
        throw .invalidFigure("the shares \(shares) are no mixture: they must sum to one")
      }
    }
  }
}
