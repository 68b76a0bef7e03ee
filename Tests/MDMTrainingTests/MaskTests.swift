import Glibc
import MDMTraining
import Testing

/// Masks and corrections: what multiplies tokens' objectives.
@Suite struct MaskTests {
  /// Two completions whose ratios lie on both sides of 1.
  private func group(_ policy: [[Float]] = [[-0.5, -0.9, -1.4], [-0.6, -0.7]]) -> LossInput {
    var group = LossInput(
      policy: policy, sampling: [[-1, -1, -1.3], [-0.5, -0.75]],
      reference: [[-1.2, -0.7, -1], [-0.4, -0.9]], advantages: [1, -1])
    group.entropies = [[0.1, 0.9, 0.5], [0.7, 0.3]]
    group.rollout = [[-1.2, -0.9, -1.3], [-0.5, -2]]
    return group
  }

  private func settings(_ change: (inout LossSettings) -> Void = { _ in }) -> LossSettings {
    var settings = LossSettings(beta: 0.1, clipLow: 0.2, clipHigh: 0.28, longest: 5)
    change(&settings)
    return settings
  }

  private static let losses = PolicyLoss.all.filter { $0 != .cispo && $0 != .vespo }.map(\.name)

  @Test(arguments: losses, 0..<5)
  func derivativesUnderMasksMatchDifferences(_ name: String, _ kind: Int) throws {
    let loss = try #require(PolicyLoss.all.first { $0.name == name })
    let settings = settings {
      switch kind {
      case 0: $0.topEntropy = 0.5
      case 1: $0.offPolicyLimit = 0.05
      case 2: $0.correction = ImportanceCorrection(mode: .tokenTruncate, limit: 1.1)
      case 3: $0.correction = ImportanceCorrection(mode: .sequenceMask, limit: 3)
      default: $0.correctsKL = true
      }
    }
    let base = group().policy
    let result = loss([group()], settings)
    let h: Float = 1e-3
    for row in base.indices {
      for column in base[row].indices {
        var (up, down) = (base, base)
        up[row][column] += h
        down[row][column] -= h
        let slope =
          (loss([group(up)], settings).loss - loss([group(down)], settings).loss) / Double(2 * h)
        #expect(abs(slope - Double(result.derivatives[0][row][column])) < 2e-4)
      }
    }
  }

  // Of five tokens the entropies .9, .7 and .5 are the upper three.
  @Test func onlyTheLeastSureTokensTeach() {
    let found = PolicyLoss.dapo([group()], settings { ($0.topEntropy, $0.beta) = (0.5, 0) })
    #expect(
      found.derivatives[0].map { $0.map { $0 != 0 } } == [[false, true, true], [true, false]])
    // The divisor keeps all five tokens.
    let whole = PolicyLoss.dapo([group()], settings { $0.beta = 0 })
    #expect(found.derivatives[0][0][1] == whole.derivatives[0][0][1])
  }

  @Test func completionsThatWereLeftBehindAreMaskedOnlyWhereTheirAdvantageIsNegative() {
    var far = group()
    far.rollout = nil
    far.sampling = [[0, 0, 0], [0, 0]]
    let found = PolicyLoss.grpo([far], settings { ($0.offPolicyLimit, $0.beta) = (0.1, 0) })
    #expect(found.derivatives[0][1] == [0, 0])
    #expect(found.derivatives[0][0].contains { $0 != 0 })
  }

  // Ratios of sampling to rollout: e^.2, e^-.1, 1 and 1, e^1.25.
  @Test func ratiosAreTruncatedOrDropped() {
    func weights(_ mode: ImportanceCorrection.Mode) -> [Double] {
      var settings = settings()
      settings.beta = 0
      let plain = PolicyLoss.reinforce([group()], settings)
      settings.correction = ImportanceCorrection(mode: mode, limit: 2)
      let found = PolicyLoss.reinforce([group()], settings)
      return zip(found.derivatives[0].joined(), plain.derivatives[0].joined()).map {
        Double($0 / $1)
      }
    }
    func close(_ left: [Double], _ right: [Double]) -> Bool {
      zip(left, right).allSatisfy { abs($0 - $1) < 1e-5 }
    }
    let token = [exp(0.2), exp(-0.1), 1, 1]
    #expect(close(weights(.tokenTruncate), token + [2]))
    #expect(close(weights(.tokenMask), token + [0]))
    #expect(close(weights(.sequenceTruncate), [exp(0.1), exp(0.1), exp(0.1), 2, 2]))
    #expect(close(weights(.sequenceMask), [exp(0.1), exp(0.1), exp(0.1), 0, 0]))
  }

  @Test func k3PlusHasTheValueOfK3AndTheGradientOfK2() {
    let found = KLEstimator.k3Plus(policy: -1.3, reference: -0.8)
    #expect(found.value == KLEstimator.k3(policy: -1.3, reference: -0.8).value)
    #expect(found.derivative == KLEstimator.k2(policy: -1.3, reference: -0.8).derivative)
    let far = KLEstimator.k3Plus(policy: -1e4, reference: 0)
    #expect(far.value.isFinite && far.derivative == -KLEstimator.clamp)
  }

  // On policy the weight is 1; with w = 1.2 and A > 0 it is e^3 1.2^2 e^-3.6.
  @Test func vespoWeighsByTheWholeCompletionsRatio() {
    let same = LossInput(
      policy: [[-1, -2]], sampling: [[-1, -2]], reference: [[0, 0]], advantages: [1])
    var plain = settings { $0.beta = 0 }
    let found = PolicyLoss.vespo([same], plain)
    #expect(abs(found.loss - 1.5) < 1e-9 && found.derivatives[0][0] == [-0.5, -0.5])
    var moved = same
    let shift = Float(log(1.2) / 2)
    moved.policy = [[-1 + shift, -2 + shift]]
    let weight = exp(3) * 1.44 * exp(-3.6)
    #expect(
      abs(Double(PolicyLoss.vespo([moved], plain).derivatives[0][0][0]) + weight / 2) < 1e-6)
    plain.topEntropy = 0.5
    moved.entropies = [[0, 1]]
    let masked = PolicyLoss.vespo([moved], plain).derivatives[0][0]
    #expect(masked[0] == 0 && abs(Double(masked[1]) + weight / 2) < 1e-6)
  }

  @Test func theShorterHalfOfAGroupTeaches() {
    let group = GroupRewards([1, 0, 1, 0], lengths: [3, 5, 9, 4])
    let found = Advantage.gfpo([group])[0]
    #expect(found[1] == 0 && found[2] == 0)
    #expect(found[0] == -found[3] && found[0] > 0)
  }

  // Numbers that no forward pass should give must not become NaN weights unseen.
  @Test(arguments: PolicyLoss.all.map(\.name))
  func wildLogProbabilitiesStayFinite(_ name: String) throws {
    let loss = try #require(PolicyLoss.all.first { $0.name == name })
    let wild = LossInput(
      policy: [[-1e4, 0], []], sampling: [[0, -1e4], []], reference: [[-50, -1e4], []],
      advantages: [2, -2])
    for kl in KLEstimator.allCases {
      let result = loss([wild], settings { ($0.kl, $0.correctsKL) = (kl, true) })
      #expect(result.loss.isFinite, "\(kl)")
      let all = result.derivatives.joined().joined()
      #expect(all.allSatisfy { $0.isFinite }, "\(kl)")
    }
  }
}
