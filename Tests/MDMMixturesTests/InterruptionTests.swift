import MDMMixtures
import MDMNumerics
import Synchronization
import Testing

/// Computations that may take long end soon after they are asked to.
@Suite struct InterruptionTests {
  /// Asks to stop from the given question on, and counts the questions.
  final class Asked: Sendable {
    private let questions = Atomic<Int>(0)
    private let limit: Int

    init(after limit: Int) { self.limit = limit }

    var count: Int { questions.load(ordering: .relaxed) }

    func ask() -> Bool {
      questions.add(1, ordering: .relaxed).newValue > limit
    }
  }

  private static let domains = ["a", "b", "c", "d"]

  private static func runs(_ count: Int = 24) throws -> (mixtures: [Mixture], scores: [Double]) {
    var stream = RandomStream(seed: 5, purpose: "interruption")
    var mixtures: [Mixture] = []
    for _ in 0..<count {
      mixtures.append(
        try .renormalised(domains: domains, weights: stream.dirichlet(count: 4, concentration: 1)))
    }
    return (mixtures, mixtures.map { $0.weights[0] * $0.weights[1] + 0.1 * $0.weights[2] })
  }

  private static func law(_ family: ModelFamily) throws -> Surrogate {
    let (mixtures, scores) = try runs()
    return try .fit(scores, on: SurrogateBasis(mixtures, family: family))
  }

  /// The computation is stopped at its third question and asks hardly once more.
  private func expectEnd(
    _ what: String, after limit: Int = 2, _ body: () throws -> Void
  ) throws {
    let asked = Asked(after: limit)
    #expect(throws: MixtureError.interrupted, "\(what)") {
      try Interruption.scope({ asked.ask() }, body)
    }
    #expect((limit + 1...limit + 3).contains(asked.count), "\(what) asked \(asked.count) times")
  }

  @Test func designsByExchangeEnd() throws {
    for criterion in [OptimalDesign.Criterion.determinant, .averageVariance, .maximumVariance] {
      try expectEnd("\(criterion)") {
        _ = try OptimalDesign.exchange(
          domains: Self.domains, runs: 20, family: .quadratic, criterion: criterion)
      }
    }
    let plan = try Design(Self.runs().mixtures, domains: Self.domains)
    try expectEnd("blocks") { _ = try plan.blocks(3, for: .linear) }
    try expectEnd("quality") { _ = try plan.quality(for: .quadratic) }
  }

  @Test(arguments: ModelFamily.all.map(\.name))
  func everyFamilyEnds(name: String) throws {
    let (mixtures, scores) = try Self.runs()
    try expectEnd(name) {
      _ = try Surrogate.fit(scores, on: SurrogateBasis(mixtures, family: .named(name)))
    }
  }

  @Test func tournamentsEnd() throws {
    let (mixtures, scores) = try Self.runs()
    try expectEnd("tournament") { _ = try Tournament(mixtures, scores: scores) }
  }

  @Test func proposalsAndSearchesEnd() throws {
    let process = try Self.law(.gaussianProcess)
    try expectEnd("proposals") { _ = try Proposals(process, count: 4) }
    try expectEnd("search") { _ = try process.optimum(force: true) }
    let best = try process.optimum(force: true).mixture
    try expectEnd("near optimum") { _ = try NearOptimum(process, around: best) }
    let several = try Compromise([process, Self.law(.quadratic)])
    try expectEnd("front") { _ = try several.front() }
    try expectEnd("worst case") {
      _ = try Compromise([process, process], rule: .worstCase).maximum()
    }
  }

  @Test func provenOptimaEnd() throws {
    // Too many active sets for the enumeration: branch and bound follows.
    var stream = RandomStream(seed: 3, purpose: "hard")
    let n = 24
    let rows = (0..<n).map { row in (0..<n).map { $0 == row ? 0 : 0.2 + stream.uniform() } }
    let hard = try SimplexQuadratic(
      linear: [Double](repeating: 0, count: n), quadratic: rows)
    try expectEnd("branch and bound", after: 9) { _ = try hard.maximum() }
    let few = try SimplexQuadratic(
      linear: [1, 2, 3], quadratic: [[0, 1, 0], [1, 0, 1], [0, 1, 0]])
    try expectEnd("enumeration", after: 0) { _ = try few.maximum() }
    try expectEnd("square roots", after: 1) {
      _ = try Self.law(.linearSquareRoot).optimum(force: true)
    }
  }

  @Test func oneComputationDoesNotHearAnothersWish() throws {
    #expect(!Interruption.isRequested)
    let inside = Interruption.scope({ true }, { Interruption.isRequested })
    #expect(inside)
    #expect(!Interruption.isRequested)
  }
}
