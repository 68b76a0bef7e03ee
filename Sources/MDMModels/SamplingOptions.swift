/// How completions are drawn.
public struct SamplingOptions: Sendable, Equatable {
  /// The divisor of the logits; 0 takes the most likely token each time.
  public var temperature: Float
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
