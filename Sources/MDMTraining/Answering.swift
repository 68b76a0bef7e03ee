import MDMData
import MDMModels

/// Lets a policy answer one example.
public enum Answering {
  /// The text of an answer, at a temperature, 0 for the likeliest tokens.
  public static func answer(
    _ policy: Policy, _ example: MDMData.Example, temperature: Double, seed: UInt64,
    maxNewTokens: Int = 16
  ) throws(TrainingError) -> String {
    let encoder = PromptEncoder(policy: policy)
    let prompt = try encoder.prompt(example, domain: example.domain, index: 0)
    let completions = policy.generate(
      [prompt], samples: 1,
      options: SamplingOptions(
        temperature: Float(temperature), maxNewTokens: maxNewTokens, seed: seed,
        purpose: "answer"), interrupted: { false })
    return encoder.text(completions[0][0].tokens)
  }
}
