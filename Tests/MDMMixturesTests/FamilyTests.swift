import MDMMixtures
import MDMNumerics
import Testing

/// Each family finds what it was made for.
@Suite struct FamilyTests {
  private let domains = ["a", "b", "c", "d"]

  private func dirichlet(_ runs: Int, seed: UInt64 = 5) throws -> [Mixture] {
    try DesignKind.named("dirichlet").plan(.init(domains: domains, runs: runs, seed: seed)).mixtures
  }

  @Test(arguments: ModelFamily.all.filter(\.hasTerms).map(\.name))
  func leastSquaresFindsPlantedTerms(name: String) throws {
    let family = try ModelFamily.named(name)
    let terms = family.terms(4)
    var stream = RandomStream(seed: 3, purpose: "planted")
    let planted = terms.map { _ in stream.normal() }
    let truth = { (w: [Double]) in zip(terms, planted).reduce(0) { $0 + $1.0.value(w) * $1.1 } }
    let mixtures = try dirichlet(60)
    let law = try Surrogate.fit(
      mixtures.map { truth($0.weights) }, on: SurrogateBasis(mixtures, family: family),
      penalty: .none)
    for mixture in try dirichlet(20, seed: 9) {
      #expect(abs(law.value(mixture.weights) - truth(mixture.weights)) < 1e-8)
    }
  }

  @Test func theSkewTermHasItsMoment() {
    // E[(ab(a-b))^2] over four domains: 2 E[a^4 b^2] - 2 E[a^3 b^3].
    let term = ModelTerm(.skew, [0, 1])
    let exact = ModelTerm.moment(term, term, count: 4)
    let expected: Double = 144 / 362_880
    #expect(abs(exact - expected) < 1e-12)
  }

  @Test(arguments: [1.0, -1])
  func theExponentialLawIsFound(sign: Double) throws {
    let mixtures = try dirichlet(40)
    let truth = { (w: [Double]) in
      2 + sign * (0.3 * w[0] - 1.2 * w[1] - 0.2 * w[2] + 0.1 * w[3] + 0.2).exponential
    }
    let law = try ExponentialLaw.fit(
      Observations(
        points: mixtures.map(\.weights), scores: mixtures.map { truth($0.weights) }, domains: 4))
    #expect(law.sign == sign)
    for mixture in try dirichlet(20, seed: 9) {
      #expect(abs(law.value(mixture.weights) - truth(mixture.weights)) < 2e-3)
    }
  }

  @Test func oneWildRunHardlyMovesTheExponentialLaw() throws {
    let mixtures = try dirichlet(40)
    let truth = { (w: [Double]) in 2 + (0.3 * w[0] - 1.2 * w[1] - 0.2).exponential }
    var scores = mixtures.map { truth($0.weights) }
    scores[7] += 3
    let law = try ExponentialLaw.fit(
      Observations(points: mixtures.map(\.weights), scores: scores, domains: 4))
    #expect(abs(law.value([0.25, 0.25, 0.25, 0.25]) - truth([0.25, 0.25, 0.25, 0.25])) < 0.03)
  }

  @Test func theElasticNetMeetsItsOptimality() throws {
    let mixtures = try dirichlet(50)
    var stream = RandomStream(seed: 4, purpose: "net")
    let scores = mixtures.map {
      $0.weights[0] - 2 * $0.weights[1] * $0.weights[2] + 0.01 * stream.normal()
    }
    let observations = Observations(points: mixtures.map(\.weights), scores: scores, domains: 4)
    let penalty = 0.002
    let net = try ElasticNet.fit(observations, penalty: penalty)
    #expect(net.coefficients.contains { $0 == 0 })
    let residuals = mixtures.indices.map { scores[$0] - net.value(mixtures[$0].weights) }
    #expect(abs(residuals.reduce(0, +)) < 1e-9)
    for (term, coefficient) in zip(net.terms, net.coefficients) {
      let slope =
        mixtures.indices.reduce(0.0) { $0 + residuals[$1] * term.value(mixtures[$1].weights) } / 50
      if coefficient == 0 {
        #expect(abs(slope) <= penalty / 2 + 1e-9)
      } else {
        let sign: Double = coefficient > 0 ? 1 : -1
        #expect(abs(slope - penalty / 2 * (sign + coefficient)) < 1e-8)
      }
    }
  }

  @Test func treesFollowASteep() throws {
    let mixtures = try dirichlet(400)
    let truth = { (w: [Double]) in w[0] > 0.3 ? 1.0 : 0 }
    let law = try BoostedTrees.fit(
      Observations(
        points: mixtures.map(\.weights), scores: mixtures.map { truth($0.weights) }, domains: 4))
    let fresh = try dirichlet(200, seed: 9)
    let wrong = fresh.count { abs(law.value($0.weights) - truth($0.weights)) > 0.5 }
    #expect(wrong <= 4)
    let flat = fresh.flatMap(\.weights)
    #expect(law.values(flat, width: 4) == fresh.map { law.value($0.weights) })
  }

  @Test func aProcessInterpolatesAndKnowsWhereItDoesNotKnow() throws {
    let mixtures = try dirichlet(60)
    let truth = { (w: [Double]) in w[0] * w[1] + (2 * w[2]).exponential }
    let process = try GaussianProcess.fit(
      Observations(
        points: mixtures.map(\.weights), scores: mixtures.map { truth($0.weights) }, domains: 4))
    for mixture in try dirichlet(20, seed: 9) {
      #expect(abs(process.value(mixture.weights) - truth(mixture.weights)) < 0.1)
    }
    let known = mixtures[0].weights
    let near = try #require(process.covariance(known, known))
    let far = try #require(process.covariance([0, 0, 0, 1], [0, 0, 0, 1]))
    #expect(near < far)
  }

