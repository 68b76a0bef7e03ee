import MDMMixtures
import MDMNumerics
import Testing

/// Public outcomes of 768 runs over 17 domains (sail-sg/regmix, 1M-parameter models).
@Suite(.enabled(if: ProjectFile.hasRegMix, "../shared/data/regmix is missing"))
struct RegMixTests {
  private let train: MixtureTable
  private let test: MixtureTable
  private let trainLosses: CSVTable
  private let testLosses: CSVTable

  init() throws {
    func mixtures(_ name: String) throws -> MixtureTable {
      let table = try ProjectFile.table("../shared/data/regmix/\(name)_mixture_1m.csv")
      return try MixtureTable(table, columns: Array(table.header.dropFirst()))
    }
    train = try mixtures("train")
    test = try mixtures("test")
    trainLosses = try ProjectFile.table("../shared/data/regmix/train_pile_loss_1m.csv")
    testLosses = try ProjectFile.table("../shared/data/regmix/test_pile_loss_1m.csv")
  }

  private func meanCorrelation(_ family: ModelFamily) throws -> Double {
    let basis = try SurrogateBasis(train.mixtures, family: family)
    let targets = trainLosses.header.dropFirst()
    let correlations = try targets.map { target in
      let surrogate = try Surrogate.fit(try trainLosses.numbers(target), on: basis)
      return try Statistics.spearman(
        try testLosses.numbers(target), test.mixtures.map { surrogate.value($0.weights) })
    }
    return Statistics.mean(correlations)
  }

  @Test func aThirdOfTheRowsNeedsRenormalising() {
    #expect(train.mixtures.count == 512 && test.mixtures.count == 256)
    #expect(abs(Double(train.misnormalised) / 512 - 0.37) < 0.01)
    #expect(train.warning?.contains("37%") == true)
  }

  @Test func theSquareRootFamilyRanksUnseenMixtures() throws {
    #expect(try meanCorrelation(.linearSquareRoot) >= 0.97)
  }

  @Test func theQuadraticRanksThemLessWell() throws {
    let rho = try meanCorrelation(.quadratic)
    #expect(abs(rho - 0.87) < 0.01)
  }

  private func meanCorrelation(
    runs: Range<Int>, _ fit: (Observations) throws -> any FittedModel
  ) throws -> Double {
    let correlations = try trainLosses.header.dropFirst().map { target in
      let losses = try trainLosses.numbers(target)
      let model = try fit(
        Observations(
          points: runs.map { train.mixtures[$0].weights }, scores: runs.map { losses[$0] },
          domains: 17))
      return try Statistics.spearman(
        try testLosses.numbers(target), test.mixtures.map { model.value($0.weights) })
    }
    return Statistics.mean(correlations)
  }

  @Test func boostedTreesRankThemBest() throws {
    #expect(try meanCorrelation(runs: 0..<512) { try BoostedTrees.fit($0) } >= 0.985)
  }

  @Test func aProcessRanksThemFromTwentyFourRuns() throws {
    #expect(try meanCorrelation(runs: 0..<24) { try GaussianProcess.fit($0) } >= 0.75)
  }
}
