/// Where a function over mixtures is best.
public struct SimplexOptimum: Equatable, Sendable {
  /// The weights.
  public let weights: [Double]
  /// The function's value there.
  public let value: Double
  /// Whether the value is proven to be the best; otherwise it is the best that a search found.
  public let exact: Bool
  /// How it was found, in words.
  public let method: String
  /// How many points or supports were examined.
  public let examined: Int
}
