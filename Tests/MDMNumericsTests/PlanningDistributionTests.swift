import MDMNumerics
import Testing

/// Figures of scipy.stats 1.17.1: norm.ppf, chi2, nct.cdf, dunnett, false_discovery_control.
@Suite struct PlanningDistributionTests {
  @Test(
    arguments: [
      (0.975, 1.959963984540054), (1e-10, -6.361340902404056), (0.3, -0.5244005127080409),
    ] as [(Double, Double)])
  func normalQuantiles(p: Double, z: Double) {
    #expect(abs(Distribution.normalQuantile(p) - z) < 1e-13)
  }

  @Test(
    arguments: [
      (1.5, 2, 0.5276334472589851), (3.84, 1, 0.9499564787512949), (20, 30, 0.08345847293466284),
      (0.01, 1.5, 0.02041513690769828),
    ] as [(Double, Double, Double)])
  func chiSquared(x: Double, df: Double, p: Double) {
    #expect(abs(Distribution.chiSquared(x, degreesOfFreedom: df) - p) < 1e-13)
    #expect(abs(Distribution.chiSquaredQuantile(p, degreesOfFreedom: df) - x) < 1e-9 * max(1, x))
  }

  @Test(
    arguments: [
      (2.0, 5, 1.5, 0.6314492472556718), (-2.5, 9, 1.0, 0.0013027610988951418),
      (4.303, 2, 3.0, 0.6126546221102789), (12.7, 1, 2.0, 0.8747161943558133),
      (2.26, 9, 3.0, 0.23822902444932975),
    ] as [(Double, Double, Double, Double)])
  func noncentralT(t: Double, df: Double, shift: Double, p: Double) {
    #expect(
      abs(Distribution.noncentralT(t, degreesOfFreedom: df, noncentrality: shift) - p) < 1e-10)
  }

  @Test func withoutNoncentralityItIsStudents() {
    for df in [1.0, 2, 7, 400] {
      let p = Distribution.noncentralT(1.3, degreesOfFreedom: df, noncentrality: 0)
      #expect(abs(p - Distribution.studentT(1.3, degreesOfFreedom: df)) < 1e-10)
    }
  }

  /// The double integral by scipy.integrate.quad.
  @Test(
    arguments: [
      (2, 5, 3.0302359465780024), (3, 10, 2.758996978373589), (9, 60, 2.7689360420017235),
    ]
      as [(Int, Double, Double)])
  func dunnettQuantiles(comparisons: Int, df: Double, t: Double) {
    let loadings = [Double](repeating: 0.5.squareRoot(), count: comparisons)
    let found = Distribution.dunnettQuantile(0.95, loadings: loadings, degreesOfFreedom: df)
    #expect(abs(found - t) < 1e-6)
  }

  @Test func dunnettTakesUnequalNumbers() {
    let found = Distribution.dunnett(2.3, loadings: [0.5, 0.7, 0.8], degreesOfFreedom: 7)
    #expect(abs(found - 0.8702584285098384) < 1e-7)
  }

  @Test func oneComparisonIsStudents() {
    let found = Distribution.dunnett(2.1, loadings: [0.6], degreesOfFreedom: 8)
    #expect(abs(found - (1 - 2 * Distribution.studentT(-2.1, degreesOfFreedom: 8))) < 1e-9)
  }

  @Test func severalTestsRaiseTheirValues() throws {
    let p = [0.01, 0.04, 0.03, 0.5, 0.002]
    func adjusted(_ method: MultipleTests) throws -> [Double] {
      try method.adjusted(p).map { ($0 * 1e6).rounded() / 1e6 }
    }
    #expect(try adjusted(.benjaminiHochberg) == [0.025, 0.05, 0.05, 0.5, 0.01])
    #expect(try adjusted(.holm) == [0.04, 0.09, 0.09, 0.5, 0.01])
    #expect(try adjusted(.bonferroni) == [0.05, 0.2, 0.15, 1, 0.01])
    #expect(throws: NumericsError.self) { try MultipleTests.holm.adjusted([0.1, .nan]) }
  }
}
