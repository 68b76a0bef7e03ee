import Glibc
import MDMMixtures
import MDMNumerics
import Testing

/// Intervals of synthetic studies with known truths: 95% of them should hold it.
///
/// MDM_STUDIES=20000 makes it more serious.
@Suite struct CoverageTests {
  static let studies = getenv("MDM_STUDIES").flatMap { Int(String(cString: $0)) } ?? 2000

  /// The share of studies whose intervals all cover.
  private func coverage(
    _ name: String, of studies: Int = CoverageTests.studies,
    _ study: (inout RandomStream) throws -> Bool
  ) rethrows -> Double {
    var covered = 0
    for index in 0..<studies {
      var stream = RandomStream(seed: 11, purpose: name, index: index)
      if try study(&stream) { covered += 1 }
    }
    return Double(covered) / Double(studies)
  }

  /// Mixtures with fixed means, seeds that move all of them, and noise.
  private func panel(
    mixtures: [Double], seeds: Int, _ stream: inout RandomStream
  ) throws -> SeedPanel {
    let common = (0..<seeds).map { _ in 0.03 * stream.normal() }
    let places = mixtures.indices.flatMap { i in (0..<seeds).map { (i, $0) } }
    return try SeedPanel(
      target: "t", mixtures: places.map { "m\($0.0)" }, seeds: places.map { Int64($0.1) },
      scores: places.map { mixtures[$0.0] + common[$0.1] + 0.015 * stream.normal() })
  }

  @Test func pairedAndSimultaneousIntervalsCover() throws {
    let means = [0.40, 0.41, 0.40, 0.43]
    var single = 0
    let together = try coverage("contrasts") { stream in
      let found = try Contrasts(
        panel(mixtures: means, seeds: 5, &stream), reference: "m0")
      func covers(_ index: Int, _ interval: Estimate) -> Bool {
        let truth = means[index + 1] - means[0]
        return interval.lower <= truth && truth <= interval.upper
      }
      if covers(0, found.rows[0].difference) { single += 1 }
      return found.rows.indices.allSatisfy { covers($0, found.rows[$0].simultaneous) }
    }
    #expect((0.93...0.97).contains(Double(single) / Double(Self.studies)))
    #expect((0.93...0.97).contains(together))
  }

  /// Runs that a law did not see lie in its 95% intervals as often as promised.
  @Test(arguments: [Surrogate.Penalty.none, .fixed(0.01)])
  func intervalsOfLeftOutRunsCover(penalty: Surrogate.Penalty) throws {
    var (inside, all) = (0, 0)
    for index in 0..<Self.studies / 4 {
      var stream = RandomStream(seed: 12, purpose: "left out", index: index)
      let mixtures = try (0..<14).map { _ in
        try Mixture.renormalised(
          domains: ["a", "b", "c"], weights: stream.dirichlet(count: 3, concentration: 1))
      }
      let scores = mixtures.map {
        0.4 + 0.2 * $0.weights[0] + 0.5 * $0.weights[1] * $0.weights[2] + 0.02 * stream.normal()
      }
      let law = try Surrogate.fit(
        scores, on: SurrogateBasis(mixtures, family: .quadratic), penalty: penalty)
      let runs = try #require(law.leftOutRuns)
      inside += runs.count { $0.level <= 0.95 }
      all += runs.count
    }
    #expect((0.93...0.97).contains(Double(inside) / Double(all)))
  }

  @Test(arguments: [(0.02, 0.3, 0.3), (0.05, 0.05, 0.3), (0.002, 0.3, 0.1)])
  func intervalsOverSeedsAndItemsCover(seed: Double, item: Double, rest: Double) throws {
    let share = try coverage("crossed \(seed) \(item)") { stream in
      let seeds = (0..<6).map { _ in seed * stream.normal() }
      let items = (0..<25).map { _ in item * stream.normal() }
      let rows = seeds.map { own in items.map { own + $0 + rest * stream.normal() } }
      let found = try CrossedMean.interval(rows, scope: .randomItems)
      return found.lower <= 0 && found.upper >= 0
    }
    #expect((0.93...0.975).contains(share))
  }

  @Test func studentizedBootstrapsCoverSkewedScores() throws {
    let share = try coverage("studentized") { stream in
      let values = (0..<20).map { _ in stream.gamma(shape: 4) }
      guard
        let found = try Bootstrap.interval(
          values, method: .studentized, resamples: 400, stream: &stream)
      else { return false }
      return found.lower <= 4 && found.upper >= 4
    }
    #expect((0.93...0.97).contains(share))
  }

  @Test func pValuesOfPermutationsAreNotTooSmall() throws {
    let alarms = try coverage("permutation") { stream in
      let gaps = (0..<8).map { _ in stream.normal() }
      return try Permutation.paired(gaps, stream: &stream).pValue <= 0.05
    }
    #expect((0.03...0.06).contains(alarms))
  }

  @Test func nullStudiesAlarmAsOftenAsTheySay() throws {
    let alarms = try coverage("anova") { stream in
      let found = try SeedANOVA(panel(mixtures: [0.4, 0.4, 0.4], seeds: 4, &stream))
      return (found.mixture.test?.pValue ?? 0) <= 0.05
    }
    #expect((0.03...0.07).contains(alarms))
  }
}
