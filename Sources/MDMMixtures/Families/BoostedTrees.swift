import MDMNumerics

/// Gradient boosting of regression trees on binned features, leaf by leaf.
///
/// The split of largest gain G_l^2/H_l + G_r^2/H_r is made next, as LightGBM does. For fewer than
/// 100 runs the least number of runs in a leaf shrinks with them. Nothing is random.
/// Source: Friedman, "Greedy function approximation", Annals of Statistics 2001; Ke et al.,
/// "LightGBM", NeurIPS 2017.
public struct BoostedTrees: FittedModel {
  /// How trees are grown.
  public struct Options: Equatable, Sendable {
    /// The number of trees.
    public var trees = 300
    /// By how much each tree's values are shrunk.
    public var rate = 0.05
    /// The most leaves of a tree.
    public var leaves = 15
    /// The fewest runs in a leaf; nil for a twentieth of the runs, 2 to 8.
    public var leastInLeaf: Int?
    /// The most bins of a feature.
    public var bins = 255
    /// What is added to the number of runs of a leaf, which draws its value to 0.
    public var penalty = 0.0

    /// The defaults.
    public init() {}
  }

  let forest: Forest
  private let width: Int
  private let options: Options
  /// The variance of the residuals.
  public let noiseVariance: Double

  /// Grows the trees.
  ///
  /// - Throws: `MixtureError.badCount` for fewer than four runs.
  public static func fit(
    _ observations: Observations, options: Options = Options()
  ) throws(MixtureError) -> BoostedTrees {
    let n = observations.scores.count
    guard n >= 4 else {
      throw .badCount(what: "the number of runs", count: n, allowed: "4 and above")
    }
    guard options.trees > 0, options.leaves > 1, options.bins > 1, options.bins < 256 else {
      throw .badCount(
        what: "the number of trees, leaves or bins",
        count: min(options.trees, options.leaves, options.bins),
        allowed: "1, 2 and 2 and above, bins up to 255")
    }
    var grower = TreeGrower(observations, options: options)
    for _ in 0..<options.trees {
      try MixtureError.checkInterruption()
      if !grower.addTree() { break }
    }
    return BoostedTrees(
      forest: grower.forest, width: observations.points[0].count, options: options,
      noiseVariance: grower.residualSquare / max(Double(n) - 1, 1))
  }

  /// The predicted mean.
  public func value(_ point: [Double]) -> Double {
    forest.value(
      point.count < width ? point + [Double](repeating: 0, count: width - point.count) : point)
  }

  /// The predicted means of many points that stand one after another, `width` numbers each.
  public func values(_ points: [Double], width: Int) -> [Double] {
    precondition(
      width == self.width && points.count % width == 0, "whole points of the fit's width")
    return points.withUnsafeBufferPointer { forest.values($0, width: width) }
  }

  /// The number of leaves of one tree: steps of that many values are what it can tell apart.
  public var effectiveParameters: Double { Double(options.leaves) }

  /// The size of the forest.
  public var settings: [(name: String, value: Double)] {
    [("trees", Double(forest.count)), ("rate", options.rate), ("leaves", Double(options.leaves))]
  }
}

extension ModelFamily {
  /// Gradient-boosted regression trees: steps, no shape; for hundreds of runs.
  public static let boostedTrees = ModelFamily(
    name: "boosted_trees",
    summary: "a sum of small regression trees, each fitted to what the others left",
    formula: "y = b + sum_t rate tree_t(w)",
    source: "Friedman, Annals of Statistics 2001; LightGBM (NeurIPS 2017); RegMix (2407.01492)"
  ) { observations throws(MixtureError) in
    try BoostedTrees.fit(observations)
  }
}
