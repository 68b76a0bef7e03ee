import MDMNumerics

/// How many seeds a comparison of two mixtures needs.
///
/// Exact for normal noise, by the noncentral t distribution.
public struct PowerPlan: Sendable, Equatable {
  /// The standard deviation of one run around its mixture, seeds that both sides share left out.
  public let noise: Double
  /// Whether both mixtures get the same seeds: then one sample of differences is tested.
  public let isPaired: Bool
  /// The chance of a false alarm that is accepted over all comparisons.
  public let alpha: Double
  /// How many comparisons share `alpha` (Bonferroni).
  public let comparisons: Int

  /// - Throws: for numbers without a meaning.
  public init(
    noise: Double, isPaired: Bool = true, alpha: Double = 0.05, comparisons: Int = 1
  ) throws(EvidenceError) {
    guard noise > 0, noise.isFinite else {
      throw .badNumber(what: "the noise", value: noise, allowed: "above 0")
    }
    guard alpha > 0, alpha < 1 else {
      throw .badNumber(what: "alpha", value: alpha, allowed: "between 0 and 1")
    }
    guard comparisons > 0 else {
      throw .badNumber(
        what: "the number of comparisons", value: Double(comparisons), allowed: "1 and above")
    }
    self.noise = noise
    self.isPaired = isPaired
    self.alpha = alpha
    self.comparisons = comparisons
  }

  /// The chance to find a difference of that size with so many seeds a mixture.
  ///
  /// - Throws: below 2 seeds.
  public func power(effect: Double, seeds: Int) throws(EvidenceError) -> Double {
    guard effect.isFinite else {
      throw .badNumber(what: "the effect", value: effect, allowed: "finite")
    }
    guard seeds > 1 else { throw .tooFew(what: "a test", found: seeds, needed: 2) }
    guard seeds <= 1_000_000 else {
      throw .badNumber(
        what: "the number of seeds", value: Double(seeds), allowed: "2 to 1,000,000")
    }
    let df = Double(isPaired ? seeds - 1 : 2 * (seeds - 1))
    // Both designs: a difference of means has the variance 2 noise² / seeds.
    let shift = abs(effect) / (noise * (2 / Double(seeds)).squareRoot())
    let critical = Distribution.studentTQuantile(
      1 - alpha / Double(comparisons) / 2, degreesOfFreedom: df)
    let low = Distribution.noncentralT(-critical, degreesOfFreedom: df, noncentrality: shift)
    let high = Distribution.noncentralT(critical, degreesOfFreedom: df, noncentrality: shift)
    return min(1, max(0, 1 - high + low))
  }

  /// The fewest seeds that find the effect with the wanted chance; nil where 100,000 do not.
  public func seeds(effect: Double, power wanted: Double = 0.8) throws(EvidenceError) -> Int? {
    guard wanted > 0, wanted < 1 else {
      throw .badNumber(what: "the power", value: wanted, allowed: "between 0 and 1")
    }
    guard effect != 0 else {
      throw .badNumber(
        what: "the effect", value: 0, allowed: "any but 0: no number of runs finds it")
    }
    var (low, high) = (1, 2)
    while try power(effect: effect, seeds: high) < wanted {
      guard high < 100_000 else { return nil }
      (low, high) = (high, 2 * high)
    }
    while high - low > 1 {
      let middle = (low + high) / 2
      if try power(effect: effect, seeds: middle) < wanted { low = middle } else { high = middle }
    }
    return high
  }

  /// The smallest effect that so many seeds find with the wanted chance.
  public func detectable(seeds: Int, power wanted: Double = 0.8) throws(EvidenceError) -> Double {
    guard wanted > alpha, wanted < 1 else {
      throw .badNumber(what: "the power", value: wanted, allowed: "between alpha and 1")
    }
    var (low, high) = (0.0, noise)
    while try power(effect: high, seeds: seeds) < wanted { (low, high) = (high, 2 * high) }
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if try power(effect: middle, seeds: seeds) < wanted { low = middle } else { high = middle }
    }
    return high
  }

  /// The end of a one-sided interval for the noise that few runs leave uncertain: plans that must
  /// not fail take it in place of the estimate.
  ///
  /// Source: the chi-squared distribution of a variance; Browne, "On the use of a pilot sample for
  /// sample size determination", Statistics in Medicine 1995.
  public static func cautiousNoise(
    _ noise: Double, degreesOfFreedom df: Int, level: Double = 0.8
  ) -> Double {
    noise
      * (Double(df)
      / Distribution.chiSquaredQuantile(1 - level, degreesOfFreedom: Double(df))).squareRoot()
  }
}
