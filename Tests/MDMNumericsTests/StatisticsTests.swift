import MDMNumerics
import Testing

@Suite struct StatisticsTests {
  @Test func simpleFiguresAgreeWithHandWork() throws {
    let values = [2.0, 4, 4, 4, 5, 5, 7, 9]
    #expect(Statistics.mean(values) == 5)
    #expect(Statistics.standardDeviation(values, ddof: 0) == 2)
    #expect(Statistics.median(values) == 4.5)
    #expect(Statistics.quantile([1, 2, 3, 4], 0.25) == 1.75)
    #expect(Statistics.variance([1]).isNaN)
    #expect(Statistics.mean([]).isNaN)
  }

  @Test func tiesShareTheirRanks() throws {
    #expect(Statistics.ranks([10, 20, 10, 30]) == [1.5, 3, 1.5, 4])
    let rho = try Statistics.spearman([1, 2, 2, 3], [1, 2, 3, 4])
    #expect(abs(rho - 0.948683298050514) < 1e-12)
  }

  @Test func rankCorrelationIgnoresMonotoneMaps() throws {
    let x = [0.1, 3, -2, 8, 5]
    #expect(abs(try Statistics.spearman(x, x.map { $0 * $0 * $0 }) - 1) < 1e-12)
    #expect(try Statistics.pearson([1, 1, 1], [1, 2, 3]).isNaN)
  }

  @Test func listsOfTwoLengthsAreRefused() {
    #expect(throws: NumericsError.lengths(what: "correlations", left: 2, right: 3)) {
      try Statistics.pearson([1, 2], [1, 2, 3])
    }
  }

  @Test func thePerfectPredictionExplainsAll() throws {
    #expect(try Statistics.rSquared(observed: [1, 2, 3], predicted: [1, 2, 3]) == 1)
    #expect(try Statistics.rSquared(observed: [1, 2, 3], predicted: [2, 2, 2]) == 0)
    #expect(
      try Statistics.rootMeanSquaredError(observed: [1, 2], predicted: [2, 4]) == 2.5.squareRoot())
  }

  @Test(
    "Student quantiles agree with the printed tables",
    arguments: [
      (0.975, 1, 12.7062047), (0.975, 4, 2.7764451), (0.975, 10, 2.2281389), (0.95, 7, 1.8945786),
      (0.995, 30, 2.7499957), (0.975, 120, 1.9799304), (0.025, 4, -2.7764451),
    ] as [(Double, Double, Double)])
  func studentQuantiles(p: Double, df: Double, t: Double) {
    #expect(abs(Distribution.studentTQuantile(p, degreesOfFreedom: df) - t) < 1e-6)
    #expect(abs(Distribution.studentT(t, degreesOfFreedom: df) - p) < 1e-8)
  }

  @Test func distributionsAgreeWithKnownValues() {
    #expect(abs(Distribution.normal(1.959963984540054) - 0.975) < 1e-12)
    // I_0.5(2, 3) = 11/16; F(2, 10) has its upper 5% point at 4.1028.
    #expect(abs(Distribution.incompleteBeta(0.5, 2, 3) - 0.6875) < 1e-12)
    #expect(abs(Distribution.fisherUpperTail(4.102821, 2, 10) - 0.05) < 1e-6)
    #expect(Distribution.studentT(0.3, degreesOfFreedom: .infinity) == Distribution.normal(0.3))
  }

  @Test func aPairedDifferenceHasStudentsInterval() throws {
    // Differences 1, 2, 3, 4, 5: mean 3, s = 1.5811, s / sqrt 5 = 0.70711.
    let found = try Inference.pairedDifference([2, 4, 6, 8, 10], [1, 2, 3, 4, 5])
    #expect(abs(found.value - 3) < 1e-12)
    #expect(abs(found.lower - 1.036757) < 1e-5)
    #expect(abs(found.upper - 4.963243) < 1e-5)
    #expect(found.excludesZero)
  }

  @Test func oneSeedHasNoInterval() {
    #expect(
      throws: NumericsError.tooFew(what: "an interval of a mean", found: 1, needed: 2)
    ) {
      try Inference.pairedDifference([1], [2])
    }
  }

  @Test func studentIntervalsCoverAsOftenAsTheySay() throws {
    var stream = RandomStream(seed: 2, purpose: "coverage")
    var covered = 0
    for _ in 0..<2000 {
      let interval = try Inference.meanInterval((0..<5).map { _ in stream.normal() }, level: 0.9)
      if interval.lower <= 0, interval.upper >= 0 { covered += 1 }
    }
    #expect(abs(Double(covered) / 2000 - 0.9) < 0.025)
  }

  @Test func theSignTestIsBinomial() throws {
    #expect(abs(try Inference.signTest([1, 2, 3, 4, 5, 0]).pValue - 0.0625) < 1e-12)
    #expect(try Inference.signTest([1, -1]).pValue == 1)
    #expect(try Inference.signTest([0, 0]).pValue == 1)
  }

  @Test func theFTestAgreesWithAWorkedExample() throws {
    let groups: [[Double]] = [[6, 8, 4, 5, 3, 4], [8, 12, 9, 11, 6, 8], [13, 9, 11, 8, 7, 12]]
    let test = try Inference.equalMeans(groups)
    #expect(abs(test.statistic - 9.264706) < 1e-5)
    #expect(abs(test.pValue - 0.0024) < 1e-4)
  }
}
