import MDMNumerics

/// The analysis of variance of runs: what mixtures do, what seeds do, and what is left.
///
/// The model is y = mixture + seed + noise: seeds are blocks that matched mixtures share. Each effect
/// is judged beyond the other (type II), so that missing runs do no harm; without matched seeds the
/// seeds are part of the noise.
///
/// Source: Fisher, "The design of experiments", 1935; Henderson's third method for the variances
/// (Searle, Casella and McCulloch, "Variance components", 1992, chapter 5).
public struct SeedANOVA: Sendable {
  /// One line of the table.
  public struct Effect: Sendable, Equatable {
    public let degreesOfFreedom: Int
    public let sumOfSquares: Double
    /// The variance that the effect adds to a run: 0 where less than chance was found.
    public let variance: Double
    /// The F statistic against the noise and its upper tail; nil for the noise itself.
    public let test: Inference.Test?

    public var meanSquare: Double { sumOfSquares / Double(degreesOfFreedom) }
  }

  public let mixture: Effect
  /// nil where no seeds are matched.
  public let seed: Effect?
  public let noise: Effect
  /// For each mixture its mean, as if every mixture had had every seed.
  public let means: [Double]
  /// The standard deviation of a run that only another seed and chance move.
  public let runDeviation: Double

  /// - Throws: where there is one mixture, no replicate, no noise, or no connection by seeds.
  public init(_ panel: SeedPanel) throws(EvidenceError) {
    let (a, b, n) = (panel.mixtures.count, panel.seeds.count, panel.runs.count)
    guard a > 1 else { throw .oneMixture(panel.mixtures[0]) }
    guard n > a else { throw .noReplicates(mixtures: a) }
    let scores = panel.runs.map(\.score)
    guard scores.contains(where: { $0 != scores[0] }) else { throw .constant(target: panel.target) }
    let grand = Statistics.mean(scores)
    let total = scores.reduce(0) { $0 + ($1 - grand) * ($1 - grand) }
    let byMixture = Self.groups(panel.runs, a, \.mixture)
    let withinMixtures = Self.within(byMixture)
    guard panel.isMatched else {
      let df = n - a
      try Self.expectNoise(withinMixtures, total)
      let variance = withinMixtures / Double(df)
      let sizes = byMixture.map { Double($0.count) }
      let between = total - withinMixtures
      let k = Double(n) - sizes.reduce(0) { $0 + $1 * $1 } / Double(n)
      mixture = Self.effect(between, a - 1, noise: variance, df, weight: k, n)
      seed = nil
      noise = Effect(
        degreesOfFreedom: df, sumOfSquares: withinMixtures, variance: variance, test: nil)
      means = byMixture.map(Statistics.mean)
      runDeviation = variance.squareRoot()
      return
    }
    let df = n - a - b + 1
    let (seedEffects, left) = try Self.additive(panel)
    guard df > 0 else { throw .noReplicates(mixtures: a) }
    try Self.expectNoise(left, total)
    let variance = left / Double(df)
    let bySeed = Self.groups(panel.runs, b, \.seed)
    let cells = Dictionary(grouping: panel.runs) { $0.mixture * b + $0.seed }
    var (mixtureWeight, seedWeight) = (Double(n), Double(n))
    for (cell, runs) in cells {
      let square = Double(runs.count * runs.count)
      mixtureWeight -= square / Double(bySeed[cell % b].count)
      seedWeight -= square / Double(byMixture[cell / b].count)
    }
    mixture = Self.effect(
      Self.within(bySeed) - left, a - 1, noise: variance, df, weight: mixtureWeight, n)
    let seed = Self.effect(withinMixtures - left, b - 1, noise: variance, df, weight: seedWeight, n)
    self.seed = seed
    noise = Effect(degreesOfFreedom: df, sumOfSquares: left, variance: variance, test: nil)
    let center = Statistics.mean(seedEffects)
    var sums = [Double](repeating: 0, count: a)
    for run in panel.runs { sums[run.mixture] += run.score - seedEffects[run.seed] + center }
    means = zip(sums, byMixture).map { $0 / Double($1.count) }
    runDeviation = (variance + seed.variance).squareRoot()
  }

  /// The standard deviation of the difference of two matched runs.
  public var pairDeviation: Double { (2 * noise.variance).squareRoot() }

  /// How many unmatched seeds a matched one is worth: (seed + noise) / noise.
  public var gainOfMatching: Double { runDeviation * runDeviation / noise.variance }

  // MARK: Least squares

