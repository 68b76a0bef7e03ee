import MDMMixtures
import MDMNumerics
import Testing

@Suite struct DesignTests {
  private let domains = ["a", "b", "c", "d", "e"]

  private func plan(_ kind: String, runs: Int? = nil) throws -> Design {
    try DesignKind.named(kind).plan(.init(domains: domains, runs: runs))
  }

  private func blends(_ design: Design) -> [Int] {
    (1...5).map { size in
      design.runs.count { $0.mixture.weights.count { $0 > 0 } == size }
    }
  }

  @Test func kindsAreSortedAndFound() throws {
    #expect(DesignKind.all.map(\.name) == DesignKind.all.map(\.name).sorted())
    for kind in DesignKind.all { #expect(try DesignKind.named(kind.name).name == kind.name) }
    let error = #expect(throws: MixtureError.self) { try DesignKind.named("i-optimum") }
    #expect(error?.hint.contains("did you mean 'i-optimal'?") == true)
  }

  @Test func familiesAreSortedAndFound() throws {
    #expect(ModelFamily.all.map(\.name) == ModelFamily.all.map(\.name).sorted())
    #expect(try ModelFamily.named("Scheffe quadratic").name == "quadratic")
    #expect(try ModelFamily.named("special cubic").name == "special_cubic")
    #expect(ModelFamily.all.map { $0.terms(5).count } == [15, 5, 10, 15, 25])
  }

  @Test func everyDeclarationIsInItsCatalogue() throws {
    let folder = ProjectFile.root + "/Sources/MDMMixtures/"
    let declared = { (path: String) in
      try ProjectFile.sources(folder + path)
        .reduce(0) { $0 + $1.split(separator: "\n").count { $0.contains("public static let") } }
    }
    #expect(try declared("Families") == ModelFamily.all.count)
    #expect(try declared("Designs") == DesignKind.all.count)
  }

  @Test func designsHaveTheirKnownSizes() throws {
    #expect(try plan("seeds").points.count == 11)
    #expect(try plan("lattice").points.count == 15)
    #expect(try plan("centroid").points.count == 31)
    #expect(try plan("uniform", runs: 4).runs.count == 4)
    #expect(try plan("dirichlet", runs: 9).runs.count == 9)
    #expect(throws: MixtureError.self) { try plan("lattice", runs: 12) }
  }

  @Test func everyKindStaysOnTheSimplex() throws {
    for kind in DesignKind.all {
      for mixture in try kind.plan(.init(domains: domains)).mixtures {
        #expect(mixture.weights.allSatisfy { $0 >= 0 })
        #expect(abs(mixture.weights.reduce(0, +) - 1) < 1e-12)
      }
    }
  }

  @Test func runsListOneRepetitionAfterTheOther() throws {
    let uniform = try Mixture.uniform(domains)
    let design = try plan("singles").joined(plan("uniform")).replicating(uniform, times: 2)
    #expect(design.runs.count == 8)
    #expect(design.runs.map(\.replicate) == [0, 0, 0, 0, 0, 0, 1, 2])
    #expect(design.points.last?.replicates == 3)
  }

  @Test func moreRandomRunsLeaveTheFirstOnes() throws {
    let few = try plan("dirichlet", runs: 5).mixtures
    #expect(Array(try plan("dirichlet", runs: 8).mixtures.prefix(5)) == few)
  }

  @Test func goldenQualitiesOfTheLattice() throws {
    let quality = try plan("lattice").quality(for: .quadratic)
    #expect(abs(quality.determinant - 0.010499) < 1e-6)
    #expect(abs(quality.averageVariance - 0.4286) < 5e-5)
    #expect(abs(quality.maximumVariance - 1) < 1e-9)
  }

  @Test func goldenQualitiesOfLargerDesigns() throws {
    let lattice = try plan("lattice")
    let centre = try plan("uniform")
    let four = try plan("exclude-one")
    #expect(
      abs(try lattice.joined(centre).quality(for: .quadratic).averageVariance - 0.3784) < 5e-5)
    let full = try lattice.joined(four).joined(centre).quality(for: .quadratic)
    #expect(abs(full.averageVariance - 0.2755) < 5e-5)
    let centroid = try plan("centroid").quality(for: .quadratic)
    #expect(abs(centroid.averageVariance - 0.1845) < 5e-5)
  }

  @Test func theSeedsDetermineTenOfFifteenTerms() throws {
    let quality = try plan("seeds").quality(for: .quadratic)
    #expect(quality.rank == 10)
    #expect(quality.averageVariance == .infinity)
  }

  @Test func theDOptimalDesignIsTheLattice() throws {
    #expect(blends(try plan("d-optimal", runs: 15)) == [5, 10, 0, 0, 0])
    let twice = try plan("d-optimal", runs: 30)
    #expect(blends(twice) == [10, 20, 0, 0, 0])
    #expect(twice.points.allSatisfy { $0.replicates == 2 })
  }

  @Test func theIOptimalDesignsAreAtLeastAsGoodAsKnownOnes() throws {
    // The best with 5/10/3/2 blends of 1/2/3/4 domains has .28627; five four-blends have .28578.
    let twenty = try plan("i-optimal", runs: 20)
    #expect(abs(try twenty.quality(for: .quadratic).averageVariance - 0.28578) < 5e-6)
    #expect(blends(twenty) == [5, 10, 0, 5, 0])
    let thirty = try plan("i-optimal", runs: 30)
    let cycle = try (0..<5).map { i in
      try Mixture(over: domains, naming: [(domains[i], 0.5), (domains[(i + 1) % 5], 0.5)])
    }
    let triples = try Simplex.centroids(5, parts: 3)[15...].map {
      try Mixture.renormalised(domains: domains, weights: $0)
    }
    let known = try Design(
      try plan("lattice").mixtures + cycle + triples, domains: domains)
    #expect(known.runs.count == 30)
    #expect(
      try thirty.quality(for: .quadratic).averageVariance
        <= known.quality(for: .quadratic).averageVariance + 1e-12)
  }

  @Test func anOptimalDesignCompletesExistingRuns() throws {
    let seeds = try plan("seeds")
    let more = try DesignKind.named("i-optimal").plan(
      .init(domains: domains, runs: 10, existing: seeds.mixtures))
    #expect(more.runs.count == 10)
    #expect(try seeds.joined(more).quality(for: .quadratic).averageVariance < 0.35)
  }

  @Test func tooFewRunsForTheTermsAreRefused() {
    #expect(throws: MixtureError.self) { try plan("i-optimal", runs: 12) }
  }

  @Test func momentsAgreeWithDraws() {
    let exact = DesignQuality.moments(.linearSquareRoot, domains: 3)
    var stream = RandomStream(seed: 3, purpose: "moments")
    let draws = 40_000
    let points = (0..<draws).map { _ in stream.dirichlet(count: 3) }
    let sampled = ModelFamily.linearSquareRoot.matrix(points, domains: 3).gram
    for (a, b) in zip(exact.values, sampled.values) { #expect(abs(a - b / Double(draws)) < 0.01) }
  }
}
