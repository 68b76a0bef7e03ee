import MDMData
import MDMMixtures
import MDMModels
import MDMTraining

/// Runs of a policy small enough for tests of a second.
struct TinyTraining {
  let suite = Suite.mini()

  func policy(seed: UInt64 = 0) -> Policy {
    let tokenizer = WordTokenizer(words: Vocabulary.words)
    var configuration = PolicyConfiguration(tokenizer: tokenizer)
    configuration.hiddenSize = 32
    configuration.intermediateSize = 48
    configuration.layerCount = 1
    configuration.mropeSection = [2, 1, 1]
    configuration.visionDepth = 1
    return Policy(configuration: configuration, tokenizer: tokenizer, seed: seed)
  }

  func training(
    _ weights: [(String, Double)], steps: Int = 2, seed: UInt64 = 3,
    reward: RewardFunction = .gated, rate: Double = 1e-3,
    _ change: (inout GRPOOptions) -> Void = { _ in }
  ) throws -> GRPOTraining {
    var options = GRPOOptions()
    options.group = 4
    options.prompts = 4
    options.maxNewTokens = 4
    options.learningRate = rate
    change(&options)
    return try GRPOTraining(
      base: policy(), mixture: Mixture(domains: weights.map(\.0), weights: weights.map(\.1)),
      data: suite.train, reward: reward, options: options, steps: steps, seed: seed)
  }

  /// Pays for completions by their length: something that any policy can learn.
  static var brevity: RewardFunction {
    RewardFunction(name: "brevity", range: 0...1) { text, _ in
      text.split(separator: " ").count < 2 ? 1 : 0
    }
  }
}

extension Run {
  /// All that must be equal for two runs to be the same, bit by bit: NaN equals NaN here.
  var bits: [String] {
    [policy.fingerprint, status.rawValue, "\(drawn)", inputs]
      + metrics.keys.sorted().map { "\($0) \((metrics[$0] ?? []).map(\.bitPattern))" }
  }
}
