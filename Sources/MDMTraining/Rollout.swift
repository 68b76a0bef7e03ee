import MDMData
import MDMModels

/// Completions of one example's prompt: the native part of recipes that scripts write.
public struct Rollout: Sendable {
  public let example: MDMData.Example
  public let prompt: Prompt
  public let completions: [Completion]
  /// What the completions say, without their end tokens.
  public let texts: [String]

  /// The completions' tokens with their prompt.
  public var group: CompletionGroup {
    CompletionGroup(prompt: prompt, completions: completions.map(\.tokens))
  }

  /// Samples a group of completions for each drawn example, by the streams of `GRPOTraining`.
  ///
  /// - Parameters:
  ///   - drawn: Examples, each with its number among all draws of the run.
  ///   - options: Their seed names the streams; the purpose is that of training.
  public static func sample(
    _ policy: Policy, _ drawn: [(example: MDMData.Example, index: Int)], group: Int,
    options: SamplingOptions, interrupted: @escaping @Sendable () -> Bool
  ) throws(TrainingError) -> [Rollout] {
    let encoder = PromptEncoder(policy: policy)
    var prompts: [Prompt] = []
    for pick in drawn {
      prompts.append(
        try encoder.prompt(pick.example, domain: pick.example.domain, index: pick.index))
    }
    var options = options
    options.purpose = "rollout"
    let sampled = policy.generate(
      prompts, samples: group, options: options, interrupted: interrupted)
    return zip(drawn, zip(prompts, sampled)).map { pick, pair in
      Rollout(
        example: pick.example, prompt: pair.0, completions: pair.1,
        texts: pair.1.map { encoder.text($0.tokens) })
    }
  }
}
