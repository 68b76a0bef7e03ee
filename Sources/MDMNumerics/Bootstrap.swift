import Glibc

/// Bootstrap intervals.
///
/// The draws come from one named stream in one order: the same everywhere, whatever the threads.
public enum Bootstrap {
  /// Fewer values have too few different resamples for the ends of an interval.
  public static let fewest = 5

  /// How resamples become an interval.
  public enum Method: String, CaseIterable, Sendable {
    /// The quantiles of the resampled statistic.
    ///
    /// Source: Efron, "Bootstrap methods: another look at the jackknife", 1979.
    case percentile
    /// The same with the quantiles moved for bias and skewness: accurate to the second order.
    ///
    /// Source: Efron, "Better bootstrap confidence intervals", JASA 1987.
    case bca
    /// The quantiles of the resampled t statistic, turned around; for means of few values, where the
    /// other two are too short.
    ///
    /// Source: Efron and Tibshirani, "An introduction to the bootstrap", 1993, section 12.5.
    case studentized
  }

  /// What is measured of a sample.
  public enum Statistic: String, CaseIterable, Sendable {
    case mean, median
    /// The mean of the middle half.
    ///
    /// Source: Agarwal and others, "Deep reinforcement learning at the edge of the statistical
    /// precipice", NeurIPS 2021.
    case iqm

    /// Its value for values in rising order.
    func ofSorted(_ sorted: [Double]) -> Double {
      switch self {
      case .mean: return Statistics.mean(sorted)
      case .median:
        let half = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
      case .iqm:
        let cut = sorted.count / 4
        return Statistics.mean(Array(sorted[cut..<sorted.count - cut]))
      }
    }

    func of(_ values: [Double]) -> Double {
      self == .mean ? Statistics.mean(values) : ofSorted(values.sorted())
    }
  }

  /// The interval of a statistic of independent values.
  ///
  /// - Parameters:
  ///   - values: one a seed, or differences of matched pairs.
  ///   - interrupted: asked every few milliseconds; true ends it with nil.
  /// - Throws: for fewer than 5 values, of which resamples would say little, values that are not finite or all equal, and for a
  ///   studentized interval of another statistic than the mean.
  public static func interval(
    _ values: [Double], statistic: Statistic = .mean, method: Method = .bca, level: Double = 0.95,
    resamples: Int = 10_000, stream: inout RandomStream, interrupted: () -> Bool = { false }
  ) throws(NumericsError) -> Estimate? {
    try check([values], level, resamples)
    guard method != .studentized || statistic == .mean else {
      throw .outOfRange(
        what: "the statistic of a studentized interval", value: .nan, allowed: "the mean only")
    }
    let n = values.count
    let observed = statistic.of(values)
    let error = Statistics.standardDeviation(values) / Double(n).squareRoot()
    var draws: [Double] = []
    draws.reserveCapacity(resamples)
    var sample = values
    let poll = max(1, 500_000 / n)
    for draw in 0..<resamples {
      if draw % poll == 0, interrupted() { return nil }
      var sum = 0.0
      for i in 0..<n {
        sample[i] = values[stream.integer(below: n)]
        sum += sample[i]
      }
      switch (method, statistic) {
      case (.studentized, _):
        let mean = sum / Double(n)
        let squares = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let own = (squares / Double((n - 1) * n)).squareRoot()
        // A resample of one value repeated has no t; it counts as far out, on its own side.
        draws.append((mean - observed) / max(own, 1e-9 * error))
      case (_, .mean): draws.append(sum / Double(n))
      default:
        sample.sort()
        draws.append(statistic.ofSorted(sample))
      }
    }
    let tail = (1 - level) / 2
    draws.sort()
    let (low, high): (Double, Double)
    switch method {
    case .percentile: (low, high) = (quantile(draws, tail), quantile(draws, 1 - tail))
    case .studentized:
      low = observed - quantile(draws, 1 - tail) * error
      high = observed - quantile(draws, tail) * error
    case .bca:
      let acceleration = acceleration(values, statistic)
      let shift = bias(draws, observed)
      func place(_ share: Double) -> Double {
        let z = shift + Distribution.normalQuantile(share)
        return quantile(draws, Distribution.normal(shift + z / (1 - acceleration * z)))
      }
      (low, high) = (place(tail), place(1 - tail))
    }
    return Estimate(value: observed, lower: low, upper: high, level: level, count: n)
  }

