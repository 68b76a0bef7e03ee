import MDMNumerics
import Testing

@Suite struct ResamplingTests {
  /// 24 differences; figures of scipy.stats 1.17.1 (bootstrap with 200,000 resamples) and of all 2^24
  /// sign changes counted by numpy.
  static let differences = [
    0.383, -0.55, -0.211, 0.288, -1.185, 0.601, 0.194, -0.886, -2.098, 0.813, 0.002, -0.23, 0.064,
    2.116, 0.25, 0.387, -1.187, 1.947, 1.217, 1.367, 0.348, 1.217, 0.671, 0.913,
  ]

  @Test(arguments: [
    (Bootstrap.Method.bca, Bootstrap.Statistic.mean, -0.141375, 0.636875),
    (.percentile, .mean, -0.127042, 0.649125), (.bca, .median, 0.002, 0.671),
  ])
  func intervalsAgreeWithScipy(
    method: Bootstrap.Method, statistic: Bootstrap.Statistic, low: Double, high: Double
  ) throws {
    var stream = RandomStream(seed: 1, purpose: "bootstrap")
    let found = try #require(
      try Bootstrap.interval(
        Self.differences, statistic: statistic, method: method, resamples: 40_000, stream: &stream))
    #expect(abs(found.lower - low) < 0.012)
    #expect(abs(found.upper - high) < 0.012)
  }

  @Test func theStudentizedIntervalIsNearStudents() throws {
    var stream = RandomStream(seed: 1, purpose: "bootstrap")
    let found = try #require(
      try Bootstrap.interval(
        Self.differences, method: .studentized, resamples: 20_000, stream: &stream))
    let students = try Inference.meanInterval(Self.differences)
    #expect(abs(found.lower - students.lower) < 0.1 && abs(found.upper - students.upper) < 0.1)
  }

  @Test func aSeedNamesTheResamples() throws {
    func interval(_ seed: UInt64) throws -> Estimate? {
      var stream = RandomStream(seed: seed, purpose: "bootstrap")
      return try Bootstrap.interval(Self.differences, resamples: 500, stream: &stream)
    }
    #expect(try interval(3) == interval(3))
    #expect(try interval(3) != interval(4))
  }

  @Test func anInterruptEndsIt() throws {
    var stream = RandomStream(seed: 1, purpose: "bootstrap")
    #expect(
      try Bootstrap.interval(Self.differences, stream: &stream, interrupted: { true }) == nil)
  }

  @Test func whatHasNoIntervalIsRefused() {
    var stream = RandomStream(seed: 1, purpose: "bootstrap")
    #expect(throws: NumericsError.constant) {
      try Bootstrap.interval([1, 1, 1, 1, 1], stream: &stream)
    }
    #expect(throws: NumericsError.tooFew(what: "a bootstrap interval", found: 2, needed: 5)) {
      try Bootstrap.interval([1, 2], stream: &stream)
    }
    #expect(throws: NumericsError.notFinite(what: "a bootstrap interval", index: 1)) {
      try Bootstrap.interval([1, .nan, 2, 3, 4], stream: &stream)
    }
    #expect(throws: NumericsError.self) {
      try Bootstrap.interval(
        [1, 2, 3, 4, 5], statistic: .median, method: .studentized, stream: &stream)
    }
  }

  @Test func everySignChangeCounts() throws {
    var stream = RandomStream(seed: 1, purpose: "permutation")
    #expect(try Permutation.paired([1, 2, 3, 4], stream: &stream).pValue == 0.125)
    #expect(try Permutation.paired([0, 0, 0], stream: &stream).pValue == 1)
    #expect(try Permutation.paired([2], stream: &stream).pValue == 1)
    let all = try Permutation.paired(Self.differences, stream: &stream).pValue
    #expect(abs(all - 0.19921636581420898) < 1e-15)
    let nine = try Permutation.paired(Array(Self.differences.prefix(9)), stream: &stream).pValue
    #expect(abs(nine - 0.2421875) < 1e-15)
  }

  @Test func manyPairsAreDrawn() throws {
    var stream = RandomStream(seed: 1, purpose: "permutation")
    let many = (0..<60).map { _ in 0.8 + stream.normal() }
    #expect(try Permutation.paired(many, stream: &stream).pValue < 0.01)
  }

  /// scipy.stats.permutation_test(permutation_type="independent") over all 252 splits.
  @Test func everySplitCounts() throws {
    var stream = RandomStream(seed: 1, purpose: "permutation")
    let found = try Permutation.independent(
      [0.4438, 0.4492, 0.4285, 0.4484, 0.4297], [0.4256, 0.4343, 0.4378, 0.4126, 0.3995],
      stream: &stream)
    #expect(abs(found.pValue - 0.06349206349206349) < 1e-15)
    #expect(try Permutation.independent([1, 2], [1, 2], stream: &stream).pValue == 1)
    let far = try Permutation.independent(
      (0..<20).map { Double($0) + 15 }, (0..<20).map(Double.init), resamples: 2000, stream: &stream)
    #expect(far.pValue < 0.01)
  }
}
