/// One sampled answer to a prompt.
public struct Completion: Sendable, Equatable {
  /// The sampled tokens, with the end token if it was reached.
  public var tokens: [Int32]
  /// The natural logarithm of each sampled token's probability under the untempered policy.
  public var logProbabilities: [Float]
  /// Whether the end token was reached within the limit.
  public var finished: Bool

  /// A completion from its three parts.
  public init(tokens: [Int32], logProbabilities: [Float], finished: Bool) {
    self.tokens = tokens
    self.logProbabilities = logProbabilities
    self.finished = finished
  }
}

/// A prompt and several completions of it; the prompt is computed once for all of them.
public struct CompletionGroup: Sendable {
  public var prompt: Prompt
  /// The tokens of each completion, with the end token where it belongs.
  public var completions: [[Int32]]

  /// A group from a prompt and its completions.
  public init(prompt: Prompt, completions: [[Int32]]) {
    self.prompt = prompt
    self.completions = completions
  }
}
