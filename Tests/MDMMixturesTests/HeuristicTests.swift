import MDMMixtures
import MDMNumerics
import Testing

/// The mixtures that the paper's rules give on its own pilot runs.
@Suite struct HeuristicTests {
  private static let domains = ["COCO", "LISA", "GeoQAV", "SAT", "ScienceQA"]
  private let all: [Heuristic.Record]
  private let withoutCOCO: [Heuristic.Record]

  init() throws {
    let table = try ProjectFile.table("stdlib/data/table2.csv")
    let codes = try table.column("mix")
    let inside = try table.numbers("In_Score")
    let outside = try table.numbers("Out_Score")
    func records(_ first: Int) throws -> [Heuristic.Record] {
      try codes.indices.compactMap { row in
        let members = codes[row].compactMap(\.wholeNumberValue)
        guard let least = members.min(), least >= first else { return nil }
        return Heuristic.Record(
          mixture: try .renormalised(
            domains: Array(Self.domains[(first - 1)...]),
            weights: (first...5).map { members.contains($0) ? 1 : 0 }),
          inScore: inside[row], outScore: outside[row])
      }
    }
    all = try records(1)
    withoutCOCO = try records(2)
  }

  private func expect(_ mixture: Mixture, _ weights: [Double]) {
    for (found, expected) in zip(mixture.weights, weights) { #expect(abs(found - expected) < 6e-5) }
  }

  @Test func norm() throws {
    expect(try Heuristic.norm(all), [0.1255, 0.2327, 0.2014, 0.2510, 0.1893])
  }

  @Test func coli() throws {
    expect(try Heuristic.coli(all), [0.1839, 0.1833, 0.2161, 0.2413, 0.1754])
    expect(try Heuristic.coli(withoutCOCO), [0.2089, 0.2778, 0.2987, 0.2146])
  }

  @Test func alpha() throws {
    #expect(all.count == 11)
    expect(try Heuristic.alpha(all, share: 1), [0.2163, 0.2543, 0, 0.0575, 0.4719])
    expect(try Heuristic.alpha(all, share: 0), [0, 0.1537, 0.2927, 0.5078, 0.0458])
    expect(try Heuristic.alpha(all, share: 0.5), [0.1121, 0.2059, 0.1410, 0.2744, 0.2666])
    expect(try Heuristic.alpha(withoutCOCO, share: 1), [0.4381, 0.0891, 0, 0.4728])
  }

  @Test(arguments: [
    (Heuristic.Rule.ain, [0, 0.4381, 0.0891, 0, 0.4728]),
    (.aout, [0, 0, 0.4192, 0.5463, 0.0345]), (.abal, [0, 0.2349, 0.2422, 0.2534, 0.2695]),
    (.coli, [0, 0.2089, 0.2778, 0.2987, 0.2146]), (.norm, [0, 0.2887, 0.2028, 0.3390, 0.1695]),
  ])
  func theRulesWithoutTheFirstDomain(rule: Heuristic.Rule, weights: [Double]) throws {
    expect(try Heuristic.mixture(rule, all, without: "COCO"), weights)
  }

  @Test func aDomainThatIsLeftOutMustBeKnown() {
    #expect(throws: MixtureError.self) { try Heuristic.mixture(.coli, all, without: "COCOA") }
  }

  @Test func normNeedsARunWithoutEachDomain() {
    #expect(throws: MixtureError.self) { try Heuristic.norm(Array(all.prefix(7))) }
  }

  @Test func quadSurfaceProposesMixturesNearTheTriedOnes() throws {
    let extra = try DesignKind.named("dirichlet").plan(.init(domains: Self.domains, runs: 25))
    let mixtures = all.map(\.mixture) + extra.mixtures
    let truth = { (w: [Double]) in 0.5 + 0.2 * w[1] * w[3] - 0.1 * w[0] }
    let surface = try QuadSurface(mixtures, scores: mixtures.map { truth($0.weights) })
    #expect(surface.testRSquared > 0.999)
    #expect(surface.candidates.count == 10)
    for candidate in surface.candidates {
      #expect(abs(candidate.mixture.weights.reduce(0, +) - 1) < 1e-9)
      #expect(abs(candidate.predicted - truth(candidate.mixture.weights)) < 1e-4)
    }
    #expect(throws: MixtureError.self) {
      try QuadSurface(Array(mixtures.prefix(4)), scores: [1, 2, 3, 4])
    }
  }
}