  /// The percentile interval of a mean over seeds and items that are both samples of more: seeds and
  /// items are drawn independently, whole rows and whole columns at a time.
  ///
  /// - Parameter rows: a row a seed, each with the scores of the same items.
  ///
  /// Source: Owen, "The pigeonhole bootstrap", Annals of Applied Statistics 2007: slightly wide.
  public static func crossed(
    _ rows: [[Double]], level: Double = 0.95, resamples: Int = 10_000,
    stream: inout RandomStream, interrupted: () -> Bool = { false }
  ) throws(NumericsError) -> Estimate? {
    try check(rows, level, resamples)
    let (seeds, items) = (rows.count, rows[0].count)
    guard seeds >= fewest else {
      throw .tooFew(what: "a bootstrap interval", found: seeds, needed: fewest)
    }
    var draws: [Double] = []
    var counts = [Double](repeating: 0, count: items)
    let poll = max(1, 200_000 / (items * seeds))
    for draw in 0..<resamples {
      if draw % poll == 0, interrupted() { return nil }
      for i in 0..<items { counts[i] = 0 }
      for _ in 0..<items { counts[stream.integer(below: items)] += 1 }
      var times = [Int](repeating: 0, count: seeds)
      for _ in 0..<seeds { times[stream.integer(below: seeds)] += 1 }
      var sum = 0.0
      for (row, time) in zip(rows, times) where time > 0 {
        var inner = 0.0
        for i in 0..<items { inner += counts[i] * row[i] }
        sum += Double(time) * inner
      }
      draws.append(sum / Double(seeds * items))
    }
    draws.sort()
    let tail = (1 - level) / 2
    return Estimate(
      value: Statistics.mean(rows.map(Statistics.mean)), lower: quantile(draws, tail),
      upper: quantile(draws, 1 - tail), level: level, count: seeds)
  }

  /// The bias correction: the normal quantile of the share of draws below what was observed.
  static func bias(_ draws: [Double], _ observed: Double) -> Double {
    var below = 0.0
    for draw in draws { below += draw < observed ? 1 : draw == observed ? 0.5 : 0 }
    let count = Double(draws.count)
    return Distribution.normalQuantile(min(max(below / count, 0.5 / count), 1 - 0.5 / count))
  }

  /// The acceleration from the values left out one at a time: a sixth of their skewness.
  static func acceleration(_ values: [Double], _ statistic: Statistic) -> Double {
    let left = values.indices.map { index in
      var others = values
      others.remove(at: index)
      return statistic.of(others)
    }
    let center = Statistics.mean(left)
    var (squares, cubes) = (0.0, 0.0)
    for value in left {
      let gap = center - value
      squares += gap * gap
      cubes += gap * gap * gap
    }
    return squares > 0 ? cubes / (6 * pow(squares, 1.5)) : 0
  }

  private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let place = min(max(share, 0), 1) * Double(sorted.count - 1)
    let low = Int(place)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
  }

  private static func check(
    _ rows: [[Double]], _ level: Double, _ resamples: Int
  ) throws(NumericsError) {
    guard let items = rows.first?.count, items >= fewest else {
      throw .tooFew(what: "a bootstrap interval", found: rows.first?.count ?? 0, needed: fewest)
    }
    for row in rows where row.count != items {
      throw .lengths(what: "the rows of a bootstrap", left: items, right: row.count)
    }
    guard level > 0, level < 1 else {
      throw .outOfRange(what: "level", value: level, allowed: "between 0 and 1")
    }
    guard resamples >= 100 else {
      throw .outOfRange(what: "resamples", value: Double(resamples), allowed: "100 and above")
    }
    let all = rows.joined()
    if let index = Array(all).firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(what: "a bootstrap interval", index: index)
    }
    guard let first = all.first, all.contains(where: { $0 != first }) else { throw .constant }
  }
}
