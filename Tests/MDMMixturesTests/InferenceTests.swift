import MDMMixtures
import MDMNumerics
import Testing

/// Four mixtures with five matched seeds; the figures beside them are of scipy.stats 1.17.1 (ttest_rel,
/// ttest_ind, dunnett, f, nct, kurtosistest) and of least squares by numpy.
enum InferenceSamples {
  static let scores = [
    [0.4256, 0.4343, 0.4378, 0.4126, 0.3995], [0.4438, 0.4492, 0.4285, 0.4484, 0.4297],
    [0.4325, 0.4321, 0.4426, 0.446, 0.4472], [0.3997, 0.4151, 0.3984, 0.4053, 0.4055],
  ]
  static let names = ["uniform", "sat", "coco", "lisa"]

  /// - Parameter seeds: the seed of a mixture's run; matched by default.
  static func panel(
    without missing: Set<[Int]> = [], seed: (Int, Int) -> Int = { $1 }
  ) throws -> SeedPanel {
    let places = (0..<4).flatMap { i in (0..<5).map { [i, $0] } }.filter { !missing.contains($0) }
    return try SeedPanel(
      target: "out_score", mixtures: places.map { names[$0[0]] },
      seeds: places.map { Int64(seed($0[0], $0[1])) }, scores: places.map { scores[$0[0]][$0[1]] })
  }
}

@Suite struct SeedANOVATests {
  @Test func matchedSeedsAreBlocks() throws {
    let found = try SeedANOVA(InferenceSamples.panel())
    #expect(abs(found.mixture.sumOfSquares - 0.00427935) < 1e-14)
    #expect(abs((found.mixture.test?.statistic ?? 0) - 11.478327342953682) < 1e-9)
    #expect(abs((found.mixture.test?.pValue ?? 0) - 0.0007705643375359645) < 1e-12)
    #expect(abs((found.seed?.test?.pValue ?? 0) - 0.6516913935317735) < 1e-10)
    #expect(found.noise.degreesOfFreedom == 12)
    #expect(found.seed?.variance == 0)
    // Balanced: (MS mixture - MS noise) / seeds.
    let square = found.mixture.meanSquare - found.noise.meanSquare
    #expect(abs(found.mixture.variance - square / 5) < 1e-15)
    #expect(abs(found.means[0] - 0.42196) < 1e-12)
  }

  @Test func missingRunsDoNoHarm() throws {
    let found = try SeedANOVA(InferenceSamples.panel(without: [[0, 1], [2, 3], [3, 4]]))
    #expect(abs((found.mixture.test?.statistic ?? 0) - 8.327813651152193) < 1e-9)
    #expect(abs((found.mixture.test?.pValue ?? 0) - 0.005794261891996311) < 1e-11)
    #expect(abs((found.seed?.test?.statistic ?? 0) - 0.39449852962552856) < 1e-9)
    #expect(found.noise.degreesOfFreedom == 9)
  }

  @Test func unmatchedSeedsAreNoise() throws {
    let found = try SeedANOVA(InferenceSamples.panel { 10 * $0 + $1 })
    #expect(found.seed == nil)
    let plain = try Inference.equalMeans(InferenceSamples.scores)
    #expect(abs((found.mixture.test?.pValue ?? 0) - plain.pValue) < 1e-12)
  }

