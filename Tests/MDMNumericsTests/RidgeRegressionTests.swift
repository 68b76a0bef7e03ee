import MDMNumerics
import Testing

@Suite struct RidgeRegressionTests {
  private let x: Matrix
  private let y: [Double]
  private let ones: Matrix

  init() {
    var stream = RandomStream(seed: 4, purpose: "ridge")
    x = Matrix(rows: 24, columns: 4, values: (0..<96).map { _ in stream.normal() })
    y = x.times([1, -2, 0.5, 3]).map { $0 + 7 + 0.3 * stream.normal() }
    ones = Matrix(rows: 24, columns: 1, repeating: 1)
  }

  @Test func withoutPenaltyItIsLeastSquares() throws {
    let fit = try RidgeRegression(design: x, unpenalised: ones).fit(y, penalty: 0)
    let all = ones.joined(right: x)
    let direct = try #require(CholeskyFactorization(all.gram)).solve(all.transposedTimes(y))
    for (a, b) in zip(fit.unpenalised + fit.coefficients, direct) { #expect(abs(a - b) < 1e-10) }
    #expect(abs(fit.effectiveParameters - 5) < 1e-9)
    let residual = zip(y, fit.fitted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    #expect(abs(fit.residualVariance - residual / 19) < 1e-10)
  }

  @Test func aHugePenaltyLeavesTheMean() throws {
    let fit = try RidgeRegression(design: x, unpenalised: ones).fit(y, penalty: 1e12)
    for value in fit.fitted { #expect(abs(value - Statistics.mean(y)) < 1e-6) }
  }

  @Test func thePenalisedSystemIsSolved() throws {
    let fit = try RidgeRegression(design: x, standardise: false).fit(y, penalty: 2.5)
    var gram = x.gram
    for i in 0..<4 { gram[i, i] += 2.5 }
    let direct = try #require(CholeskyFactorization(gram)).solve(x.transposedTimes(y))
    for (a, b) in zip(fit.coefficients, direct) { #expect(abs(a - b) < 1e-10) }
  }

  @Test(arguments: [0, 0.7])
  func leavingGroupsOutNeedsNoRefit(penalty: Double) throws {
    let groups = (0..<24).map { $0 / 3 }
    let fast = try #require(
      try RidgeRegression(design: x, unpenalised: ones, standardise: false)
        .leaveOut(y, penalty: penalty, groups: groups))
    for group in 0..<8 {
      let kept = (0..<24).filter { groups[$0] != group }
      let refit = try RidgeRegression(
        design: Matrix(rows: kept.map { x.row($0) }),
        unpenalised: Matrix(rows: kept.count, columns: 1, repeating: 1), standardise: false
      ).fit(kept.map { y[$0] }, penalty: penalty)
      for i in 0..<24 where groups[i] == group {
        let slow =
          refit.unpenalised[0] + zip(x.row(i), refit.coefficients).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(slow - fast[i]) < 1e-8)
      }
    }
  }

  @Test func dependentColumnsWithoutPenaltyAreRefused() throws {
    let twice = x.joined(right: Matrix(rows: 24, columns: 1, values: x.column(0)))
    let regression = try RidgeRegression(design: twice, unpenalised: ones)
    #expect(throws: NumericsError.rankDeficient(rank: 5, columns: 6)) {
      try regression.fit(y, penalty: 0)
    }
    #expect(try regression.fit(y, penalty: 0.1).fitted.count == 24)
  }

  @Test func theVarianceOfAPredictionIsThatOfLeastSquares() throws {
    let regression = try RidgeRegression(design: x, unpenalised: ones)
    let all = ones.joined(right: x)
    let row = [1, 0.2, -0.4, 1.5, 0.1]
    let direct = try #require(CholeskyFactorization(all.gram)).forward(row)
      .reduce(0) { $0 + $1 * $1 }
    let found = regression.leverage(row: Array(row[1...]), unpenalised: [1], penalty: 0)
    #expect(abs(found - direct) < 1e-10)
  }
}
