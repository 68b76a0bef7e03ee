/// How many tests did what.
public struct TestSummary: Sendable {
  public private(set) var passed = 0
  public private(set) var failed = 0
  /// Files that could not be run at all.
  public private(set) var rejected = 0
  public private(set) var seconds = 0.0

  public init() {}

  /// Counts one more.
  public mutating func add(_ outcome: TestOutcome) {
    switch outcome.status {
    case .passed: passed += 1
    case .failed, .broken: failed += 1
    case .rejected: rejected += 1
    }
    seconds += outcome.seconds
  }

  public var count: Int { passed + failed + rejected }

  /// The line that ends a report: `3 passed, 1 failed in 12 ms`.
  public var text: String {
    let files = rejected == 1 ? "1 file with errors" : "\(rejected) files with errors"
    return "\(passed) passed, \(failed) failed" + (rejected > 0 ? ", \(files)" : "")
      + " in \(TestSummary.duration(seconds))"
  }

  /// A time for people: `0.4 ms`, `12 ms`, `1.25 s`, `75 s`.
  public static func duration(_ seconds: Double) -> String {
    func rounded(_ value: Double, _ digits: Int) -> String {
      let scale = digits == 2 ? 100.0 : digits == 1 ? 10.0 : 1.0
      let whole = Int((value * scale).rounded())
      guard digits > 0 else { return "\(whole)" }
      let fraction = String(whole % Int(scale))
      return "\(whole / Int(scale))."
        + String(repeating: "0", count: digits - fraction.count) + fraction
    }
    let milliseconds = seconds * 1000
    if milliseconds < 9.95 { return rounded(milliseconds, 1) + " ms" }
    if milliseconds < 999.5 { return rounded(milliseconds, 0) + " ms" }
    return rounded(seconds, seconds < 9.995 ? 2 : seconds < 99.95 ? 1 : 0) + " s"
  }
}