  @Test func plantedVariancesAreFound() throws {
    var stream = RandomStream(seed: 7, purpose: "anova")
    let mixtures = (0..<60).map { _ in 0.03 * stream.normal() }
    let seeds = (0..<40).map { _ in 0.02 * stream.normal() }
    let places = (0..<60).flatMap { i in (0..<40).map { (i, $0) } }
    let found = try SeedANOVA(
      SeedPanel(
        target: "t", mixtures: places.map { "m\($0.0)" }, seeds: places.map { Int64($0.1) },
        scores: places.map { mixtures[$0.0] + seeds[$0.1] + 0.01 * stream.normal() }))
    #expect(abs(found.noise.variance.squareRoot() - 0.01) < 0.0005)
    #expect(
      abs(found.mixture.variance.squareRoot() - Statistics.standardDeviation(mixtures)) < 0.001)
    #expect(
      abs((found.seed?.variance ?? 0).squareRoot() - Statistics.standardDeviation(seeds)) < 0.001)
    #expect(abs(found.gainOfMatching - 5) < 2)
  }

  @Test func moreSeedsThanMixturesGiveTheSame() throws {
    let scores = InferenceSamples.scores
    let places = (0..<5).flatMap { j in (0..<4).map { ($0, j) } }.filter { $0 != (1, 2) }
    func anova(_ mixture: (Int, Int) -> Int, _ seed: (Int, Int) -> Int) throws -> SeedANOVA {
      try SeedANOVA(
        SeedPanel(
          target: "t", mixtures: places.map { "m\(mixture($0.0, $0.1))" },
          seeds: places.map { Int64(seed($0.0, $0.1)) },
          scores: places.map { scores[$0.0][$0.1] }))
    }
    let (wide, tall) = (try anova({ i, _ in i }, { $1 }), try anova({ $1 }, { i, _ in i }))
    #expect(abs(wide.mixture.sumOfSquares - (tall.seed?.sumOfSquares ?? 0)) < 1e-15)
    #expect(abs(wide.noise.sumOfSquares - tall.noise.sumOfSquares) < 1e-15)
  }

  @Test func whatRunsCannotTellIsSaid() throws {
    func anova(_ mixtures: [String], _ seeds: [Int64], _ scores: [Double]) throws -> SeedANOVA {
      try SeedANOVA(SeedPanel(target: "t", mixtures: mixtures, seeds: seeds, scores: scores))
    }
    #expect(throws: EvidenceError.oneMixture("a")) { try anova(["a", "a"], [1, 2], [1, 2]) }
    #expect(throws: EvidenceError.noReplicates(mixtures: 2)) {
      try anova(["a", "b"], [1, 1], [1, 2])
    }
    #expect(throws: EvidenceError.constant(target: "t")) {
      try anova(["a", "a", "b", "b"], [1, 2, 1, 2], [3, 3, 3, 3])
    }
    #expect(throws: EvidenceError.noNoise) {
      try anova(["a", "a", "b", "b"], [1, 2, 1, 2], [1, 2, 3, 4])
    }
    #expect(throws: EvidenceError.disconnected(mixtures: ["c"])) {
      try anova(
        ["a", "a", "b", "b", "c", "c"], [1, 2, 1, 2, 3, 4], [1, 2, 3, 5, 3, 4])
    }
    #expect(throws: EvidenceError.badScore(run: "b, seed 1", score: -.infinity)) {
      try anova(["a", "b"], [1, 1], [1, -.infinity])
    }
    #expect(throws: EvidenceError.lengths(what: "seeds and scores", left: 1, right: 2)) {
      try anova(["a", "b"], [1], [1, 2])
    }
  }
}

@Suite struct ContrastTests {
  @Test func pairedDifferencesAgreeWithScipy() throws {
    let found = try Contrasts(InferenceSamples.panel(), reference: "uniform")
    #expect(found.rows.map(\.mixture) == ["sat", "coco", "lisa"])
    for (row, p) in zip(found.rows, [0.08303345413565118, 0.13068120408745415, 0.0919026932740256])
    {
      #expect(abs(row.pValue - p) < 1e-12)
    }
    #expect(abs(found.rows[0].difference.lower + 0.0037301677578552572) < 1e-12)
    #expect(found.method == .dunnett && found.notes.isEmpty)
  }

  @Test func unmatchedRunsAgreeWithScipysDunnettAndWelch() throws {
    let found = try Contrasts(
      InferenceSamples.panel { 10 * $0 + $1 }, reference: "uniform")
    for (row, p) in zip(found.rows, [0.0425143, 0.04061513, 0.05362677]) {
      #expect(abs(row.adjusted - p) < 2e-4)
    }
    #expect(abs(found.rows[0].simultaneous.lower - 0.00055713) < 1e-4)
    #expect(abs(found.rows[0].pValue - 0.07150200210737039) < 1e-10)
    #expect(abs(found.rows[0].difference.upper - 0.03799068938489721) < 1e-10)
    #expect(!found.isMatched && found.notes.count == 1)
  }

  @Test func unequalNumbersAgreeWithScipysDunnett() throws {
    let panel = try InferenceSamples.panel(without: [[1, 4], [3, 3], [3, 4]]) { 10 * $0 + $1 }
    let found = try Contrasts(panel, reference: "uniform")
    for (row, p) in zip(found.rows, [0.04751995, 0.06490118, 0.13264583]) {
      #expect(abs(row.adjusted - p) < 3e-4)
    }
  }

