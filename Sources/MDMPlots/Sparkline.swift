/// Values as a row of small bars, for one line of text.
public enum Sparkline {
  private static let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// Draws values between their smallest and largest, or between the ends of `range`.
  /// - Parameters:
  ///   - width: the most characters to use; more values are averaged in equal runs.
  /// - Returns: one character a value, a blank where it is not finite.
  public static func text(
    _ values: [Double], width: Int? = nil, range: ClosedRange<Double>? = nil
  ) -> String {
    let shown = width.map { averaged(values, into: max($0, 1)) } ?? values
    let finite = shown.filter(\.isFinite)
    guard let low = range?.lowerBound ?? finite.min(),
      let high = range?.upperBound ?? finite.max()
    else { return String(repeating: " ", count: shown.count) }
    return String(
      shown.map { value in
        guard value.isFinite else { return " " }
        guard high > low else { return bars[3] }
        let share = (value - low) / (high - low)
        return bars[min(max(Int(share * Double(bars.count)), 0), bars.count - 1)]
      })
  }

  private static func averaged(_ values: [Double], into count: Int) -> [Double] {
    guard values.count > count else { return values }
    return (0..<count).map { index in
      let run = values[(index * values.count / count)..<((index + 1) * values.count / count)]
      let finite = run.filter(\.isFinite)
      return finite.isEmpty ? .nan : finite.reduce(0, +) / Double(finite.count)
    }
  }
}
