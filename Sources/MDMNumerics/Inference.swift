import Glibc

/// Intervals and tests across seeds.
public enum Inference {
  /// The outcome of a test.
  public struct Test: Equatable, Sendable {
    /// The statistic that was compared.
    public let statistic: Double
    /// The two-sided probability of a statistic at least as extreme when nothing differs; for an
    /// F-test the upper tail.
    public let pValue: Double
    /// Values that entered, ties of a sign test left out.
    public let count: Int

    /// A test from its parts.
    public init(statistic: Double, pValue: Double, count: Int) {
      self.statistic = statistic
      self.pValue = pValue
      self.count = count
    }
  }

  /// The mean with its Student-t interval: mean ± t(df = n - 1) s / sqrt(n).
  ///
  /// - Throws: below two values, and where they are equal: nothing tells how they would vary.
  public static func meanInterval(
    _ values: [Double], level: Double = 0.95
  ) throws(NumericsError) -> Estimate {
    try meanInterval(values, of: "values", scale: 0, level)
  }

  // `scale`: the size of the numbers whose rounding the values carry.
  private static func meanInterval(
    _ values: [Double], of what: String, scale: Double, _ level: Double
  ) throws(NumericsError) -> Estimate {
    try check(values, "an interval of a mean", level)
    let mean = Statistics.mean(values)
    let deviation = Statistics.standardDeviation(values)
    // Equal numbers differ by rounding only.
    guard deviation > 1e-13 * max(scale, abs(mean)) else {
      // Without the digits that rounding made.
      let shown = abs(mean) < 1e6 ? (mean * 1e9).rounded() / 1e9 : mean
      throw .noSpread(what: what, value: shown, count: values.count)
    }
    let error = deviation / Double(values.count).squareRoot()
    let t = Distribution.studentTQuantile(
      (1 + level) / 2, degreesOfFreedom: Double(values.count - 1))
    return Estimate(
      value: mean, lower: mean - t * error, upper: mean + t * error, level: level,
      count: values.count)
  }

  /// The mean of `left - right` over matched pairs (the same seed) with its Student-t interval.
  ///
  /// - Throws: below two pairs, and where all differences are equal.
  public static func pairedDifference(
    _ left: [Double], _ right: [Double], level: Double = 0.95
  ) throws(NumericsError) -> Estimate {
    guard left.count == right.count else {
      throw .lengths(what: "paired differences", left: left.count, right: right.count)
    }
    let scale = (left + right).reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
    return try meanInterval(
      zip(left, right).map { $0 - $1 }, of: "differences", scale: scale, level)
  }

  /// The two-sided sign test of paired differences; zero differences are left out.
  ///
  /// Statistic: the number of positive differences, binomial(n, 1/2) when nothing differs.
  public static func signTest(_ differences: [Double]) throws(NumericsError) -> Test {
    try finite(differences, "a sign test")
    let positive = differences.count { $0 > 0 }
    let n = positive + differences.count { $0 < 0 }
    let extreme = min(positive, n - positive)
    var tail = 0.0
    for k in 0...extreme {
      tail += exp(
        lgamma(Double(n + 1)) - lgamma(Double(k + 1)) - lgamma(Double(n - k + 1))
          - Double(n) * log(2.0))
    }
    return Test(statistic: Double(positive), pValue: min(1, 2 * tail), count: n)
  }

  /// The F-test that several groups share one mean (one-way analysis of variance).
  public static func equalMeans(_ groups: [[Double]]) throws(NumericsError) -> Test {
    let all = groups.flatMap { $0 }
    try finite(all, "an F-test")
    guard groups.count > 1, groups.allSatisfy({ !$0.isEmpty }), all.count > groups.count else {
      throw .tooFew(
        what: "an F-test (two groups, more values than groups)", found: all.count,
        needed: max(groups.count, 2) + 1)
    }
    let center = Statistics.mean(all)
    var between = 0.0
    var within = 0.0
    for group in groups {
      let mean = Statistics.mean(group)
      between += Double(group.count) * (mean - center) * (mean - center)
      for value in group { within += (value - mean) * (value - mean) }
    }
    let df1 = Double(groups.count - 1)
    let df2 = Double(all.count - groups.count)
    let f = (between / df1) / (within / df2)
    return Test(
      statistic: f, pValue: Distribution.fisherUpperTail(f, df1, df2), count: all.count)
  }

  private static func check(
    _ values: [Double], _ what: String, _ level: Double
  ) throws(NumericsError) {
    guard values.count > 1 else { throw .tooFew(what: what, found: values.count, needed: 2) }
    guard level > 0, level < 1 else {
      throw .outOfRange(what: "level", value: level, allowed: "between 0 and 1")
    }
    try finite(values, what)
  }

  private static func finite(_ values: [Double], _ what: String) throws(NumericsError) {
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(what: what, index: index)
    }
  }
}
