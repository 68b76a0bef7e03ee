import Glibc
import MDMNumerics

/// Runs that do not belong to the others: far out, of heavy tails, or without a format.
public struct RunCheck: Sendable {
  /// A run that chance hardly explains.
  public struct Suspect: Sendable, Equatable {
    public let mixture: String
    public let seed: Int64
    public let score: Double
    /// The residual without the run, in its standard errors: Student-t where the run is one of them.
    public let t: Double
    /// Its two-sided p value times the number of runs looked at.
    public let pValue: Double
  }

  /// Runs whose removal changes the picture, the farthest first.
  public let suspects: [Suspect]
  /// The kurtosis of the residuals less that of normal ones; nil below 20 runs.
  public let excessKurtosis: Double?
  /// The chance of a kurtosis as high for normal noise.
  public let kurtosisPValue: Double?

  /// Whether Student's intervals are in doubt.
  public var hasHeavyTails: Bool { !suspects.isEmpty || (kurtosisPValue ?? 1) < 0.01 }

  /// Takes away the farthest run as long as it is one by `alpha`, at most a quarter of all.
  ///
  /// Source: Cook and Weisberg, "Residuals and influence in regression", 1982, section 2.2.2 (the
  /// mean-shift outlier model, Bonferroni); Anscombe and Glynn, "Distribution of the kurtosis statistic
  /// b2 for normal samples", Biometrika 1983.
  public init(_ panel: SeedPanel, alpha: Double = 0.05) throws(EvidenceError) {
    var rest = panel
    var found: [Suspect] = []
    let full = try SeedANOVA(panel)
    var noise = full.noise
    while found.count < min(panel.runs.count / 4, 20), noise.degreesOfFreedom > 1 {
      var worst: (index: Int, gain: Double, without: SeedANOVA.Effect)?
      // Of very many runs those of the largest residuals are enough to look at.
      let gaps = (try? SeedANOVA(rest)).map { Self.residuals(rest, $0).map(abs) } ?? []
      let order = gaps.indices.sorted { gaps[$0] > gaps[$1] }
      for index in order.count > 200 ? Array(order.prefix(40)) : Array(rest.runs.indices) {
        // A run that is all there is of its mixture has no others to be far from.
        guard let without = (try? SeedANOVA(rest.removing(index)))?.noise,
          without.degreesOfFreedom == noise.degreesOfFreedom - 1
        else { continue }
        let gain = noise.sumOfSquares - without.sumOfSquares
        let best = worst?.gain ?? 0
        // Of two runs of one seed the pair's difference alone is known, and both gain the same: then
        // it is the one that is farther from the others of its mixture.
        let isTied = worst.map { abs(gain - $0.gain) <= 1e-9 * gain } ?? false
        if isTied, let old = worst?.index, Self.distance(rest, index) <= Self.distance(rest, old) {
          continue
        }
        if gain > best || isTied { worst = (index, gain, without) }
      }
      guard let worst else { break }
      let df = Double(worst.without.degreesOfFreedom)
      let size = (worst.gain / worst.without.variance).squareRoot()
      let p = min(
        1, 2 * Double(rest.runs.count) * Distribution.studentT(-size, degreesOfFreedom: df))
      guard p < alpha else { break }
      let run = rest.runs[worst.index]
      let others = rest.removing(worst.index)
      let center = Statistics.mean(others.scores(run.mixture))
      found.append(
        Suspect(
          mixture: panel.mixtures[run.mixture], seed: panel.seeds[run.seed], score: run.score,
          t: run.score < center ? -size : size, pValue: p))
      rest = others
      noise = worst.without
    }
    suspects = found
    let residuals = Self.residuals(panel, full)
    excessKurtosis = residuals.count < 20 ? nil : Self.kurtosis(residuals) - 3
    kurtosisPValue = residuals.count < 20 ? nil : Self.kurtosisTest(residuals)
  }