  /// The effects of the seeds and the sum of squares that mixtures and seeds leave.
  private static func additive(_ panel: SeedPanel) throws(EvidenceError) -> ([Double], Double) {
    let (a, b) = (panel.mixtures.count, panel.seeds.count)
    guard a * b <= 4_000_000 else {
      throw .badNumber(
        what: "the number of mixtures times seeds", value: Double(a * b), allowed: "up to 4 million"
      )
    }
    try expectConnection(panel)
    let center = Statistics.mean(panel.runs.map(\.score))
    let seeds: [Double]
    if b <= a {
      seeds = try effects(panel, of: \.seed, b, eliminating: \.mixture, a, center)
    } else {
      // The smaller system: the mixtures' effects, from which those of the seeds follow.
      let mixtures = try effects(panel, of: \.mixture, a, eliminating: \.seed, b, center)
      seeds = rest(panel, after: mixtures, of: \.mixture, b, by: \.seed, center)
    }
    let mixtures = rest(panel, after: seeds, of: \.seed, a, by: \.mixture, center)
    let squares = panel.runs.reduce(0.0) { sum, run in
      let gap = run.score - center - mixtures[run.mixture] - seeds[run.seed]
      return sum + gap * gap
    }
    return (seeds, squares)
  }

  /// The effects of one factor, that of its first level 0, by the normal equations from which the
  /// other factor is eliminated.
  private static func effects(
    _ panel: SeedPanel, of kept: KeyPath<SeedPanel.Run, Int>, _ count: Int,
    eliminating other: KeyPath<SeedPanel.Run, Int>, _ others: Int, _ center: Double
  ) throws(EvidenceError) -> [Double] {
    guard count > 1 else { return [0] }
    var counts = Matrix(rows: others, columns: count)
    var otherSums = [Double](repeating: 0, count: others)
    var sums = [Double](repeating: 0, count: count)
    for run in panel.runs {
      counts[run[keyPath: other], run[keyPath: kept]] += 1
      otherSums[run[keyPath: other]] += run.score - center
      sums[run[keyPath: kept]] += run.score - center
    }
    var left = Matrix(rows: count - 1, columns: count - 1)
    var right = Array(sums.dropFirst())
    for i in 0..<others {
      let size = counts.row(i).reduce(0, +)
      for j in 1..<count where counts[i, j] > 0 {
        left[j - 1, j - 1] += counts[i, j]
        right[j - 1] -= counts[i, j] * otherSums[i] / size
        for k in 1..<count { left[j - 1, k - 1] -= counts[i, j] * counts[i, k] / size }
      }
    }
    guard let factor = CholeskyFactorization(left) else {
      throw .disconnected(mixtures: [panel.mixtures[0]])
    }
    return [0] + factor.solve(right)
  }

  /// The mean of what one factor's effects leave, for each level of the other.
  private static func rest(
    _ panel: SeedPanel, after effects: [Double], of known: KeyPath<SeedPanel.Run, Int>,
    _ count: Int, by key: KeyPath<SeedPanel.Run, Int>, _ center: Double
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    var counts = sums
    for run in panel.runs {
      sums[run[keyPath: key]] += run.score - center - effects[run[keyPath: known]]
      counts[run[keyPath: key]] += 1
    }
    return zip(sums, counts).map { $0 / $1 }
  }

  private static func expectConnection(_ panel: SeedPanel) throws(EvidenceError) {
    var joined: Set<Int> = [0]
    var seeds: Set<Int> = []
    var grows = true
    while grows {
      grows = false
      for run in panel.runs where joined.contains(run.mixture) != seeds.contains(run.seed) {
        joined.insert(run.mixture)
        seeds.insert(run.seed)
        grows = true
      }
    }
    guard joined.count == panel.mixtures.count else {
      let apart = panel.mixtures.indices.filter {
        joined.contains($0) == (joined.count * 2 < panel.mixtures.count)
      }
      throw .disconnected(mixtures: apart.map { panel.mixtures[$0] })
    }
  }

  private static func expectNoise(_ left: Double, _ total: Double) throws(EvidenceError) {
    // Below the rounding of the sums nothing is known about the noise.
    guard left > 1e-20 * total else { throw .noNoise }
  }

  private static func effect(
    _ sum: Double, _ df: Int, noise: Double, _ noiseDF: Int, weight: Double, _ count: Int
  ) -> Effect {
    let sum = max(sum, 0)
    let f = sum / Double(df) / noise
    let test = Inference.Test(
      statistic: f, pValue: Distribution.fisherUpperTail(f, Double(df), Double(noiseDF)),
      count: count)
    return Effect(
      degreesOfFreedom: df, sumOfSquares: sum,
      variance: max(0, (sum - Double(df) * noise) / weight), test: test)
  }

  private static func groups(
    _ runs: [SeedPanel.Run], _ count: Int, _ key: KeyPath<SeedPanel.Run, Int>
  ) -> [[Double]] {
    var result = [[Double]](repeating: [], count: count)
    for run in runs { result[run[keyPath: key]].append(run.score) }
    return result
  }

  private static func within(_ groups: [[Double]]) -> Double {
    groups.reduce(0) { sum, group in
      let mean = Statistics.mean(group)
      return sum + group.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
  }
}
