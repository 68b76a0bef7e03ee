import Glibc
import MDMModels
import Testing

/// Which tokens a draw can give under the options that take some out.
@Suite struct SamplingFilterTests {
  private let policy = smallPolicy()

  /// The tokens of many draws after one prompt, and all that can be drawn, the likeliest first.
  private func drawn(
    _ change: (inout SamplingOptions) -> Void
  ) -> (drawn: Set<Int32>, order: [(token: Int32, probability: Double)]) {
    let prompt = prompts(1, for: policy)[0]
    var options = SamplingOptions(temperature: 1, maxNewTokens: 1, seed: 3)
    change(&options)
    let completions = policy.generate([prompt], samples: 3000, options: options)[0]
    let c = policy.configuration
    let logits = policy.nextTokenLogits(prompt)
    let allowed = logits.indices.filter {
      ![c.padToken, c.imageToken, c.unknownToken].contains(Int32($0))
    }
    let weights = allowed.map { exp(Double(logits[$0]) / Double(max(options.temperature, 1e-9))) }
    let sum = weights.reduce(0, +)
    let order = zip(allowed, weights).map { (Int32($0), $1 / sum) }.sorted { $0.1 > $1.1 }
    return (Set(completions.flatMap(\.tokens)), order)
  }

  @Test(arguments: [1, 3])
  func topKLeavesTheLikeliest(_ k: Int) {
    let (drawn, order) = drawn { $0.topK = k }
    #expect(drawn == Set(order.prefix(k).map(\.token)))
  }

  @Test func topPLeavesTheFewestThatReachTheSum() {
    let (drawn, order) = drawn { $0.topP = 0.5 }
    var sum = 0.0
    let kept = order.prefix { _, probability in
      defer { sum += probability }
      return sum < 0.5
    }
    #expect(kept.count > 1 && kept.count < order.count)
    #expect(drawn == Set(kept.map(\.token)))
  }

  @Test func minPLeavesWhatIsNearTheLikeliest() {
    let (drawn, order) = drawn { $0.minP = 0.3 }
    let kept = order.filter { $0.probability >= 0.3 * order[0].probability }
    #expect(kept.count > 1 && kept.count < order.count)
    #expect(drawn == Set(kept.map(\.token)))
  }

  @Test func temperatureComesBeforeTopP() {
    let cold = drawn { ($0.topP, $0.temperature) = (0.5, 0.2) }
    let warm = drawn { ($0.topP, $0.temperature) = (0.5, 3) }
    #expect(cold.drawn.count < warm.drawn.count)
  }

  @Test func repetitionPenaltyEndsRepetition() {
    let prompt = prompts(1, for: policy)[0]
    var options = SamplingOptions(temperature: 0, maxNewTokens: 12, stopsAtEnd: false)
    let plain = policy.generate([prompt], samples: 1, options: options)[0][0].tokens
    options.repetitionPenalty = 100
    let spread = policy.generate([prompt], samples: 1, options: options)[0][0].tokens
    #expect(Set(plain).count < Set(spread).count)
  }

  @Test func logProbabilitiesStayThoseOfThePolicy() {
    let prompt = prompts(1, for: policy)[0]
    var options = SamplingOptions(temperature: 0.5, maxNewTokens: 6, seed: 5)
    options.topK = 2
    let completion = policy.generate([prompt], samples: 1, options: options)[0][0]
    let scores = policy.logProbabilities([
      CompletionGroup(prompt: prompt, completions: [completion.tokens])
    ])
    #expect(scores[0][0] == completion.logProbabilities)
  }
}
