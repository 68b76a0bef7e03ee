import MDMMixtures
import MDMNumerics
import Testing

/// Best mixtures, what is near them, compromises and the next runs.
@Suite struct OptimumTests {
  private let domains = ["a", "b", "c", "d"]

  // Quadratic with its maximum between a and b.
  private func truth(_ w: [Double]) -> Double {
    0.4 * w[0] + 0.35 * w[1] + 0.3 * w[2] + 0.2 * w[3] + 0.6 * w[0] * w[1]
  }

  private func law(
    _ family: ModelFamily = .quadratic, noise: Double = 0.005, replicates: Int = 3,
    truth: (([Double]) -> Double)? = nil
  ) throws -> Surrogate {
    let plan = try DesignKind.named("centroid").plan(.init(domains: domains))
    var stream = RandomStream(seed: 8, purpose: "optimum-tests")
    let mixtures = (0..<replicates).flatMap { _ in plan.mixtures }
    let scores = mixtures.map { (truth ?? self.truth)($0.weights) + noise * stream.normal() }
    return try Surrogate.fit(scores, on: SurrogateBasis(mixtures, family: family))
  }

  @Test(arguments: ["linear+sqrt", "elastic_net", "exponential", "quadratic", "linear"])
  func exactMaximaAreNeverBeaten(name: String) throws {
    let law = try law(.named(name))
    let best = try law.optimum(force: true)
    #expect(best.exact)
    var stream = RandomStream(seed: 2, purpose: "draws")
    for draw in 0..<3000 {
      let point = stream.dirichlet(count: 4, concentration: [0.2, 1, 3][draw % 3])
      #expect(law.value(point) <= best.predicted.value + 1e-7)
    }
  }

  @Test func rootsOfBothSignsAreProven() throws {
    let falling = try law(.linearSquareRoot) { w in
      0.5 * w[0] - 0.3 * w[1].squareRoot() + 0.2 * w[2].squareRoot() - 0.1 * w[3].squareRoot()
    }
    let bounds = try SimplexBounds(lower: [0, 0.1, 0, 0.05], upper: [0.4, 1, 0.6, 1])
    let best = try falling.optimum(bounds: bounds)
    #expect(best.exact && bounds.contains(best.mixture.weights))
    let search = try SimplexSearch.maximum(bounds: bounds) { falling.value($0) }
    #expect(search.value <= best.predicted.value + 1e-7)
  }

  @Test func aLawThatPredictsNothingIsNotOptimised() throws {
    let plan = try DesignKind.named("centroid").plan(.init(domains: ["a", "b", "c"]))
    let luck = try Surrogate.fit(
      [0.1, 0.9, 0.8, 0.7, 0.2, 0.1, 0.9],
      on: SurrogateBasis(plan.mixtures, family: .linear))
    #expect(luck.validation?.beatsBaseline == false)
    let error = #expect(throws: MixtureError.self) { try luck.optimum() }
    #expect(error?.message.contains("no better than the mean") == true)
    #expect(error?.hint.contains("show no influence") == true)
    #expect(try luck.optimum(force: true).exact)
    #expect(throws: MixtureError.self) { try law(.constant).optimum() }
  }

  /// Single domains, all but one, all: eleven mixtures of five domains, three runs each.
  private func seedStudy(
    _ means: [Double], family: ModelFamily = .quadratic
  ) throws -> Surrogate {
    let names = domains + ["e"]
    let kinds =
      try names.map { try Mixture.single($0, of: names) }
      + names.map { try Mixture.excluding($0, of: names) } + [Mixture.uniform(names)]
    let mixtures = (0..<33).map { kinds[$0 / 3] }
    let noise = [
      [-0.001, -0.006, 0.006], [-0.004, 0.001, 0.003], [-0.001, -0.001, 0.002],
      [0.003, -0.005, 0.002], [0.004, -0.005, 0.002], [0.003, -0.002, -0.002],
      [0.008, 0.002, -0.009], [0.019, -0.013, -0.007], [0.005, 0.002, -0.006],
      [0.009, -0.01, 0.001], [-0.002, -0.004, 0.005],
    ]
    let scores = (0..<33).map { means[$0 / 3] + noise[$0 / 3][$0 % 3] }
    return try Surrogate.fit(scores, on: SurrogateBasis(mixtures, family: family))
  }

