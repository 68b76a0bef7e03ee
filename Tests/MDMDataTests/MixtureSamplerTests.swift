import MDMData
import MDMNumerics
import Testing

@Suite struct MixtureSamplerTests {
  private func sampler(
    _ weights: [Double], counts: [Int]? = nil, seed: UInt64 = 1,
    schedule: MixtureSampler.Schedule = .independent,
    exhaustion: MixtureSampler.Exhaustion = .reshuffle, names: [String]? = nil
  ) throws -> MixtureSampler {
    try MixtureSampler(
      domains: weights.indices.map {
        .init(
          name: names?[$0] ?? "d\($0)", count: counts?[$0] ?? 50 + $0, weight: weights[$0])
      }, seed: seed, schedule: schedule, exhaustion: exhaustion)
  }

  private func draws(_ sampler: MixtureSampler, _ count: Int) -> [MixtureSampler.Draw] {
    var sampler = sampler
    return (0..<count).compactMap { _ in sampler.next() }
  }

  @Test(arguments: 0..<60) func spreadCountsStayWithinOneAtEveryStep(_ seed: Int) throws {
    var stream = RandomStream(seed: UInt64(seed), purpose: "weights")
    let weights = (0..<stream.integer(in: 1...7)).map { _ in
      stream.integer(below: 5) == 0 ? 0.001 : stream.uniform()
    }
    var sampler = try sampler(weights, seed: UInt64(seed), schedule: .spread)
    for step in 1...500 {
      _ = sampler.next()
      for (drawn, weight) in zip(sampler.drawn, sampler.weights) {
        #expect(abs(Double(drawn) - weight * Double(step)) <= 1)
      }
    }
  }

  @Test(arguments: MixtureSampler.Schedule.allCases)
  func theSameSeedGivesTheSameDraws(_ schedule: MixtureSampler.Schedule) throws {
    let a = try sampler([0.5, 0.3, 0.2], seed: 4, schedule: schedule)
    #expect(draws(a, 300) == draws(a, 300))
    let b = try sampler([0.5, 0.3, 0.2], seed: 5, schedule: schedule)
    #expect(draws(a, 300) != draws(b, 300))
  }

  @Test(arguments: MixtureSampler.Schedule.allCases)
  func aDomainOfWeightZeroChangesNothing(_ schedule: MixtureSampler.Schedule) throws {
    let without = try sampler(
      [0.6, 0.4], counts: [7, 9], schedule: schedule, names: ["a", "b"])
    let with = try sampler(
      [0.6, 0, 0.4], counts: [7, 0, 9], schedule: schedule, names: ["a", "x", "b"])
    let expected = draws(without, 200).map { [$0.domain == 0 ? 0 : 2, $0.index, $0.epoch] }
    #expect(draws(with, 200).map { [$0.domain, $0.index, $0.epoch] } == expected)
  }

  @Test func independentDrawsFollowTheWeights() throws {
    var sampler = try sampler([3, 1])
    for _ in 0..<4000 { _ = sampler.next() }
    #expect(abs(Double(sampler.drawn[0]) / 4000 - 0.75) < 0.03)
  }

  @Test func anEpochShowsEveryExampleOnce() throws {
    let all = draws(try sampler([1], counts: [20]), 40)
    #expect(Set(all.prefix(20).map(\.index)).count == 20)
    #expect(Set(all.suffix(20).map(\.index)).count == 20)
    #expect(all.prefix(20).map(\.index) != all.suffix(20).map(\.index))
    #expect(all.map(\.epoch) == Array(repeating: 0, count: 20) + Array(repeating: 1, count: 20))
  }

  @Test func itStopsWhereAChosenDomainIsExhausted() throws {
    var sampler = try sampler([1], counts: [3], exhaustion: .stop)
    #expect(sampler.next() != nil && sampler.next() != nil && sampler.next() != nil)
    #expect(sampler.next() == nil && sampler.next() == nil)
  }

  @Test(arguments: MixtureSampler.Schedule.allCases)
  func itContinuesFromItsCounts(_ schedule: MixtureSampler.Schedule) throws {
    var first = try sampler([0.2, 0.5, 0.3], counts: [5, 6, 7], schedule: schedule)
    for _ in 0..<37 { _ = first.next() }
    let second = try MixtureSampler(
      domains: first.domains, seed: 1, schedule: schedule, drawn: first.drawn)
    #expect(draws(first, 50) == draws(second, 50))
  }

  // Of 8 examples twice each 16 are drawn; all later draws are the others', in their proportion.
  @Test(arguments: MixtureSampler.Schedule.allCases)
  func passesAreALimit(_ schedule: MixtureSampler.Schedule) throws {
    var sampler = try MixtureSampler(
      domains: zip([8, 500, 900], [0.6, 0.1, 0.3]).enumerated().map {
        .init(name: "d\($0)", count: $1.0, weight: $1.1)
      }, seed: 2, schedule: schedule, passes: 2)
    for _ in 0..<400 { _ = sampler.next() }
    #expect(sampler.drawn[0] == 16)
    let share = Double(sampler.drawn[1]) / Double(sampler.drawn[1] + sampler.drawn[2])
    #expect(abs(share - 0.25) < (schedule == .spread ? 0.005 : 0.08))
    for _ in 0..<10_000 { _ = sampler.next() }
    #expect(sampler.next() == nil && sampler.drawn == [16, 1000, 1800])
  }

  @Test func aLimitThatIsNotReachedChangesNothing() throws {
    let free = try sampler([0.5, 0.3, 0.2])
    let limited = try MixtureSampler(
      domains: free.domains, seed: free.seed, passes: 1e6)
    #expect(draws(free, 300) == draws(limited, 300))
  }

  @Test func weightsCanChangeBetweenDraws() throws {
    var sampler = try sampler([0.5, 0.5, 0])
    sampler.reweigh([0, 2, 0])
    for _ in 0..<20 { _ = sampler.next() }
    #expect(sampler.drawn == [0, 20, 0] && sampler.weights == [0, 1, 0])
  }

  @Test(arguments: [0, -1, Double.nan]) func passesAreSome(_ passes: Double) {
    #expect(throws: DataError.self) {
      try MixtureSampler(
        domains: [.init(name: "a", count: 3, weight: 1)], seed: 0, passes: passes)
    }
  }

  @Test(arguments: [[], [0, 0], [-1, 2], [Double.nan, 1], [Double.infinity, 1]])
  func badWeightsAreErrors(_ weights: [Double]) {
    #expect(throws: DataError.self) { try sampler(weights) }
  }

  @Test func aWeightedDomainNeedsExamples() {
    #expect(throws: DataError.self) { try sampler([1, 1], counts: [0, 3]) }
  }
}