  @Test func missingRunsFallBackToHolm() throws {
    let found = try Contrasts(
      InferenceSamples.panel(without: [[1, 0], [2, 3]]), reference: "uniform")
    #expect(found.method == .holm)
    #expect(
      found.notes == [
        "sat: 1 seed without a partner left out (0)", "coco: 1 seed without a partner left out (3)",
      ])
    #expect(found.rows[0].difference.count == 4)
    #expect(found.rows[0].adjusted >= found.rows[0].pValue)
  }

  @Test func whatCannotBeComparedIsSaid() throws {
    let panel = try InferenceSamples.panel()
    #expect(
      throws: EvidenceError.unknownMixture(
        "unifrom", nearest: "uniform", known: InferenceSamples.names)
    ) { try Contrasts(panel, reference: "unifrom") }
    let few = try SeedPanel(
      target: "t", mixtures: ["a", "b", "a"], seeds: [1, 1, 2], scores: [1, 2, 3])
    #expect(
      throws: EvidenceError.unmatched(
        left: "b", right: "a", matched: 1, leftSeeds: 1, rightSeeds: 2)
    ) { try Contrasts(few, reference: "a") }
    let level = try SeedPanel(
      target: "t", mixtures: ["a", "b", "a", "b"], seeds: [1, 1, 2, 2], scores: [1, 2, 3, 4])
    #expect(
      throws: EvidenceError.equalDifferences(what: "b less a", value: 1, count: 2)
    ) { try Contrasts(level, reference: "a") }
  }
}

@Suite struct PowerPlanTests {
  @Test func powerAgreesWithScipysNoncentralT() throws {
    let paired = try PowerPlan(noise: 0.015)
    #expect(abs(try paired.power(effect: 0.02, seeds: 6) - 0.4630364921340068) < 1e-9)
    #expect(try paired.seeds(effect: -0.02) == 11)
    let many = try PowerPlan(noise: 0.02, comparisons: 3)
    #expect(abs(try many.power(effect: 0.01, seeds: 12) - 0.09352475520281316) < 1e-9)
    let apart = try PowerPlan(noise: 0.015, isPaired: false)
    #expect(abs(try apart.power(effect: 0.02, seeds: 6) - 0.5499873565453628) < 1e-9)
    let least = try paired.detectable(seeds: 6)
    #expect(abs(try paired.power(effect: least, seeds: 6) - 0.8) < 1e-9)
  }

  @Test func plansWithoutAMeaningAreRefused() throws {
    let plan = try PowerPlan(noise: 0.01)
    #expect(throws: EvidenceError.self) { try PowerPlan(noise: 0) }
    #expect(throws: EvidenceError.self) { try PowerPlan(noise: .nan) }
    #expect(throws: EvidenceError.tooFew(what: "a test", found: 1, needed: 2)) {
      try plan.power(effect: 0.1, seeds: 1)
    }
    #expect(throws: EvidenceError.self) { try plan.seeds(effect: 0) }
    #expect(try plan.seeds(effect: 1e-9) == nil)
  }

  @Test func fewRunsLeaveTheNoiseUncertain() {
    // sqrt(2 / chi2.ppf(0.2, 2)) of scipy.
    let cautious = PowerPlan.cautiousNoise(1, degreesOfFreedom: 2)
    #expect(abs(cautious - (2 / 0.4462871026284195).squareRoot()) < 1e-9)
  }
}

@Suite struct RunCheckTests {
  @Test func aCollapsedRunIsNamed() throws {
    var scores = InferenceSamples.scores
    scores[2][1] = 0.21
    let panel = try SeedPanel(
      target: "t", mixtures: (0..<20).map { InferenceSamples.names[$0 / 5] },
      seeds: (0..<20).map { Int64($0 % 5) }, scores: scores.flatMap { $0 })
    let found = try RunCheck(panel)
    #expect(found.suspects.count == 1)
    #expect(found.suspects[0].mixture == "coco" && found.suspects[0].seed == 1)
    #expect(found.suspects[0].t < -8 && found.suspects[0].pValue < 1e-4)
    #expect(found.hasHeavyTails)
    #expect(try !RunCheck(InferenceSamples.panel()).hasHeavyTails)
  }

  @Test func normalRunsAreRarelySuspected() throws {
    var stream = RandomStream(seed: 5, purpose: "suspects")
    var alarms = 0
    for _ in 0..<200 {
      let panel = try SeedPanel(
        target: "t", mixtures: (0..<24).map { "m\($0 / 6)" }, seeds: (0..<24).map { Int64($0 % 6) },
        scores: (0..<24).map { _ in stream.normal() })
      if try !RunCheck(panel).suspects.isEmpty { alarms += 1 }
    }
    #expect(alarms < 20)  // 5% of 200, and chance
  }

  @Test func kurtosisAgreesWithScipy() {
    let values = [
      0.158, -0.47, -0.256, 0.208, -0.106, -0.803, 0.788, 0.813, 1.275, -0.004, 0.372, -1.891,
      -0.696, 0.423, 1.145, 0.044, -0.987, 0.027, -0.865, -1.11, 2.185, -0.479, 1.088, -3.557,
      1.213, 2.104, 4.168, -0.628, 0.171, 1.19, 0.953, 0.205, -2.077, -1.144, 0.26, -0.01, 1.123,
      0.356, -1.533, -0.592,
    ]
    #expect(abs(RunCheck.kurtosisTest(values) - 0.011882439533415548) < 1e-12)
  }

