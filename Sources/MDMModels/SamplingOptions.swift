/// How completions are drawn.
public struct SamplingOptions: Sendable, Equatable {
  /// The divisor of the logits; 0 takes the most likely token each time.
  public var temperature: Float
  /// Keeps the most likely tokens only, so many of them and what is as likely as the last; 0 keeps all.
  public var topK = 0
  /// Keeps the fewest most likely tokens that have this probability together (nucleus); 1 keeps all.
  public var topP: Float = 1
  /// Keeps tokens of at least this part of the most likely one's probability; 0 keeps all.
  public var minP: Float = 0
  /// Divides the positive logits, and multiplies the negative ones, of tokens that the prompt or the
  /// completion has already; 1 leaves them.
  public var repetitionPenalty: Float = 1
  /// The greatest number of tokens of a completion, with the end token; at most 4096 are drawn.
  public var maxNewTokens: Int
  /// The experiment's seed.
  public var seed: UInt64
  /// The purpose in the streams' names: equal purposes, domains, indices and samples draw alike.
  public var purpose: String
  /// Whether a completion ends at the end token; off only in speed measurements.
  public var stopsAtEnd: Bool

  /// Options from their parts.
  public init(
    temperature: Float = 1, maxNewTokens: Int = 16, seed: UInt64 = 0,
    purpose: String = "sampling", stopsAtEnd: Bool = true
  ) {
    self.temperature = temperature
    self.maxNewTokens = maxNewTokens
    self.seed = seed
    self.purpose = purpose
    self.stopsAtEnd = stopsAtEnd
  }
}
