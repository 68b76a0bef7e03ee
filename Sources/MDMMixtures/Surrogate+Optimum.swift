import MDMNumerics

extension Surrogate {
  /// Which end of the score is wanted.
  public enum Goal: Equatable, Sendable {
    /// The greatest score.
    case maximum
    /// The least score, such as a loss.
    case minimum
  }

  /// The best mixture of a surrogate and what supports it.
  public struct Optimum: Sendable {
    /// The mixture.
    public let mixture: Mixture
    /// Its predicted score with the interval of the mean.
    public let predicted: Estimate
    /// Whether no mixture within the bounds has a better prediction, proven.
    public let exact: Bool
    /// How it was found, in words.
    public let method: String
    /// The posterior probability that it is better than equal weights; optimistic, since the
    /// same fit chose the mixture.
    public let probabilityOfBeatingUniform: Double
  }

  /// The mixture of the best predicted score.
  ///
  /// Exact for linear and quadratic families (all supports are enumerated) up to 2^21 active sets;
  /// otherwise the best of a dense grid with local refinement, and `exact` is false.
  public func optimum(
    _ goal: Goal = .maximum, bounds: SimplexBounds? = nil
  ) throws(MixtureError) -> Optimum {
    let bounds = bounds ?? SimplexBounds(count: domains.count)
    guard bounds.lower.count == domains.count else {
      throw .weightCount(domains: domains.count, weights: bounds.lower.count)
    }
    let sign: Double = goal == .maximum ? 1 : -1
    let found = try search(sign, bounds)
    let mixture = Mixture(trusted: domains, found.weights)
    let better = try probabilityOfBeatingUniform(mixture)
    return Optimum(
      mixture: mixture, predicted: try predict(mixture), exact: found.exact, method: found.method,
      probabilityOfBeatingUniform: goal == .maximum ? better : 1 - better)
  }

  private func search(_ sign: Double, _ bounds: SimplexBounds) throws(MixtureError)
    -> SimplexOptimum
  {
    if let quadratic = SimplexQuadratic(
      domains: domains.count, terms: terms, coefficients: coefficients.map { sign * $0 })
    {
      do {
        return try quadratic.maximum(bounds: bounds)
      } catch .tooLarge {
        // Too many active sets to enumerate: the search below says that it is not exact.
      }
    }
    return try SimplexSearch.maximum(bounds: bounds) { sign * value($0) }
  }
}
