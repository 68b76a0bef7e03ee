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
    #expect(
      ModelFamily.all.filter(\.hasTerms).map { $0.terms(5).count }
        == [15, 15, 15, 1, 35, 5, 10, 5, 15, 25])
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

  @Test func cornersOfACappedSimplex() throws {
    // McLean and Anderson's bounds in their example of four components have eight corners.
    let bounds = try SimplexBounds(
      lower: [0.4, 0.1, 0.1, 0.03], upper: [0.6, 0.5, 0.5, 0.08])
    let corners = try bounds.vertices()
    #expect(corners.count == 8)
    #expect(corners.allSatisfy { bounds.contains($0) && abs($0.reduce(0, +) - 1) < 1e-12 })
    #expect(try SimplexBounds(count: 5).vertices().count == 5)
    let plan = try DesignKind.named("extreme-vertices").plan(
      .init(domains: ["a", "b", "c", "d"], bounds: bounds))
    #expect(plan.points.count == 9)
  }

  @Test func boundsHoldForEveryKindThatIsLeft() throws {
    let bounds = try SimplexBounds(
      lower: [0.1, 0, 0, 0, 0.05], upper: [0.7, 0.6, 0.6, 0.4, 0.5])
    for kind in DesignKind.all where !["singles", "uniform"].contains(kind.name) {
      let plan = try kind.plan(.init(domains: domains, bounds: bounds))
      #expect(plan.mixtures.allSatisfy { bounds.contains($0.weights) }, "\(kind.name)")
    }
    #expect(throws: MixtureError.self) {
      try plan("singles").joined(
        DesignKind.named("singles").plan(.init(domains: domains, bounds: bounds)))
    }
  }

  @Test func drawsFillTheBounds() throws {
    let bounds = try SimplexBounds(lower: [0, 0.02, 0, 0], upper: [0.3, 0.3, 0.27, 0.3])
    let draws = bounds.draws(500)
    #expect(draws.count == 500 && draws.allSatisfy { bounds.contains($0) })
    #expect((draws.map { $0[0] }.max() ?? 0) > 0.28 && (draws.map { $0[0] }.min() ?? 1) < 0.2)
  }

  @Test func theGOptimalDesignHasTheLeastGreatestVariance() throws {
    // At 15 runs D- and G-optimality agree (Kiefer and Wolfowitz): greatest variance 1.
    let small = try plan("g-optimal", runs: 15).quality(for: .quadratic)
    #expect(small.maximumVariance < 1 + 1e-6)
    let g = try plan("g-optimal", runs: 22).quality(for: .quadratic)
    let i = try plan("i-optimal", runs: 22).quality(for: .quadratic)
    #expect(g.maximumVariance < i.maximumVariance)
    #expect(g.averageVariance > i.averageVariance)
  }

  @Test func replicatesAreCountedIn() throws {
    let uniform = try Mixture.uniform(domains)
    let plan = try DesignKind.named("i-optimal").plan(
      .init(domains: domains, runs: 21, replicated: uniform, replicates: 3))
    #expect(plan.runs.count == 21)
    #expect(try #require(plan.points.first { $0.mixture == uniform }).replicates >= 3)
    #expect(try plan.quality(for: .quadratic).rank == 15)
    #expect(throws: MixtureError.self) {
      try DesignKind.named("i-optimal").plan(
        .init(domains: domains, runs: 3, replicated: uniform))
    }
  }

  @Test func blocksAreAlikeInTheirMeans() throws {
    let design = try plan("i-optimal", runs: 24)
    let blocks = try design.blocks(3)
    #expect((0..<3).map { b in blocks.count { $0 == b } } == [8, 8, 8])
    for domain in 0..<5 {
      let means = (0..<3).map { b in
        Statistics.mean(
          design.runs.indices.filter { blocks[$0] == b }.map {
            design.runs[$0].mixture.weights[domain]
          })
      }
      #expect((means.max() ?? 1) - (means.min() ?? 0) < 0.1)
    }
    #expect(throws: MixtureError.self) { try design.blocks(25) }
  }

  @Test func whatADesignLacksIsNamed() throws {
    let quality = try plan("seeds").quality(for: .quadratic)
    #expect(quality.proposals.count == 5)
  }

  @Test func momentsAgreeWithDraws() throws {
    let exact = try DesignQuality.moments(.linearSquareRoot, domains: 3)
    var stream = RandomStream(seed: 3, purpose: "moments")
    let draws = 40_000
    let points = (0..<draws).map { _ in stream.dirichlet(count: 3) }
    let sampled = ModelFamily.linearSquareRoot.matrix(points, domains: 3).gram
    for (a, b) in zip(exact.values, sampled.values) { #expect(abs(a - b / Double(draws)) < 0.01) }
  }
}
