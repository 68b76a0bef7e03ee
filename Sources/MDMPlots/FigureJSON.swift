import MDMJSON

/// Figures as JSON, media type `application/vnd.mdm.plot+json`: the numbers beside the picture, so
/// that notebooks can be compared, and drawn again.
///
/// `{"version": 1, "title": …, "chart" | "ternary" | "bars" | "heat" | "panels": {…}}`. What has its default is
/// left out; numbers that are not finite are the strings `nan`, `inf` and `-inf`.
extension Figure {
  /// The version of the form that is written, and the last one that is read.
  public static let formatVersion = 1

  /// The media type of the form.
  public static let mediaType = "application/vnd.mdm.plot+json"

  /// The figure as JSON.
  public var json: JSONNode {
    var members: [JSONNode.Member] = [.init("version", .integer(Int64(Self.formatVersion)))]
    members += self.members
    return .object(members)
  }

  private var members: [JSONNode.Member] {
    var members: [JSONNode.Member] = []
    members.add("title", title, unless: "")
    members.add("note", note, unless: "")
    if let size {
      members.append(
        .init(
          "size",
          .object([.init("width", .count(size.width)), .init("height", .count(size.height))])))
    }
    switch content {
    case .chart(let chart): members.append(.init("chart", chart.json))
    case .ternary(let map): members.append(.init("ternary", map.json))
    case .bars(let bars): members.append(.init("bars", bars.json))
    case .heat(let map): members.append(.init("heat", map.json))
    case .panels(let figures, let columns):
      members.append(
        .init(
          "panels",
          .object([
            .init("columns", .count(columns)),
            .init("figures", .array(figures.map { .object($0.members) })),
          ])))
    }
    return members
  }
}

extension Chart {
  fileprivate var json: JSONNode {
    var members: [JSONNode.Member] = []
    members.add("x", x)
    members.add("y", y)
    members.append(.init("series", .array(series.map(\.json))))
    if showsDiagonal { members.append(.init("diagonal", .bool(true))) }
    if !references.isEmpty {
      members.append(.init("references", .array(references.map(\.json))))
    }
    if !showsLegend { members.append(.init("legend", .bool(false))) }
    return .object(members)
  }
}

extension Chart.Reference {
  fileprivate var json: JSONNode {
    var members: [JSONNode.Member] = []
    members.add("name", name, unless: "")
    members.append(.init("value", .real(value)))
    return .object(members)
  }
}

extension Series {
  fileprivate var json: JSONNode {
    var members: [JSONNode.Member] = []
    members.add("name", name, unless: "")
    members.append(.init("mark", .string(mark == .line ? "line" : "scatter")))
    members.append(.init("x", .reals(x)))
    members.append(.init("y", .reals(y)))
    members.add("interval", interval)
    members.add("xInterval", xInterval)
    if !labels.isEmpty { members.append(.init("labels", .array(labels.map(JSONNode.string)))) }
    if emphasis != .normal {
      members.append(.init("emphasis", .string(emphasis == .strong ? "strong" : "context")))
    }
    if let colorIndex { members.append(.init("color", .count(colorIndex))) }
    return .object(members)
  }
}

extension BarChart {
  fileprivate var json: JSONNode {
    var members: [JSONNode.Member] = [
      .init("categories", .array(categories.map(JSONNode.string))),
      .init(
        "groups",
        .array(
          groups.map { group in
            .object([
              .init("name", .string(group.name)),
              .init("values", .reals(group.bars.map(\.value))),
              .init("low", .reals(group.bars.map(\.low))),
              .init("high", .reals(group.bars.map(\.high))),
            ])
          })),
    ]
    members.add("axis", axis)
    members.append(.init("mark", .string(mark == .bar ? "bar" : "point")))
    if let reference { members.append(.init("reference", reference.json)) }
    if !highlighted.isEmpty {
      members.append(.init("highlighted", .array(highlighted.sorted().map(JSONNode.string))))
    }
    members.append(.init("decimals", decimals.map { .count($0) } ?? .null))
    return .object(members)
  }
}

extension TernaryMap {
  fileprivate var json: JSONNode {
    var members: [JSONNode.Member] = [.init("domains", .array(domains.map(JSONNode.string)))]
    members.add("value", valueLabel, unless: "")
    if !points.isEmpty {
      members.append(
        .init(
          "points",
          .array(
            points.map { point in
              var members: [JSONNode.Member] = [.init("mixture", point.mixture.json)]
              if let value = point.value { members.append(.init("value", .real(value))) }
              members.add("label", point.label, unless: "")
              return .object(members)
            })))
    }
    if let optimum { members.append(.init("optimum", optimum.json)) }
    if let region { members.append(.init("region", .real(region))) }
    if !marksOptimum { members.append(.init("marksOptimum", .bool(false))) }
    members.append(.init("resolution", .count(resolution)))
    members.append(.init("samples", .reals(samples)))
    return .object(members)
  }
}

extension HeatMap {
  fileprivate var json: JSONNode {
    var members: [JSONNode.Member] = [
      .init("rows", .array(rows.map(JSONNode.string))),
      .init("columns", .array(columns.map(JSONNode.string))),
      .init("values", .array(values.map(JSONNode.reals))),
    ]
    members.add("value", valueLabel, unless: "")
    if let center { members.append(.init("center", .real(center))) }
    members.append(.init("decimals", .count(decimals)))
    return .object(members)
  }
}

extension TernaryMap.Mixture {
  fileprivate var json: JSONNode { .reals([first, second, third]) }
}

extension JSONNode.Member {
  fileprivate init(_ name: String, _ value: JSONNode) { self.init(name: name, value: value) }
}

extension [JSONNode.Member] {
  fileprivate mutating func add(_ name: String, _ text: String, unless standard: String) {
    if text != standard { append(.init(name, .string(text))) }
  }

  fileprivate mutating func add(_ name: String, _ axis: Axis) {
    guard axis != Axis() else { return }
    var members: [JSONNode.Member] = []
    members.add("label", axis.label, unless: "")
    if let range = axis.range {
      members.append(.init("range", .reals([range.lowerBound, range.upperBound])))
    }
    if axis.isLogarithmic { members.append(.init("logarithmic", .bool(true))) }
    if axis.isPercent { members.append(.init("percent", .bool(true))) }
    append(.init(name, .object(members)))
  }

  fileprivate mutating func add(_ name: String, _ interval: Series.Interval?) {
    guard let interval else { return }
    append(
      .init(
        name,
        .object([.init("low", .reals(interval.low)), .init("high", .reals(interval.high))])))
  }
}

extension JSONNode {
  fileprivate static func count(_ value: Int) -> JSONNode { .integer(Int64(value)) }

  fileprivate static func reals(_ values: [Double]) -> JSONNode { .array(values.map(real)) }

  fileprivate static func real(_ value: Double) -> JSONNode {
    if value.isFinite { return .number(value) }
    return .string(value.isNaN ? "nan" : value > 0 ? "inf" : "-inf")
  }
}