  private static func distance(_ panel: SeedPanel, _ index: Int) -> Double {
    let run = panel.runs[index]
    return abs(run.score - Statistics.median(panel.scores(run.mixture)))
  }

  private static func residuals(_ panel: SeedPanel, _ anova: SeedANOVA) -> [Double] {
    var sums = [Double](repeating: 0, count: panel.seeds.count)
    var counts = sums
    for run in panel.runs where anova.seed != nil {
      sums[run.seed] += run.score - anova.means[run.mixture]
      counts[run.seed] += 1
    }
    return panel.runs.map { run in
      run.score - anova.means[run.mixture]
        - (counts[run.seed] > 0 ? sums[run.seed] / counts[run.seed] : 0)
    }
  }

  static func kurtosis(_ values: [Double]) -> Double {
    let mean = Statistics.mean(values)
    let square = Statistics.variance(values, ddof: 0)
    return values.reduce(0) { $0 + pow($1 - mean, 4) } / Double(values.count) / (square * square)
  }

  /// The upper tail of Anscombe and Glynn's test of normal kurtosis, for 20 values or more.
  public static func kurtosisTest(_ values: [Double]) -> Double {
    let n = Double(values.count)
    let expected = 3 * (n - 1) / (n + 1)
    let variance =
      24 * n * (n - 2) * (n - 3) / ((n + 1) * (n + 1) * (n + 3) * (n + 5))
    let x = (kurtosis(values) - expected) / variance.squareRoot()
    let skewness =
      6 * (n * n - 5 * n + 2) / ((n + 7) * (n + 9))
      * (6 * (n + 3) * (n + 5) / (n * (n - 2) * (n - 3))).squareRoot()
    let a = 6 + 8 / skewness * (2 / skewness + (1 + 4 / (skewness * skewness)).squareRoot())
    let denominator = 1 + x * (2 / (a - 4)).squareRoot()
    let root = cbrt((1 - 2 / a) / abs(denominator)) * (denominator < 0 ? -1 : 1)
    let z = (1 - 2 / (9 * a) - root) / (2 / (9 * a)).squareRoot()
    return 1 - Distribution.normal(z)
  }

  // MARK: Format

  /// A run that answers in the asked format less and less.
  public struct Collapse: Sendable, Equatable {
    /// The best mean share in format of a window of steps.
    public let peak: Double
    /// That of the last window.
    public let last: Double
  }

  /// Whether a run's share in format fell from its peak to less than half of it.
  ///
  /// - Parameters:
  ///   - curve: the share of completions in format, a value a step; steps that are not finite do not
  ///     count.
  ///   - window: steps that are averaged.
  public static func formatCollapse(_ curve: [Double], window: Int = 10) -> Collapse? {
    let values = curve.filter(\.isFinite)
    guard values.count >= 2 * window, window > 0 else { return nil }
    var sum = values[..<window].reduce(0, +)
    var peak = sum
    for end in window..<values.count {
      sum += values[end] - values[end - window]
      peak = max(peak, sum)
    }
    let last = values.suffix(window).reduce(0, +)
    let steps = Double(window)
    return peak / steps >= 0.1 && last < peak / 2
      ? Collapse(peak: peak / steps, last: last / steps) : nil
  }

  /// The positions of runs whose share in format at the end is less than half the median of all.
  public static func withoutFormat(_ shares: [Double]) -> [Int] {
    let typical = Statistics.median(shares.filter(\.isFinite))
    guard typical >= 0.1 else { return [] }
    return shares.indices.filter { !(shares[$0] >= typical / 2) }
  }
}

extension SeedPanel {
  /// The panel without one run; mixtures and seeds that lose their last one go, too.
  func removing(_ index: Int) -> SeedPanel {
    var kept = runs
    kept.remove(at: index)
    let left = try? SeedPanel(
      target: target, mixtures: kept.map { mixtures[$0.mixture] },
      seeds: kept.map { seeds[$0.seed] }, scores: kept.map(\.score))
    return left ?? self
  }
}
