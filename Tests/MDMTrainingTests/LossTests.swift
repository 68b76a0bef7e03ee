import Glibc
import MDMTraining
import Testing

@Suite struct LossTests {
  @Test func equalRewardsGiveExactZeros() {
    #expect(Advantage.groupNormalised([0.1, 0.1, 0.1]) == [0, 0, 0])
    #expect(Advantage.centred([3, 3]) == [0, 0])
  }

  // Rewards 0 and 2: mean 1, sample standard deviation sqrt(2).
  @Test func advantagesAreStandardisedWithTheSampleDeviation() {
    let expected = 1 / (2.0.squareRoot() + 1e-4)
    let found = Advantage.groupNormalised([0, 2])
    #expect(abs(found[0] + expected) < 1e-12)
    #expect(abs(found[1] - expected) < 1e-12)
  }

  @Test func k3IsNotNegativeAndStaysFinite() {
    for (policy, reference) in [(-1.0, -2.0), (-2.0, -1.0), (0, 0), (-1e4, 0), (0, -1e4)] {
      let k3 = KLEstimator.k3(policy: policy, reference: reference)
      #expect(k3.value >= 0 && k3.value.isFinite && k3.derivative.isFinite)
    }
  }

  @Test func derivativesOfTheEstimatorsMatchDifferences() {
    let h = 1e-6
    for estimate in [KLEstimator.k1, KLEstimator.k2, KLEstimator.k3] {
      let up = estimate(-1.3 + h, -0.8).value
      let down = estimate(-1.3 - h, -0.8).value
      #expect(abs((up - down) / (2 * h) - estimate(-1.3, -0.8).derivative) < 1e-6)
    }
  }

  private func input(_ policy: [[Float]]) -> LossInput {
    LossInput(
      policy: policy, sampling: [[-1, -1], [-0.5]], reference: [[-1.2, -0.7], [-0.4]],
      advantages: [1, -1])
  }

  // On policy rho is 1: the loss is -mean of A plus beta times the mean k3 of completions.
  @Test func theLossOnPolicyIsWhatAHandComputes() {
    let result = PolicyLoss.grpo([input([[-1, -1], [-0.5]])], beta: 0.5, clip: 0.2)
    func k3(_ d: Double) -> Double { exp(d) - d - 1 }
    let first = (k3(-0.2) + k3(0.3)) / 2
    let expected = -(1 - 1) / 2.0 + 0.5 * (first + k3(0.1)) / 2
    #expect(abs(result.loss - expected) < 1e-7)
  }

  @Test func theLossesDerivativeMatchesDifferences() {
    // The first token's ratio, e^0.5, lies beyond the clip and the second's, e^0.1, within.
    let base: [[Float]] = [[-0.5, -0.9], [-0.6]]
    let result = PolicyLoss.grpo([input(base)], beta: 0.1, clip: 0.2)
    let h: Float = 1e-3
    for row in base.indices {
      for column in base[row].indices {
        var up = base
        up[row][column] += h
        var down = base
        down[row][column] -= h
        let slope =
          (PolicyLoss.grpo([input(up)], beta: 0.1, clip: 0.2).loss
            - PolicyLoss.grpo([input(down)], beta: 0.1, clip: 0.2).loss) / Double(2 * h)
        #expect(abs(slope - Double(result.derivatives[0][row][column])) < 1e-4)
      }
    }
    #expect(abs(result.clipped - 1.0 / 3) < 1e-12)
  }

  @Test func settingsWithoutAMeaningAreNamed() {
    var options = GRPOOptions()
    #expect(options.problem == nil)
    options.group = 1
    #expect(options.problem?.contains("`group` is 1") == true)
  }
}
