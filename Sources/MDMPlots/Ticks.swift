import Glibc

/// Round places on an axis with their labels.
struct Ticks: Equatable {
  var places: [Double]
  var labels: [String]

  /// About `count` round places inside a range.
  init(over range: ClosedRange<Double>, on axis: Axis, count: Int) {
    if axis.isLogarithmic, range.lowerBound > 0 {
      places = Self.powers(over: range)
      labels = places.map { Self.plain($0) }
      return
    }
    let step = Self.roundStep(span: range.upperBound - range.lowerBound, count: count)
    var places: [Double] = []
    var index = (range.lowerBound / step - 1e-9).rounded(.up)
    while index * step <= range.upperBound + step * 1e-9, places.count < 100 {
      places.append(index == 0 ? 0 : index * step)
      index += 1
    }
    self.places = places
    let factor = axis.isPercent ? 100.0 : 1.0
    let largest = places.map { abs($0) }.max() ?? 0
    if largest * factor >= 1e6 || (largest > 0 && largest * factor < 1e-3) {
      labels = places.map { Self.plain($0 * factor) + (axis.isPercent ? "%" : "") }
    } else {
      let digits = min(max(Int((-log10(step * factor) - 1e-9).rounded(.up)), 0), 6)
      labels = places.map { decimal($0 * factor, places: digits) + (axis.isPercent ? "%" : "") }
    }
  }

  /// 1, 2 or 5 times a power of ten, near the span divided by the count.
  static func roundStep(span: Double, count: Int) -> Double {
    guard span > 0, span.isFinite else { return 1 }
    let raw = span / Double(max(count, 1))
    let power = pow(10, log10(raw).rounded(.down))
    let share = raw / power
    return power * (share <= 1.3 ? 1 : share <= 3 ? 2 : share <= 7 ? 5 : 10)
  }

  private static func powers(over range: ClosedRange<Double>) -> [Double] {
    let first = Int(log10(range.lowerBound).rounded(.down))
    let last = Int(log10(range.upperBound).rounded(.up))
    let isShort = range.upperBound / range.lowerBound < 300
    let factors: [Double] = isShort ? [1, 2, 5] : [1]
    let stride = max(1, (last - first) / 8)
    var places: [Double] = []
    for exponent in Swift.stride(from: first, through: last, by: stride) {
      for factor in factors {
        let place = factor * pow(10, Double(exponent))
        let isInside =
          place >= range.lowerBound * (1 - 1e-9) && place <= range.upperBound * (1 + 1e-9)
        if isInside { places.append(place) }
      }
    }
    return places
  }

  /// A short text: plain digits in the middle of the scale, k, M and B or an exponent outside.
  static func plain(_ value: Double) -> String {
    let size = abs(value)
    for (unit, suffix) in [(1e9, "B"), (1e6, "M"), (1e3, "k")] where size >= unit && size < 1e12 {
      return trimmed(decimal(value / unit, places: 2)) + suffix
    }
    if size == 0 || (size >= 1e-3 && size < 1e12) { return trimmed(decimal(value, places: 4)) }
    let exponent = Int(log10(size).rounded(.down))
    let mantissa = trimmed(decimal(value / pow(10, Double(exponent)), places: 2))
    return mantissa == "1" ? "1e\(exponent)" : "\(mantissa)e\(exponent)"
  }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var digits = Substring(text)
    while digits.hasSuffix("0") { digits.removeLast() }
    if digits.hasSuffix(".") { digits.removeLast() }
    return String(digits)
  }
}

/// The stretch of an axis that data need.
enum Extent {
  /// The finite values' range, widened by a share of itself; never empty.
  static func of(_ values: [Double], on axis: Axis, padding: Double) -> ClosedRange<Double> {
    let usable = values.filter { $0.isFinite && (!axis.isLogarithmic || $0 > 0) }
    guard let low = usable.min(), let high = usable.max() else {
      return axis.isLogarithmic ? 1...10 : 0...1
    }
    if axis.isLogarithmic {
      let widening = low == high ? 2 : pow(high / low, padding)
      return (low / widening)...(high * widening)
    }
    let span = high - low
    guard span > max(abs(low), abs(high)) * 1e-12 else {
      let room = abs(low) > 0 ? abs(low) * 0.05 : 0.5
      return (low - room)...(high + room)
    }
    return (low - span * padding)...(high + span * padding)
  }
}

/// A number with a fixed count of decimals, always with a point and never as minus zero.
func decimal(_ value: Double, places: Int) -> String {
  guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
  let scale = pow(10, Double(places))
  let scaled = (abs(value) * scale).rounded()
  guard scaled < 9e15 else { return "\(value)" }
  let digits = String(Int(scaled))
  let isNegative = value < 0 && scaled != 0
  guard places > 0 else { return (isNegative ? "-" : "") + digits }
  let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
  let cut = padded.index(padded.endIndex, offsetBy: -places)
  return (isNegative ? "-" : "") + padded[..<cut] + "." + padded[cut...]
}