  private let seedMeans = [
    0.315, 0.318, 0.325, 0.320, 0.302, 0.378, 0.388, 0.379, 0.356, 0.393, 0.385,
  ]

  /// These mixtures determine 10 of 15 terms, so that none can be left out without a loss. But means of mixtures
  /// differ by .09, and replicates by .008.
  @Test func aLawThatFailsWhereTheMixtureMattersIsOptimisedWithACaution() throws {
    let law = try seedStudy(seedMeans)
    #expect(try #require(law.check.influence) < 1e-9)
    let best = try law.optimum()
    #expect(try #require(best.failedValidation).beatsBaseline == false)
    #expect(law.validation?.beatsBaseline == true)
    // The same noise around one mean shows no influence.
    let idle = try seedStudy([Double](repeating: 0.35, count: 11))
    #expect(try #require(idle.check.influence) > 0.05)
    #expect(throws: MixtureError.self) { try idle.optimum() }
  }

  /// Replicates contradict that no domain should be mixed with another.
  @Test func aLawThatReplicatesContradictIsRefused() throws {
    let error = #expect(throws: MixtureError.self) {
      try seedStudy(seedMeans, family: .linear).optimum()
    }
    #expect(error?.hint.contains("take another model") == true)
  }

  /// Other means of the same kind: the error on mixtures left out is least for no law at all.
  @Test func aPenaltyIsNotChosenAgainstReplicates() throws {
    let law = try seedStudy([
      0.3154, 0.31, 0.3202, 0.3157, 0.3054, 0.3818, 0.3905, 0.3801, 0.3601, 0.4005, 0.3847,
    ])
    #expect(try #require(law.contradictedPenalty) > 1000)
    #expect(law.penalty < 0.01)
    #expect(try #require(law.check.lackOfFit).pValue > 0.01)
    #expect(abs(law.value([0, 0.25, 0.25, 0.25, 0.25]) - 0.3818) < 0.01)
    #expect(try #require(try law.optimum().failedValidation).beatsBaseline == false)
  }

  @Test func theBestRunIsComparedWith() throws {
    let best = try law().optimum()
    #expect(best.bestRun.weights == [0.5, 0.5, 0, 0])
    #expect((0.3...1).contains(best.probabilityOfBeatingBestRun))
    #expect(best.probabilityOfBeatingUniform > 0.99)
  }

  @Test func theRegionHoldsTheBestAndWhatIsNearIt() throws {
    let law = try law()
    let best = try law.optimum().mixture
    let tight = try NearOptimum(law, around: best, tolerance: 0.005)
    let wide = try NearOptimum(law, around: best, tolerance: 0.05)
    #expect(tight.share < wide.share && wide.share < 0.5)
    for i in 0..<4 {
      #expect(tight.lower[i] <= best.weights[i] && best.weights[i] <= tight.upper[i])
      #expect(wide.upper[i] >= tight.upper[i])
    }
    #expect(tight.examples.allSatisfy { law.value(best.weights) - law.value($0.weights) < 0.0051 })
  }

  @Test func severalTargetsAreCompromised() throws {
    let first = try law(noise: 0)
    let second = try law(noise: 0) { w in 0.5 * w[2] + 0.1 * w[0] + 0.2 * w[2] * w[0] }
    let sum = try Compromise([first, second], weights: [1, 2])
    let best = try sum.maximum()
    #expect(best.exact)
    let worst = try Compromise([first, second], rule: .worstCase)
    let fair = try worst.maximum()
    var stream = RandomStream(seed: 3, purpose: "draws")
    for _ in 0..<3000 {
      let point = stream.dirichlet(count: 4)
      #expect(sum.value(point) <= best.value + 1e-9)
      #expect(worst.value(point) <= fair.value + 1e-4)
    }
    let front = try sum.front()
    #expect(front.count > 5)
    for a in front {
      #expect(!front.contains { $0.values[0] > a.values[0] && $0.values[1] > a.values[1] })
    }
  }

  @Test func aPriorPulls() throws {
    let linear = try law(.linear, noise: 0)
    let prior = try Mixture(domains: domains, weights: [0.1, 0.2, 0.3, 0.4])
    let exact = try Compromise([linear], prior: prior, strength: 0.1).maximum()
    #expect(exact.exact)
    let search = try SimplexSearch.maximum(bounds: SimplexBounds(count: 4)) {
      try! Compromise([linear], prior: prior, strength: 0.1).value($0)
    }
    #expect(abs(exact.value - search.value) < 1e-6)
    let near = try Compromise([law()], prior: prior, strength: 100).maximum()
    for (a, b) in zip(near.weights, prior.weights) { #expect(abs(a - b) < 0.01) }
  }

  @Test(arguments: Proposals.Acquisition.allCases, ["quadratic", "gaussian_process"])
  func proposalsAreMixturesWorthRunning(
    acquisition: Proposals.Acquisition, family: String
  ) throws {
    let law = try law(.named(family), noise: 0.02, replicates: 1)
    let bounds = try SimplexBounds(lower: [0, 0, 0, 0], upper: [0.6, 0.5, 0.5, 0.5])
    let next = try Proposals(law, count: 3, acquisition: acquisition, bounds: bounds)
    #expect(next.proposals.count == 3)
    for proposal in next.proposals {
      #expect(bounds.contains(proposal.mixture.weights) && proposal.worth >= 0)
    }
  }

  @Test func proposalsLeadToThePlantedOptimum() throws {
    var mixtures = try DesignKind.named("seeds").plan(.init(domains: domains)).mixtures
    var stream = RandomStream(seed: 4, purpose: "sequential")
    var scores = mixtures.map { truth($0.weights) + 0.005 * stream.normal() }
    var stopped = false
    for round in 0..<12 where !stopped {
      let law = try Surrogate.fit(
        scores, on: SurrogateBasis(mixtures, family: .gaussianProcess))
      let next = try Proposals(
        law, count: 2, acquisition: .noisyExpectedImprovement, seed: UInt64(round))
      stopped = next.stops
      for proposal in next.proposals {
        mixtures.append(proposal.mixture)
        scores.append(truth(proposal.mixture.weights) + 0.005 * stream.normal())
      }
    }
    let best = mixtures.map { truth($0.weights) }.max() ?? 0
    #expect(best > 0.525 - 0.005 + 0.001)  // the maximum is .5260
    #expect(stopped)
  }

  @Test func cheaperRunsAreProposedWhereTheyTellEnough() throws {
    let plan = try DesignKind.named("centroid").plan(.init(domains: domains)).mixtures
    let mixtures = plan + plan
    let steps = mixtures.indices.map { $0 < plan.count ? 50.0 : 200 }
    var stream = RandomStream(seed: 5, purpose: "fidelity")
    let scores = zip(mixtures, steps).map { truth($0.weights) + $1 / 1000 + 0.01 * stream.normal() }
    let law = try Surrogate.fit(
      scores,
      on: SurrogateBasis(
        mixtures, family: .gaussianProcess, covariates: [Covariate("steps", steps)]))
    let next = try Proposals(
      law, count: 2, acquisition: .knowledgeGradient, fidelities: [50, 200])
    #expect(next.proposals.allSatisfy { $0.fidelity == 50 || $0.fidelity == 200 })
    #expect(next.proposals.contains { $0.fidelity == 50 })
    #expect(throws: MixtureError.self) {
      try Proposals(law, acquisition: .thompson, fidelities: [50])
    }
  }

  @Test func treesHaveNoPosterior() throws {
    let error = #expect(throws: MixtureError.self) { try Proposals(law(.boostedTrees)) }
    #expect(error?.hint.contains("gaussian_process") == true)
  }

  @Test func replicatesShowLackOfFitAndTheNoiseCeiling() throws {
    let linear = try law(.linear, noise: 0.01).check
    #expect(try #require(linear.lackOfFit).pValue < 0.01)
    let fitted = try law(.quadratic, noise: 0.01)
    let quadratic = fitted.check
    #expect(try #require(quadratic.lackOfFit).pValue > 0.05)
    #expect((0.8...1).contains(try #require(quadratic.noiseCeiling)))
    #expect((0.85...1).contains(try #require(fitted.coverage)))
    #expect(abs(try #require(quadratic.calibrationSlope) - 1) < 0.3)
    #expect(try law(.quadratic, replicates: 1).check.lackOfFit == nil)
  }
}
