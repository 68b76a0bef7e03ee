/// The constants of a policy loss.
public struct LossSettings: Sendable {
  /// The weight of the KL term.
  public var beta: Double
  /// How the KL term is estimated.
  public var kl = KLEstimator.k3
  /// How far the importance ratio may fall below 1.
  public var clipLow: Double
  /// How far it may rise above 1.
  public var clipHigh: Double
  /// The greatest ratio that a negative advantage is multiplied by; none where nil.
  ///
  /// Source: two-sided clip, INTELLECT-2, arXiv 2505.07291.
  public var ratioLimit: Double?
  /// C: with a negative advantage A the objective is at least C A; none where nil.
  ///
  /// Source: dual-clip PPO, arXiv 1912.09729.
  public var dualClip: Double?
  /// The longest completion in tokens, the L of Dr. GRPO.
  public var longest: Int
  /// The greatest weight of a token in CISPO.
  public var weightLimit = 5.0
  /// SAPO's temperatures for positive and negative advantages.
  public var softness = (positive: 1.0, negative: 1.05)
  /// Completions of one of BNPO's batches; 0 makes the step one batch.
  public var microBatch = 0
  /// VESPO's exponents and decays for advantages from 0 on and below it.
  public var vespo = (
    positive: (power: 2.0, decay: 3.0), negative: (power: 3.0, decay: 2.0)
  )
  /// Whether each token's KL estimate is multiplied by the ratio, which makes it one of the policy's KL
  /// where the policy that sampled has been left.
  ///
  /// Source: DeepSeek-V3.2, arXiv 2512.02556; TRL's use_bias_correction_kl.
  public var correctsKL = false
  /// The share of tokens, those of the highest entropy, whose objective counts.
  public var topEntropy = 1.0
  /// The greatest mean log-ratio by which a completion of negative advantage may have been left.
  public var offPolicyLimit: Double?
  /// What corrects for another engine's draws; none where nil.
  public var correction: ImportanceCorrection?

  /// Settings; `clipHigh` is `clipLow` where it is not named.
  public init(beta: Double, clipLow: Double = 0.2, clipHigh: Double? = nil, longest: Int = 1) {
    self.beta = beta
    self.clipLow = clipLow
    self.clipHigh = clipHigh ?? clipLow
    self.longest = longest
  }
}
