import MDMMixtures
import MDMNumerics
import Testing

@Suite struct SurrogateTests {
  private let domains = ["a", "b", "c", "d"]
  // y = .3a + .4b + .35c + .2d + .6ab + .5bc, best on the edge a-b or b-c by construction below.
  private func truth(_ w: [Double]) -> Double {
    0.3 * w[0] + 0.4 * w[1] + 0.35 * w[2] + 0.2 * w[3] + 0.6 * w[0] * w[1] + 0.5 * w[1] * w[2]
  }

  private func runs(
    _ kind: String, noise: Double, replicates: Int = 1, runs: Int? = nil
  ) throws -> ([Mixture], [Double]) {
    let plan = try DesignKind.named(kind).plan(.init(domains: domains, runs: runs))
    let design = try Design(plan.mixtures, domains: domains, replicates: replicates)
    let mixtures = design.runs.map(\.mixture)
    var stream = RandomStream(seed: 31, purpose: "noise")
    return (mixtures, mixtures.map { truth($0.weights) + noise * stream.normal() })
  }

  @Test func leastSquaresFindsThePlantedCoefficients() throws {
    let (mixtures, scores) = try runs("centroid", noise: 0)
    let basis = try SurrogateBasis(mixtures, family: .quadratic)
    let surrogate = try Surrogate.fit(scores, on: basis, penalty: .none)
    let expected = [0.3, 0.4, 0.35, 0.2, 0.6, 0, 0, 0.5, 0, 0]
    for (found, planted) in zip(surrogate.coefficients, expected) {
      #expect(abs(found - planted) < 1e-9)
    }
    #expect(surrogate.terms.map { $0.label(domains) }.prefix(5) == ["a", "b", "c", "d", "a*b"])
  }

