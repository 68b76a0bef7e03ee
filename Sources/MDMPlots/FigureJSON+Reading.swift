import MDMJSON

extension Figure {
  /// A figure from its JSON form.
  ///
  /// - Throws: ``PlotError/invalidFigure(_:)`` with the place of the first fault.
  public init(json: JSONNode) throws(PlotError) {
    let fields = try Fields(json, at: "the figure")
    guard let version = json["version"]?.integer else {
      throw .invalidFigure("the figure has no version")
    }
    guard version == Self.formatVersion else {
      throw .invalidFigure("its form has version \(version), this mdm reads \(Self.formatVersion)")
    }
    try self.init(fields, allowsPanels: true)
    try validate()
  }

  private init(_ fields: Fields, allowsPanels: Bool) throws(PlotError) {
    let content: Content
    if let chart = try fields.object("chart") {
      content = .chart(try Chart(chart))
    } else if let map = try fields.object("ternary") {
      content = .ternary(try TernaryMap(map))
    } else if let bars = try fields.object("bars") {
      content = .bars(try BarChart(bars))
    } else if let map = try fields.object("heat") {
      content = .heat(try HeatMap(map))
    } else if allowsPanels, let panels = try fields.object("panels") {
      var figures: [Figure] = []
      for figure in try panels.objects("figures") {
        figures.append(try Figure(figure, allowsPanels: false))
      }
      content = .panels(figures, columns: try panels.integer("columns") ?? 1)
    } else {
      throw .invalidFigure("\(fields.place) has no chart, ternary map, bars, heat map or panels")
    }
    self.init(
      title: try fields.text("title") ?? "", content: content, note: try fields.text("note") ?? "")
    guard let size = try fields.object("size") else { return }
    let (width, height) = (try size.integer("width") ?? 0, try size.integer("height") ?? 0)
    guard (16...10_000).contains(width), (16...10_000).contains(height) else {
      throw .invalidFigure("a picture of \(width) x \(height) pixels")
    }
    self.size = Size(width: width, height: height)
  }
}

extension Chart {
  fileprivate init(_ fields: Fields) throws(PlotError) {
    var series: [Series] = []
    for item in try fields.objects("series") { series.append(try Series(item)) }
    var references: [Reference] = []
    for item in try fields.objects("references") { references.append(try Reference(item)) }
    self.init(
      x: try fields.axis("x"), y: try fields.axis("y"), series: series,
      showsDiagonal: try fields.bool("diagonal") ?? false, references: references,
      showsLegend: try fields.bool("legend") ?? true)
  }
}

extension Chart.Reference {
  fileprivate init(_ fields: Fields) throws(PlotError) {
    self.init(try fields.text("name") ?? "", at: try fields.required(fields.real("value"), "value"))
  }
}

extension Series {
  fileprivate init(_ fields: Fields) throws(PlotError) {
    let marks = ["line": Mark.line, "scatter": .scatter]
    let emphases = ["strong": Emphasis.strong, "context": .context]
    self.init(
      name: try fields.text("name") ?? "", x: try fields.reals("x"), y: try fields.reals("y"),
      mark: try fields.one(of: marks, "mark") ?? .line, interval: try fields.interval("interval"),
      xInterval: try fields.interval("xInterval"), labels: try fields.texts("labels"),
      emphasis: try fields.one(of: emphases, "emphasis") ?? .normal,
      colorIndex: try fields.integer("color"))
  }
}

extension BarChart {
  fileprivate init(_ fields: Fields) throws(PlotError) {
    var groups: [Group] = []
    for group in try fields.objects("groups") {
      let values = try group.reals("values")
      let (low, high) = (try group.reals("low"), try group.reals("high"))
      guard low.count == values.count, high.count == values.count else {
        throw .invalidFigure("\(group.place) has \(values.count) values, but not as many intervals")
      }
      groups.append(
        Group(
          try group.text("name") ?? "",
          bars: values.indices.map { Bar(values[$0], low: low[$0], high: high[$0]) }))
    }
    var reference: Chart.Reference?
    if let item = try fields.object("reference") { reference = try Chart.Reference(item) }
    let marks = ["bar": Mark.bar, "point": .point]
    self.init(
      categories: try fields.texts("categories"), groups: groups, axis: try fields.axis("axis"),
      mark: try fields.one(of: marks, "mark") ?? .bar, reference: reference,
      highlighted: Set(try fields.texts("highlighted")), decimals: try fields.integer("decimals"))
  }
}

extension HeatMap {
  fileprivate init(_ fields: Fields) throws(PlotError) {
    self.init(
      rows: try fields.texts("rows"), columns: try fields.texts("columns"),
      values: try fields.matrix("values"), valueLabel: try fields.text("value") ?? "",
      center: try fields.real("center"), decimals: try fields.integer("decimals") ?? 3)
  }
}

