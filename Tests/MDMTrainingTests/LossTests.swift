import Glibc
import MDMTraining
import Testing

@Suite struct LossTests {
  @Test func equalRewardsGiveExactZeros() {
    for advantage in Advantage.all {
      #expect(advantage([0.1, 0.1, 0.1]) == [0, 0, 0], "\(advantage)")
      #expect(advantage([Double]()) == [], "\(advantage)")
    }
  }

  // Rewards 0 and 2: mean 1, sample standard deviation sqrt(2).
  @Test func advantagesAreStandardisedWithTheSampleDeviation() {
    let expected = 1 / (2.0.squareRoot() + 1e-4)
    let found = Advantage.groupNormalised([0, 2])
    #expect(abs(found[0] + expected) < 1e-12)
    #expect(abs(found[1] - expected) < 1e-12)
  }

  @Test func centredAdvantagesAreNotScaled() {
    #expect(Advantage.centred([0, 1, 5]) == [-2, -1, 3])
  }

  // Two groups: 0 and 2, 1 and 1. Over the step the mean is 1 and the deviation sqrt(2 / 3).
  @Test func advantagesAreWhatAHandComputes() {
    let step = [GroupRewards([0, 2]), GroupRewards([1, 1])]
    let scale = 1 / ((2.0 / 3).squareRoot() + 1e-4)
    let expected: [(Advantage, [[Double]])] = [
      (.centred, [[-1, 1], [0, 0]]), (.leaveOneOut, [[-2, 2], [0, 0]]),
      (.maxRL, [[-1, 1], [0, 0]]), (.batchScaled, [[-scale, scale], [0, 0]]),
      (.batchStandardised, [[-scale, scale], [0, 0]]),
      (.centredStandardised, [[-scale, scale], [0, 0]]),
    ]
    for (advantage, wanted) in expected { #expect(advantage(step) == wanted, "\(advantage)") }
    // The step's mean is no baseline of a domain: who is paid more gains.
    let unlike = [GroupRewards([0, 1]), GroupRewards([2, 3])]
    #expect(Advantage.batchStandardised(unlike)[1].allSatisfy { $0 > 0 })
    #expect(Advantage.centredStandardised(unlike)[0] == Advantage.centredStandardised(unlike)[1])
  }

  // The parts 0, 1 and 0, 10 count alike; in the sum the second would drown the first.
  @Test func gdpoStandardisesEachPart() {
    let rewards = GroupRewards([0, 1, 10, 11], parts: [[0, 1, 0, 1], [0, 0, 10, 10]])
    let found = Advantage.gdpo([rewards])[0]
    #expect(abs(found[1] - found[2]) < 1e-3 && found[0] < found[1] && found[3] > found[2])
    let summed = Advantage.groupNormalised([0, 1, 10, 11])
    #expect(summed[2] - summed[1] > 1)
  }

  @Test func k3IsNotNegativeAndStaysFinite() {
    for (policy, reference) in [(-1.0, -2.0), (-2.0, -1.0), (0, 0), (-1e4, 0), (0, -1e4)] {
      let k3 = KLEstimator.k3(policy: policy, reference: reference)
      #expect(k3.value >= 0 && k3.value.isFinite && k3.derivative.isFinite)
    }
  }

  @Test func derivativesOfTheEstimatorsMatchDifferences() {
    let h = 1e-6
    for estimate in KLEstimator.allCases where estimate != .k3Plus {
      let up = estimate(policy: -1.3 + h, reference: -0.8).value
      let down = estimate(policy: -1.3 - h, reference: -0.8).value
      let derivative = estimate(policy: -1.3, reference: -0.8).derivative
      #expect(abs((up - down) / (2 * h) - derivative) < 1e-6)
    }
  }

  private func input(_ policy: [[Float]]) -> LossInput {
    LossInput(
      policy: policy, sampling: [[-1, -1], [-0.5]], reference: [[-1.2, -0.7], [-0.4]],
      advantages: [1, -1])
  }

  // On policy rho is 1, so the objectives are 1, 1 and -1; d is -0.2, 0.3 and 0.1.
  @Test func theLossesOnPolicyAreWhatAHandComputes() {
    func k3(_ d: Double) -> Double { exp(d) - d - 1 }
    let first = (1 - 0.5 * k3(-0.2)) + (1 - 0.5 * k3(0.3))
    let second = -1 - 0.5 * k3(0.1)
    let settings = LossSettings(beta: 0.5, longest: 8)
    let expected: [(PolicyLoss, Double)] = [
      (.grpo, -(first / 2 + second) / 2), (.dapo, -(first + second) / 3),
      (.drGRPO, -(first + second) / (2 * 8)),
    ]
    for (loss, value) in expected {
      let found = loss([input([[-1, -1], [-0.5]])], settings)
      #expect(abs(found.loss - value) < 1e-7, "\(loss)")
      #expect(abs(found.kl - (k3(-0.2) + k3(0.3) + k3(0.1)) / 3) < 1e-7, "\(loss)")
    }
  }

  // The weights of CISPO and VESPO have no gradient: tests of their own have their derivatives.
  @Test(arguments: PolicyLoss.all.filter { $0 != .cispo && $0 != .vespo }.map(\.name))
  func theLossesDerivativeMatchesDifferences(_ name: String) throws {
    let loss = try #require(PolicyLoss.all.first { $0.name == name })
    for kl in KLEstimator.allCases where kl != .k3Plus {
      var settings = LossSettings(beta: 0.1, clipLow: 0.2, clipHigh: 0.28, longest: 5)
      settings.kl = kl
      // The first token's ratio, e^0.5, lies beyond the clip and the second's, e^0.1, within.
      let base: [[Float]] = [[-0.5, -0.9], [-0.6]]
      let result = loss([input(base)], settings)
      let h: Float = 1e-3
      for row in base.indices {
        for column in base[row].indices {
          var up = base
          up[row][column] += h
          var down = base
          down[row][column] -= h
          let slope =
            (loss([input(up)], settings).loss - loss([input(down)], settings).loss)
            / Double(2 * h)
          #expect(abs(slope - Double(result.derivatives[0][row][column])) < 2e-4)
        }
      }
    }
  }

  @Test func theClippedShareIsThatOfTokensBeyondTheClip() {
    let settings = LossSettings(beta: 0.1, clipLow: 0.2, clipHigh: 0.28, longest: 5)
    for loss in [PolicyLoss.grpo, .dapo, .drGRPO, .bnpo] {
      let found = loss([input([[-0.5, -0.9], [-0.6]])], settings)
      #expect(abs(found.clipped - 1.0 / 3) < 1e-12, "\(loss)")
    }
  }

  // Ratios e^0.5, e^0.1 and e^-0.1; the first completion's geometric mean is e^0.3.
  @Test func ratioLossesAreWhatAHandComputes() {
    func close(_ left: Double, _ right: Double) -> Bool { abs(left - right) < 1e-6 }
    let tokens: [[Float]] = [[-0.5, -0.9], [-0.6]]
    var settings = LossSettings(beta: 0, clipLow: 0.2, clipHigh: 0.28)
    let sequence = min(exp(0.3), 1.28) - exp(-0.1)
    #expect(close(PolicyLoss.gspo([input(tokens)], settings).loss, -sequence / 2))
    let weighted = 2 * min(exp(0.3), 1.28) - exp(-0.1)
    #expect(close(PolicyLoss.luspo([input(tokens)], settings).loss, -weighted / 2))
    settings.weightLimit = 1.2
    let cispo = PolicyLoss.cispo([input(tokens)], settings)
    #expect(close(cispo.loss, -(1.2 * -0.5 + exp(0.1) * -0.9 - exp(-0.1) * -0.6) / 3))
    let slopes = [[1.2, exp(0.1)], [-exp(-0.1)]]
    for (row, slope) in zip(cispo.derivatives[0], slopes) {
      for (found, wanted) in zip(row, slope) { #expect(close(Double(found), -wanted / 3)) }
    }
    func gate(_ tau: Double, _ ratio: Double) -> Double { 4 / tau / (1 + exp(-tau * (ratio - 1))) }
    let soft = (gate(1, exp(0.5)) + gate(1, exp(0.1))) / 2 - gate(1.05, exp(-0.1))
    #expect(close(PolicyLoss.sapo([input(tokens)], settings).loss, -soft / 2))
    #expect(close(PolicyLoss.reinforce([input(tokens)], settings).loss, -(-1.4 + 0.6) / 2))
  }

  @Test func bnpoIsGRPOWithOneCompletionABatchAndDAPOWithOneBatch() {
    let groups = [input([[-0.5, -0.9], [-0.6]]), input([[-1.1, -1], [-0.4]])]
    var settings = LossSettings(beta: 0.1)
    #expect(PolicyLoss.bnpo(groups, settings).loss == PolicyLoss.dapo(groups, settings).loss)
    settings.microBatch = 1
    let single = PolicyLoss.bnpo(groups, settings).loss
    #expect(abs(single - PolicyLoss.grpo(groups, settings).loss) < 1e-12)
    settings.microBatch = 3
    let three = PolicyLoss.bnpo(groups, settings).loss
    #expect(three != single && three != PolicyLoss.dapo(groups, settings).loss)
  }

  // The first completion is left out: GRPO still divides by both, DAPO by the token that is left.
  @Test func tokensThatDoNotCountHaveNoLossAndNoDerivative() {
    var group = input([[-0.5, -0.9], [-0.6]])
    group.mask = [[false, false], [true]]
    let settings = LossSettings(beta: 0)
    let left = exp(-0.1)
    for (loss, wanted) in [(PolicyLoss.grpo, left / 2), (.dapo, left), (.gspo, left / 2)] {
      let found = loss([group], settings)
      #expect(abs(found.loss - wanted) < 1e-6, "\(loss)")
      #expect(found.derivatives[0][0] == [0, 0] && found.derivatives[0][1] != [0])
    }
    group.mask = [[false, false], [false]]
    #expect(PolicyLoss.grpo([group], settings).loss == 0)
  }

  // A negative advantage with a ratio of e: unbounded in PPO, at most 1.5 with two-sided clip,
  // no gradient beyond it.
  @Test func negativeAdvantagesCanBeBounded() {
    let group = LossInput(policy: [[0]], sampling: [[-1]], reference: [[0]], advantages: [-1])
    var settings = LossSettings(beta: 0)
    let plain = PolicyLoss.grpo([group], settings)
    #expect(abs(plain.loss - exp(1)) < 1e-6 && plain.derivatives[0][0][0] != 0)
    settings.ratioLimit = 1.5
    let limited = PolicyLoss.grpo([group], settings)
    #expect(limited.loss == 1.5 && limited.derivatives[0][0] == [0] && limited.clipped == 1)
    settings.ratioLimit = nil
    settings.dualClip = 2
    let dual = PolicyLoss.grpo([group], settings)
    #expect(dual.loss == 2 && dual.derivatives[0][0] == [0])
  }

  @Test func noTokensGiveNoLoss() {
    for loss in PolicyLoss.all {
      let result = loss([], LossSettings(beta: 0.04))
      #expect(result.loss == 0 && result.derivatives.isEmpty, "\(loss)")
    }
  }

  @Test func settingsWithoutAMeaningAreNamed() {
    var options = GRPOOptions()
    #expect(options.problem == nil)
    options.group = 1
    #expect(options.problem?.contains("`group` is 1") == true)
    options = GRPOOptions()
    options.iterations = 0
    #expect(options.problem?.contains("`iterations` is 0") == true)
    options = GRPOOptions()
    options.clipHigh = .nan
    #expect(options.problem?.contains("`clip_high`") == true)
  }
}