  @Test func thePlantedOptimumIsFound() throws {
    let (mixtures, scores) = try runs("centroid", noise: 0.002, replicates: 3)
    let basis = try SurrogateBasis(mixtures, family: .quadratic)
    let surrogate = try Surrogate.fit(scores, on: basis)
    // On the face of b with a and c the gradient is equal at w = (.214, .5357.., .25).
    let exact = try #require(
      SimplexQuadratic(
        domains: 4, terms: surrogate.terms,
        coefficients: [0.3, 0.4, 0.35, 0.2, 0.6, 0, 0, 0.5, 0, 0]
      )
    ).maximum()
    let best = try surrogate.optimum()
    #expect(best.exact)
    #expect(truth(best.mixture.weights) > exact.value - 0.001)
    #expect(best.probabilityOfBeatingUniform > 0.99)
    #expect(best.predicted.lower < exact.value && best.predicted.upper > exact.value - 0.005)
    let worst = try surrogate.optimum(.minimum)
    #expect(truth(worst.mixture.weights) < 0.205)
  }

  @Test func theSeedDesignCannotCarryTheQuadratic() throws {
    let five = ["COCO", "LISA", "GeoQAV", "SAT", "ScienceQA"]
    let seeds = try DesignKind.named("seeds").plan(.init(domains: five)).mixtures
    let basis = try SurrogateBasis(seeds, family: .quadratic)
    let error = #expect(throws: MixtureError.self) {
      try Surrogate.fit([Double](repeating: 0.5, count: 11), on: basis, penalty: .none)
    }
    #expect(error?.message.contains("rank 10 of 15") == true)
    #expect(error?.hint.contains("at least 5 mixtures") == true)
    let more = try basis.proposals()
    #expect(more.count == 5)
    #expect(try SurrogateBasis(seeds + more, family: .quadratic).rank == 15)
  }

  @Test func aRidgePenaltyCarriesWhatLeastSquaresCannot() throws {
    let (mixtures, scores) = try runs("seeds", noise: 0.001)
    let basis = try SurrogateBasis(mixtures, family: .quadratic)
    #expect(basis.rank < basis.terms.count)
    let surrogate = try Surrogate.fit(scores, on: basis)
    #expect(surrogate.penalty > 0)
    #expect(try #require(surrogate.validation).folds == 9)
  }

  @Test func replicatesNeverLeakIntoTheirOwnFold() throws {
    // Scores that depend on nothing but the mixture's identity: only a leak could predict them.
    var stream = RandomStream(seed: 32, purpose: "leak")
    var mixtures: [Mixture] = []
    var scores: [Double] = []
    for _ in 0..<20 {
      let mixture = try Mixture.renormalised(
        domains: domains, weights: stream.dirichlet(count: 4))
      let score = stream.normal()
      for _ in 0..<5 {
        mixtures.append(mixture)
        scores.append(score)
      }
    }
    let basis = try SurrogateBasis(mixtures, family: .specialCubic)
    for folds in [CrossValidation.Folds.leaveOneMixtureOut, .byMixture(count: 5, seed: 1)] {
      let surrogate = try Surrogate.fit(scores, on: basis, folds: folds)
      #expect(try #require(surrogate.validation).rSquared < 0.2)
      #expect(surrogate.replicateDeviation == 0)
    }
  }

  @Test func crossValidationAgreesWithRefits() throws {
    let (mixtures, scores) = try runs("centroid", noise: 0.02, replicates: 2)
    let basis = try SurrogateBasis(mixtures, family: .linear)
    let surrogate = try Surrogate.fit(scores, on: basis, penalty: .none)
    let validation = try #require(surrogate.validation)
    for i in [0, 7, 20] {
      let kept = mixtures.indices.filter { mixtures[$0] != mixtures[i] }
      let refit = try Surrogate.fit(
        kept.map { scores[$0] },
        on: try SurrogateBasis(kept.map { mixtures[$0] }, family: .linear), penalty: .none)
      #expect(abs(refit.value(mixtures[i].weights) - validation.predictions[i]) < 1e-9)
    }
  }

  @Test func nestedValidationIsNotFooledByNoise() throws {
    let (mixtures, _) = try runs("centroid", noise: 0)
    let basis = try SurrogateBasis(mixtures, family: .specialCubic)
    var nested: [Double] = []
    for seed in 0..<40 {
      var stream = RandomStream(seed: UInt64(seed), purpose: "noise-only")
      let scores = mixtures.map { _ in stream.normal() }
      nested.append(try CrossValidation.nested(scores, on: basis).rSquared)
    }
    #expect(Statistics.median(nested) <= 0)
    #expect(nested.count { $0 > 0.25 } <= 4)
  }

  @Test func theTournamentPrefersTheFamilyOfTheTruth() throws {
    let (mixtures, scores) = try runs("centroid", noise: 0.004, replicates: 3)
    let tournament = try Tournament(mixtures, scores: scores)
    #expect(tournament.entries.count == ModelFamily.all.count)
    let names = tournament.entries.map(\.surrogate.family.name)
    let place = { (name: String) in names.firstIndex(of: name) ?? -1 }
    #expect(place("quadratic") < 4)
    #expect(place("quadratic") < place("linear") && place("linear") < place("constant"))
    #expect(try #require(tournament.winner).family.name == names[0])
  }

  @Test func intervalsCoverTheTruth() throws {
    let (mixtures, _) = try runs("centroid", noise: 0)
    let basis = try SurrogateBasis(mixtures, family: .quadratic)
    let uniform = try Mixture.uniform(domains)
    var covered = 0
    for seed in 0..<300 {
      var stream = RandomStream(seed: UInt64(seed), purpose: "coverage")
      let scores = mixtures.map { truth($0.weights) + 0.05 * stream.normal() }
      let surrogate = try Surrogate.fit(scores, on: basis, penalty: .none)
      let interval = try surrogate.predict(uniform, level: 0.9)
      if interval.lower <= truth(uniform.weights), interval.upper >= truth(uniform.weights) {
        covered += 1
      }
      let wide = try surrogate.predict(uniform, level: 0.9, of: .run)
      #expect(wide.upper > interval.upper)
    }
    #expect(abs(Double(covered) / 300 - 0.9) < 0.06)
  }

  @Test func theProbabilityOfBeatingIsSymmetric() throws {
    let (mixtures, scores) = try runs("centroid", noise: 0.02)
    let surrogate = try Surrogate.fit(scores, on: try SurrogateBasis(mixtures, family: .linear))
    let a = try Mixture.single("a", of: domains)
    let b = try Mixture.single("b", of: domains)
    let there = try surrogate.probability(a, beats: b)
    let back = try surrogate.probability(b, beats: a)
    #expect(abs(there + back - 1) < 1e-9)
    #expect(try surrogate.probability(a, beats: a) == 0.5)
  }

  @Test func familiesWithoutAnExactMethodSaySo() throws {
    let (mixtures, scores) = try runs("centroid", noise: 0.001, replicates: 2)
    let surrogate = try Surrogate.fit(
      scores, on: try SurrogateBasis(mixtures, family: .specialCubic))
    let best = try surrogate.optimum()
    #expect(!best.exact)
    #expect(best.method.contains("not proven"))
    #expect(abs(best.mixture.weights.reduce(0, +) - 1) < 1e-9)
  }

  @Test func capsAreKept() throws {
    let (mixtures, scores) = try runs("centroid", noise: 0.001)
    let bounds = try SimplexBounds(lower: [0, 0, 0, 0.1], upper: [1, 0.3, 1, 1])
    for family in [ModelFamily.linear, .quadratic, .linearSquareRoot] {
      let surrogate = try Surrogate.fit(scores, on: try SurrogateBasis(mixtures, family: family))
      #expect(bounds.contains(try surrogate.optimum(bounds: bounds).mixture.weights))
    }
  }

  @Test func mixturesOverOtherDomainsAreRefused() throws {
    let (mixtures, scores) = try runs("centroid", noise: 0.01)
    let surrogate = try Surrogate.fit(scores, on: try SurrogateBasis(mixtures, family: .linear))
    #expect(throws: MixtureError.self) { try surrogate.predict(.uniform(["x", "y"])) }
  }

  @Test func aScoreThatIsNotFiniteIsRefused() throws {
    let (mixtures, scores) = try runs("centroid", noise: 0.01)
    let basis = try SurrogateBasis(mixtures, family: .linear)
    #expect(throws: MixtureError.self) {
      try Surrogate.fit([.nan] + scores.dropFirst(), on: basis)
    }
    #expect(throws: MixtureError.self) { try Surrogate.fit([1, 2], on: basis) }
  }

  @Test func manyDomainsAreRefusedAndNotAttempted() throws {
    let many = (0..<120).map { "d\($0)" }
    let uniform = try Mixture.uniform(many)
    #expect(throws: MixtureError.self) { try SurrogateBasis([uniform], family: .quadratic) }
    let candidates = try OptimalDesign.candidates(120)
    #expect(candidates.count < 5000)
    #expect(throws: MixtureError.self) {
      try DesignKind.named("lattice").plan(.init(domains: many, degree: 9))
    }
  }

  /// The closed form of runs left out equals fits without them, replicates together.
  @Test(arguments: [0, 0.3])
  func leftOutRunsAreThoseOfFitsWithoutThem(penalty: Double) throws {
    var stream = RandomStream(seed: 4, purpose: "left out")
    var mixtures = try (0..<12).map { _ in
      try Mixture.renormalised(
        domains: ["a", "b", "c"], weights: stream.dirichlet(count: 3, concentration: 1))
    }
    mixtures += mixtures.prefix(3)
    let scores = mixtures.map { $0.weights[0] * $0.weights[1] + 0.1 * stream.normal() }
    let rule: Surrogate.Penalty = penalty == 0 ? .none : .fixed(penalty)
    let law = try Surrogate.fit(
      scores, on: SurrogateBasis(mixtures, family: .quadratic), penalty: rule)
    let runs = try #require(law.leftOutRuns)
    for (index, run) in runs.enumerated() {
      let kept = mixtures.indices.filter { mixtures[$0] != mixtures[index] }
      let part = try Surrogate.fit(
        kept.map { scores[$0] },
        on: SurrogateBasis(kept.map { mixtures[$0] }, family: .quadratic), penalty: rule)
      let mean = part.standardError(mixtures[index].weights)
      let noise = part.residualDeviation
      #expect(abs(run.prediction - part.value(mixtures[index].weights)) < 1e-9)
      #expect(abs(run.deviation - (mean * mean + noise * noise).squareRoot()) < 1e-9)
      #expect(abs(run.degreesOfFreedom - part.degreesOfFreedom) < 1e-9)
    }
  }

  /// Without a posterior the error on the other mixtures left out stands in; it holds a run's noise.
  @Test func treesTakeTheErrorOfTheOtherMixtures() throws {
    var stream = RandomStream(seed: 9, purpose: "trees left out")
    let mixtures = try (0..<40).map { _ in
      try Mixture.renormalised(
        domains: ["a", "b", "c"], weights: stream.dirichlet(count: 3, concentration: 1))
    }
    let scores = mixtures.map { $0.weights[0] + 0.05 * stream.normal() }
    let law = try Surrogate.fit(
      scores, on: SurrogateBasis(mixtures, family: .boostedTrees))
    let error = try #require(law.validation).rmse
    let runs = try #require(law.leftOutRuns)
    #expect(runs.allSatisfy { abs($0.deviation / error - 1) < 0.3 })
    #expect(Set(runs.map(\.deviation)).count > 1)
    #expect(law.degreesOfFreedom == 39)
    let next = try law.predict(mixtures[0], of: .run)
    let t = Distribution.studentTQuantile(0.975, degreesOfFreedom: law.degreesOfFreedom)
    #expect(abs((next.upper - next.lower) / (2 * t * error) - 1) < 1e-9)
  }
}