  @Test func replicatesTellAProcessTheNoise() throws {
    var stream = RandomStream(seed: 6, purpose: "noise")
    let mixtures = try dirichlet(25).flatMap { [$0, $0, $0] }
    let scores = mixtures.map { $0.weights[0] + 0.1 * stream.normal() }
    let process = try GaussianProcess.fit(
      Observations(points: mixtures.map(\.weights), scores: scores, domains: 4))
    #expect(abs(process.noiseVariance.squareRoot() - 0.1) < 0.02)
  }

  @Test(arguments: ["quadratic", "gaussian_process", "elastic_net"])
  func covariatesAreSeparatedFromTheMixture(name: String) throws {
    // The score grows with the steps; the law speaks of the longest training.
    let mixtures = try dirichlet(60)
    let steps = (0..<60).map { Double([200, 400, 800][$0 % 3]) }
    let scores = zip(mixtures, steps).map {
      $0.weights[0] - $0.weights[1] * $0.weights[2] + $1 / 1000
    }
    let law = try Surrogate.fit(
      scores,
      on: SurrogateBasis(
        mixtures, family: .named(name), covariates: [Covariate("steps", steps)]))
    let probe = [0.4, 0.2, 0.3, 0.1]
    #expect(abs(law.value(probe) - (0.4 - 0.06 + 0.8)) < 0.02)
    #expect(try #require(law.validation).rSquared > 0.95)
  }

  @Test func aWeightCountsAsThatManyRuns() throws {
    let mixtures = try dirichlet(12)
    let scores = mixtures.map { $0.weights[0] + $0.weights[1] * $0.weights[2] * 3 }
    let repeated = mixtures + mixtures.prefix(4)
    let twice = scores + scores.prefix(4)
    let weights = mixtures.indices.map { $0 < 4 ? 2.0 : 1 }
    let a = try Surrogate.fit(
      twice, on: SurrogateBasis(repeated, family: .linear), penalty: .none)
    let b = try Surrogate.fit(
      scores, on: SurrogateBasis(mixtures, family: .linear, precision: weights), penalty: .none)
    for (x, y) in zip(a.coefficients, b.coefficients) { #expect(abs(x - y) < 1e-10) }
  }

  @Test func runsWithoutAScoreAreNamed() throws {
    let mixtures = try dirichlet(12)
    var scores = mixtures.map { $0.weights[0] }
    scores[3] = .nan
    let error = #expect(throws: MixtureError.self) {
      try Surrogate.fit(scores, on: SurrogateBasis(mixtures, family: .linear))
    }
    #expect(error?.message == "1 of 12 runs have no finite score: run 3")
  }

  @Test func whatCannotBeFittedIsExplained() throws {
    let mixtures = try dirichlet(12)
    let scores = mixtures.map { $0.weights[0] }
    let constant = Covariate("steps", [Double](repeating: 100, count: 12))
    let same = #expect(throws: MixtureError.self) {
      try SurrogateBasis(mixtures, family: .linear, covariates: [constant])
    }
    #expect(same?.message.contains("steps") == true)
    #expect(throws: MixtureError.self) {
      try Surrogate.fit(
        scores.map { $0 * 1e200 }, on: SurrogateBasis(mixtures, family: .gaussianProcess))
    }
    // Three mixtures are too few for trees, not for the tournament.
    let few = try DesignKind.named("lattice").plan(.init(domains: ["a", "b"])).mixtures
    #expect(try Tournament(few, scores: [1, 2, 4]).entries.count > 3)
  }

  @Test func noiseHasNoWinner() throws {
    let mixtures = try DesignKind.named("centroid").plan(.init(domains: domains)).mixtures
    var beaten = 0
    for seed in 0..<6 {
      var stream = RandomStream(seed: UInt64(seed), purpose: "noise-only")
      let scores = mixtures.map { _ in stream.normal() }
      let families: [ModelFamily] = [.constant, .linear, .quadratic, .gaussianProcess]
      if try Tournament(mixtures, scores: scores, families: families).winner == nil { beaten += 1 }
    }
    #expect(beaten >= 3)
  }

  @Test func theMinimiserFindsRosenbrocksValley() {
    let result = Minimiser.minimum(from: [-1.2, 1], iterations: 500, tolerance: 1e-9) { x, g in
      let (a, b) = (1 - x[0], x[1] - x[0] * x[0])
      g[0] = -2 * a - 400 * x[0] * b
      g[1] = 200 * b
      return a * a + 100 * b * b
    }
    #expect(abs(result.point[0] - 1) < 1e-5 && abs(result.point[1] - 1) < 1e-5)
    let walled = Minimiser.minimum(from: [3, 3], bounds: [1...4, 2...4]) { x, g in
      g = [2 * x[0], 2 * x[1]]
      return x[0] * x[0] + x[1] * x[1]
    }
    #expect(walled.point == [1, 2])
  }
}

extension Double {
  fileprivate var exponential: Double {
    var (sum, term) = (1.0, 1.0)
    for k in 1..<40 {
      term *= self / Double(k)
      sum += term
    }
    return sum
  }
}