extension TernaryMap {
  fileprivate init(_ fields: Fields) throws(PlotError) {
    var points: [Point] = []
    for point in try fields.objects("points") {
      guard let mixture = try point.mixture("mixture") else {
        throw .invalidFigure("\(point.place) has no mixture")
      }
      points.append(
        Point(mixture, value: try point.real("value"), label: try point.text("label") ?? ""))
    }
    let resolution = try fields.integer("resolution") ?? 0
    let samples = try fields.reals("samples")
    let domains = try fields.texts("domains")
    guard (4...400).contains(resolution), domains.count == 3,
      samples.count == (resolution + 1) * (resolution + 1)
    else {
      throw .invalidFigure(
        "\(fields.place) has \(domains.count) domains and \(samples.count) samples of resolution "
          + "\(resolution)")
    }
    // The initialiser asks for the samples row by row.
    var next = 0
    self.init(
      domains: domains, valueLabel: try fields.text("value") ?? "", points: points,
      optimum: try fields.mixture("optimum"), region: try fields.real("region"),
      marksOptimum: try fields.bool("marksOptimum") ?? true, resolution: resolution
    ) { _ in
      defer { next += 1 }
      return samples[next]
    }
  }
}

/// The members of an object, read with their types; a fault names its place.
private struct Fields {
  let place: String
  private let node: JSONNode

  init(_ node: JSONNode, at place: String) throws(PlotError) {
    guard case .object = node else {
      throw .invalidFigure("\(place) is \(node.kind), not an object")
    }
    self.node = node
    self.place = place
  }

  private func read<T>(
    _ name: String, _ what: String, _ value: (JSONNode) -> T?
  ) throws(PlotError) -> T? {
    guard let member = node[name], member != .null else { return nil }
    guard let value = value(member) else {
      throw .invalidFigure("`\(name)` of \(place) is \(member.kind), not \(what)")
    }
    return value
  }

  func required<T>(_ value: T?, _ name: String) throws(PlotError) -> T {
    guard let value else { throw .invalidFigure("\(place) has no `\(name)`") }
    return value
  }

  func text(_ name: String) throws(PlotError) -> String? { try read(name, "a text") { $0.text } }

  func bool(_ name: String) throws(PlotError) -> Bool? {
    try read(name, "true or false") { if case .bool(let value) = $0 { value } else { nil } }
  }

  func integer(_ name: String) throws(PlotError) -> Int? {
    try read(name, "a whole number") { node in
      node.integer.flatMap { (-1_000_000...1_000_000).contains($0) ? Int($0) : nil }
    }
  }

  func real(_ name: String) throws(PlotError) -> Double? {
    try read(name, "a number", Self.number)
  }

  func reals(_ name: String) throws(PlotError) -> [Double] {
    try read(name, "a list of numbers") { node in
      guard let items = node.elements else { return nil }
      let numbers = items.compactMap(Self.number)
      return numbers.count == items.count ? numbers : nil
    } ?? []
  }

  func matrix(_ name: String) throws(PlotError) -> [[Double]] {
    try read(name, "a list of lists of numbers") { node in
      guard let rows = node.elements else { return nil }
      let lists = rows.compactMap { row -> [Double]? in
        guard let items = row.elements else { return nil }
        let numbers = items.compactMap(Self.number)
        return numbers.count == items.count ? numbers : nil
      }
      return lists.count == rows.count ? lists : nil
    } ?? []
  }

  func texts(_ name: String) throws(PlotError) -> [String] {
    try read(name, "a list of texts") { node in
      guard let items = node.elements else { return nil }
      let texts = items.compactMap(\.text)
      return texts.count == items.count ? texts : nil
    } ?? []
  }

  func object(_ name: String) throws(PlotError) -> Fields? {
    guard let member = node[name], member != .null else { return nil }
    return try Fields(member, at: "`\(name)`")
  }

  func objects(_ name: String) throws(PlotError) -> [Fields] {
    let items = try read(name, "a list") { $0.elements } ?? []
    var fields: [Fields] = []
    for (index, item) in items.enumerated() {
      fields.append(try Fields(item, at: "element \(index) of `\(name)`"))
    }
    return fields
  }

  func one<T>(of names: [String: T], _ name: String) throws(PlotError) -> T? {
    try read(name, names.keys.sorted().joined(separator: " or ")) { $0.text.flatMap { names[$0] } }
  }

  func axis(_ name: String) throws(PlotError) -> Axis {
    guard let fields = try object(name) else { return Axis() }
    let ends = try fields.reals("range")
    guard ends.isEmpty || ends.count == 2 && ends[0] <= ends[1] else {
      throw .invalidFigure("the range of `\(name)` is no two numbers, the smaller first")
    }
    return Axis(
      try fields.text("label") ?? "", range: ends.isEmpty ? nil : ends[0]...ends[1],
      isLogarithmic: try fields.bool("logarithmic") ?? false,
      isPercent: try fields.bool("percent") ?? false)
  }

  func interval(_ name: String) throws(PlotError) -> Series.Interval? {
    guard let fields = try object(name) else { return nil }
    return Series.Interval(low: try fields.reals("low"), high: try fields.reals("high"))
  }

  func mixture(_ name: String) throws(PlotError) -> TernaryMap.Mixture? {
    let shares = try reals(name)
    if shares.isEmpty { return nil }
    guard shares.count == 3 else {
      throw .invalidFigure("`\(name)` of \(place) has no three shares")
    }
    return TernaryMap.Mixture(shares[0], shares[1], shares[2])
  }

  private static func number(_ node: JSONNode) -> Double? {
    switch node.text {
    case "nan"?: .nan
    case "inf"?: .infinity
    case "-inf"?: -.infinity
    case nil: node.number
    default: nil
    }
  }
}
