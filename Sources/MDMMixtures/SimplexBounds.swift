/// Floors and caps of the weights: the part {l <= w <= u} of the simplex.
public struct SimplexBounds: Equatable, Sendable {
  /// The least weight of each domain.
  public let lower: [Double]
  /// The greatest weight of each domain.
  public let upper: [Double]

  /// The whole simplex.
  public init(count: Int) {
    lower = [Double](repeating: 0, count: count)
    upper = [Double](repeating: 1, count: count)
  }

  /// Floors and caps, such as a cap of dataset size / planned draws against repetition.
  ///
  /// - Throws: `MixtureError.infeasibleBounds` where no mixture lies within them.
  public init(lower: [Double], upper: [Double]) throws(MixtureError) {
    guard lower.count == upper.count else {
      throw .weightCount(domains: lower.count, weights: upper.count)
    }
    for (low, high) in zip(lower, upper) {
      guard low.isFinite, high.isFinite, low >= 0, high <= 1, low <= high else {
        throw .infeasibleBounds(reason: "a floor of \(low) and a cap of \(high)")
      }
    }
    let least = lower.reduce(0, +)
    let most = upper.reduce(0, +)
    guard least <= 1 + 1e-12 else {
      throw .infeasibleBounds(reason: "the floors sum to \(least), more than 1")
    }
    guard most >= 1 - 1e-12 else {
      throw .infeasibleBounds(reason: "the caps sum to \(most), less than 1")
    }
    self.lower = lower
    self.upper = upper
  }

  /// Caps that keep datasets from being repeated too often: w_i <= epochs size_i / draws.
  ///
  /// - Parameters:
  ///   - sizes: The number of examples of each domain.
  ///   - draws: The number of examples that a run draws in all.
  ///   - epochs: How often an example may be seen.
  /// - Throws: `MixtureError.infeasibleBounds` where all data is too little for the draws.
  public static func repetition(
    sizes: [Int], draws: Int, epochs: Double = 1
  ) throws(MixtureError) -> SimplexBounds {
    guard draws > 0 else {
      throw .badCount(what: "the number of draws", count: draws, allowed: "1 and above")
    }
    return try SimplexBounds(
      lower: [Double](repeating: 0, count: sizes.count),
      upper: sizes.map { min(1, epochs * Double($0) / Double(draws)) })
  }

  /// Whether a point lies within the bounds.
  public func contains(_ weights: [Double], tolerance: Double = 1e-9) -> Bool {
    weights.count == lower.count
      && weights.indices.allSatisfy {
        weights[$0] >= lower[$0] - tolerance && weights[$0] <= upper[$0] + tolerance
      }
  }

  /// A mixture within the bounds near a point: clipped, then filled or emptied in proportion to
  /// the room that is left.
  public func clipped(_ weights: [Double]) -> [Double] {
    var result = weights.indices.map { min(max(weights[$0], lower[$0]), upper[$0]) }
    let gap = 1 - result.reduce(0, +)
    let room = result.indices.map { gap > 0 ? upper[$0] - result[$0] : result[$0] - lower[$0] }
    let total = room.reduce(0, +)
    if total > 0 {
      for i in result.indices { result[i] += gap * room[i] / total }
    }
    return result
  }
}
