/// How an adapter of low rank is made (LoRA; Hu et al. 2021, arXiv 2106.09685), with PEFT's names and defaults.
public struct LoRAOptions: Sendable, Equatable {
  /// The rank of the matrices that are added.
  public var rank: Int
  /// B A is multiplied by alpha / rank, or by alpha / sqrt(rank).
  public var alpha: Float
  /// Which matrices get one: names of modules or their ends, `text` or `all-linear`.
  public var targets: [String]
  /// Whether the scale is alpha / sqrt(rank) (rsLoRA; Kalajdzievski 2023, arXiv 2312.03732).
  public var isRankStabilised: Bool

  public init(
    rank: Int = 8, alpha: Float = 16, targets: [String] = ["text"], isRankStabilised: Bool = false
  ) {
    self.rank = rank
    self.alpha = alpha
    self.targets = targets
    self.isRankStabilised = isRankStabilised
  }

  /// What B A is multiplied by.
  public var scale: Float {
    alpha / (isRankStabilised ? Float(rank).squareRoot() : Float(rank))
  }
}
