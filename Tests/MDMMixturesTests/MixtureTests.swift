import MDMMixtures
import MDMNumerics
import Testing

@Suite struct MixtureTests {
  private let domains = ["coco", "lisa", "geoqav", "sat", "scienceqa"]

  @Test func weightsMustSumToOne() {
    let error = #expect(throws: MixtureError.self) {
      try Mixture(domains: ["a", "b"], weights: [0.5, 0.4])
    }
    #expect(error == .badSum(sum: 0.9))
    #expect(error?.message.contains("0.9") == true)
  }

  @Test(arguments: [-0.1, .nan, .infinity])
  func everyWeightIsFiniteAndNotNegative(weight: Double) {
    #expect(throws: MixtureError.self) { try Mixture(domains: ["a", "b"], weights: [weight, 1]) }
  }

  @Test func whatRoundingLeavesBelowZeroIsZero() throws {
    let weights = [0.3, 0.7, -1.1e-16]
    #expect(try Mixture(domains: ["a", "b", "c"], weights: weights).weights == [0.3, 0.7, 0])
    #expect(
      try Mixture.renormalised(domains: ["a", "b", "c"], weights: weights).weights == [0.3, 0.7, 0])
  }

  @Test func aTypingErrorNamesTheNearestDomain() {
    let error = #expect(throws: MixtureError.self) {
      try Mixture(over: domains, naming: [("scienceq", 0.5), ("sat", 0.5)])
    }
    #expect(error?.message.contains("'scienceq'") == true)
    #expect(error?.hint.contains("did you mean 'scienceqa'?") == true)
  }

  @Test func anUnrelatedNameSuggestsNothing() {
    let error = #expect(throws: MixtureError.self) { try Mixture.single("weather", of: domains) }
    #expect(error?.hint.contains("did you mean") == false)
  }

  @Test func namesMayNotRepeat() {
    #expect(throws: MixtureError.repeatedDomain("a")) {
      try Mixture(domains: ["a", "a"], weights: [0.5, 0.5])
    }
    #expect(throws: MixtureError.repeatedDomain("sat")) {
      try Mixture(over: domains, naming: [("sat", 0.5), ("sat", 0.5)])
    }
  }

  @Test func theSeedsAreWhatTheirNamesSay() throws {
    #expect(try Mixture.uniform(domains).weights == [0.2, 0.2, 0.2, 0.2, 0.2])
    #expect(try Mixture.single("sat", of: domains).weights == [0, 0, 0, 1, 0])
    #expect(try Mixture.excluding("coco", of: domains).weights == [0, 0.25, 0.25, 0.25, 0.25])
    #expect(try Mixture.single("sat", of: domains).weight(of: "sat") == 1)
  }

  @Test func aMixtureDescribesItself() throws {
    let mixture = try Mixture(over: domains, naming: [("coco", 0.25), ("sat", 0.75)])
    #expect(mixture.summary == "coco .25, sat .75")
    #expect(try Mixture.single("sat", of: domains).summary == "sat 1")
    #expect(try mixture.distance(to: .single("sat", of: domains)) == 0.5)
  }

  @Test func projectionsAreTheNearestPoints() {
    #expect(Simplex.projection([0.2, 0.3, 0.5]) == [0.2, 0.3, 0.5])
    #expect(Simplex.projection([2, 0]) == [1, 0])
    var stream = RandomStream(seed: 1, purpose: "projection")
    for _ in 0..<200 {
      let point = (0..<4).map { _ in stream.normal() }
      let nearest = Simplex.projection(point)
      #expect(nearest.allSatisfy { $0 >= 0 })
      #expect(abs(nearest.reduce(0, +) - 1) < 1e-12)
      let distance = { (w: [Double]) in
        zip(w, point).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      for _ in 0..<20 {
        #expect(distance(stream.dirichlet(count: 4)) >= distance(nearest) - 1e-12)
      }
    }
  }

  @Test func boundsWithoutAMixtureAreRefused() {
    #expect(throws: MixtureError.self) { try SimplexBounds(lower: [0.6, 0.6], upper: [1, 1]) }
    #expect(throws: MixtureError.self) { try SimplexBounds(lower: [0, 0], upper: [0.4, 0.4]) }
    #expect(throws: MixtureError.self) { try SimplexBounds(lower: [0.5, 0], upper: [0.4, 1]) }
  }

  @Test func capsFollowFromDatasetSizes() throws {
    let bounds = try SimplexBounds.repetition(sizes: [600, 133, 4000], draws: 1000)
    #expect(bounds.upper == [0.6, 0.133, 1])
    #expect(throws: MixtureError.self) {
      try SimplexBounds.repetition(sizes: [10, 20], draws: 1000)
    }
  }

  @Test func rowsThatRoundingDoesNotExplainAreRefused() throws {
    let fine = try CSVTable(parsing: "a,b\n0.5,0.503\n", source: "t.csv")
    #expect(try MixtureTable(fine, columns: ["a", "b"]).warning?.contains("100%") == true)
    let wrong = try CSVTable(parsing: "a,b\n0.5,0.5\n0.5,0.6\n", source: "t.csv")
    let error = #expect(throws: MixtureError.self) {
      try MixtureTable(wrong, columns: ["a", "b"])
    }
    #expect(error?.message.contains("row 2") == true)
  }
}