  @Test func aFallingFormatIsACollapse() {
    let rising = (0..<60).map { min(0.9, Double($0) / 40) }
    #expect(RunCheck.formatCollapse(rising) == nil)
    let fallen = rising + (0..<30).map { max(0.05, 0.9 - Double($0) / 20) }
    #expect((RunCheck.formatCollapse(fallen)?.last ?? 1) < 0.1)
    #expect(RunCheck.formatCollapse([0.9, 0.1, .nan]) == nil)
    #expect(RunCheck.withoutFormat([0.8, 0.9, 0.2, 0.85, .nan]) == [2, 4])
    #expect(RunCheck.withoutFormat([0, 0, 0.01]).isEmpty)
  }
}

@Suite struct FormatDecompositionTests {
  @Test func formatIsWhatLenientReadingDoesNotSee() throws {
    let found = try FormatDecomposition(
      strict: ([0.50, 0.52, 0.51, 0.53], [0.30, 0.31, 0.33, 0.32]),
      lenient: ([0.55, 0.56, 0.54, 0.57], [0.54, 0.57, 0.55, 0.56]))
    #expect(abs(found.strict.value - 0.2) < 1e-12)
    #expect(abs(found.skill.value + found.format.value - found.strict.value) < 1e-12)
    #expect((found.formatShare ?? 0) > 0.95)
    #expect(found.verdict == "the difference is format: none in skill is shown")
  }

  @Test func noDifferenceHasNoShare() throws {
    let found = try FormatDecomposition(
      strict: ([0.5, 0.4, 0.6], [0.45, 0.5, 0.55]), lenient: ([0.5, 0.4, 0.6], [0.5, 0.45, 0.55]))
    #expect(found.formatShare == nil)
    #expect(throws: EvidenceError.lengths(what: "runs and rivals", left: 2, right: 1)) {
      try FormatDecomposition(strict: ([1, 2], [1]), lenient: ([1, 2], [1, 2]))
    }
  }

  @Test func ratesSplitExactly() {
    let parts = FormatDecomposition.rates(format: (0.9, 0.4), strict: (0.45, 0.16))
    #expect(abs(parts.format + parts.skill - 0.29) < 1e-12)
    #expect(abs(parts.format - 0.225) < 1e-12)
  }

  /// With two mixtures a seed's difference alone is known: the run is named that is far from its own.
  @Test func ofTwoRunsOfASeedTheFarOneIsNamed() throws {
    var stream = RandomStream(seed: 2, purpose: "pairs")
    var scores = (0..<60).map { _ in 0.01 * stream.normal() }
    scores[7] = 9
    let panel = try SeedPanel(
      target: "t", mixtures: (0..<60).map { $0 % 2 == 0 ? "uniform" : "x" },
      seeds: (0..<60).map { Int64($0 / 2) }, scores: scores)
    let first = try #require(try RunCheck(panel).suspects.first)
    #expect(first.mixture == "x" && first.seed == 3 && first.score == 9 && first.t > 0)
  }

  @Test func oneSeedTwiceIsOneSeed() throws {
    let panel = try SeedPanel(
      target: "t", mixtures: ["a", "a", "b", "b"], seeds: [0, 0, 0, 0], scores: [1, 2, 3, 4])
    #expect(
      throws: EvidenceError.unmatched(
        left: "b", right: "a", matched: 1, leftSeeds: 1, rightSeeds: 1)
    ) { try Contrasts(panel, reference: "a") }
  }

  /// A difference that is the same with every seed has no interval of its own; the others keep theirs.
  @Test func aTiedDifferenceIsLeftOpen() throws {
    let panel = try SeedPanel(
      target: "t", mixtures: ["a", "a", "a", "b", "b", "b", "c", "c", "c"],
      seeds: [0, 1, 2, 0, 1, 2, 0, 1, 2], scores: [1, 2, 3, 2, 3, 4, 1.1, 2.4, 3.2])
    let found = try Contrasts(panel, reference: "a")
    #expect(found.rows[0].difference.value == 1 && !found.rows[0].hasInterval)
    #expect(found.rows[0].difference.lower == -.infinity && found.rows[0].pValue == 1)
    // Dunnett's joint interval rests on the noise of all runs.
    #expect(found.rows[0].simultaneous.upper.isFinite)
    #expect(
      found.rows[1].hasInterval && found.notes.first?.hasPrefix("b less a is 1.0 with") == true)
  }
}
