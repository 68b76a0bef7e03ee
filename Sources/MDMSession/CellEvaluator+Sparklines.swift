import MDMPlots
import MDMRuntime

extension CellEvaluator {
  /// Lines that show the last value's course, where it is a list of numbers or a record of such.
  ///
  /// - Parameter columns: the width of the terminal.
  /// - Returns: the lines, and whether they say more than the numbers would, which fill a screen.
  public func sparklines(columns: Int) -> (text: String, replacesText: Bool)? {
    guard let last = session.machine.global("_"), ["List", "Record"].contains(last.typeName),
      let datum = try? session.machine.datum(last)
    else { return nil }
    switch datum {
    case .record(let record):
      guard !record.entries.isEmpty, record.entries.count <= Self.mostCurves else { return nil }
      let width = record.entries.map(\.key.count).max() ?? 0
      var lines = ""
      for (name, value) in record.entries {
        guard let line = Self.line(value, columns: columns - width - 2) else { return nil }
        lines += name + String(repeating: " ", count: width - name.count + 2) + line + "\n"
      }
      return (lines, true)
    default: return Self.line(datum, columns: columns).map { ($0 + "\n", false) }
    }
  }

  /// Fewer numbers are read faster than a picture of them.
  private static let fewestNumbers = 8
  private static let mostCurves = 24

  private static func line(_ value: Datum, columns: Int) -> String? {
    guard case .list(let items) = value, items.count >= fewestNumbers else { return nil }
    var numbers: [Double] = []
    for item in items {
      switch item {
      case .int(let number): numbers.append(Double(number))
      case .float(let number): numbers.append(number)
      default: return nil
      }
    }
    let finite = numbers.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return nil }
    let range = low < high ? "from \(short(low)) to \(short(high))" : "times \(short(low))"
    let legend = "  \(numbers.count) \(range)"
    let room = min(60, columns - legend.count - 1)
    guard room >= fewestNumbers else { return nil }
    return Sparkline.text(numbers, width: room) + legend
  }

  private static func short(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e6
      ? "\(Int(value))"
      : abs(value) >= 0.001 && abs(value) < 1e6 ? DurationText.decimal(value, 3) : "\(value)"
  }
}
