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
    /// The mixture with the best mean of its runs.
    public let bestRun: Mixture
    /// The posterior probability that it is better than that one; optimistic as well.
    public let probabilityOfBeatingBestRun: Double
    /// The validation that the law failed although the mixture has an influence; nil where it stood it.
    public internal(set) var failedValidation: CrossValidation?
  }

  /// The mixture of the best predicted score.
  ///
  /// Exact for linear, quadratic, elastic net, exponential and linear+sqrt families; otherwise the
  /// best of a dense grid with local refinement, and `exact` is false.
  /// - Parameter force: Whether to answer where the law predicts no better than the mean.
  /// - Throws: `MixtureError.nothingPredicts` there.
  public func optimum(
    _ goal: Goal = .maximum, bounds: SimplexBounds? = nil, force: Bool = false
  ) throws(MixtureError) -> Optimum {
    let bounds = bounds ?? SimplexBounds(count: domains.count)
    guard bounds.lower.count == domains.count else {
      throw .weightCount(domains: domains.count, weights: bounds.lower.count)
    }
    let failed = try expectPredictive(force)
    let sign: Double = goal == .maximum ? 1 : -1
    let found = try search(sign, bounds)
    var optimum = try described(found, sign: sign)
    optimum.failedValidation = failed
    return optimum
  }

  /// Throws where the law predicts mixtures left out no better than their mean, unless forced.
  ///
  /// A penalty that was chosen by these very errors is chosen anew without each mixture, up to 64
  /// mixtures and terms: of laws of pure noise nearly half would pass otherwise.
  ///
  /// With few mixtures that is a hard test: a corner left out is far from the others. Where replicates show
  /// that the mixture matters and do not contradict the law, failing it is no reason to say nothing.
  /// - Returns: The validation that such a law failed.
  @discardableResult
  public func expectPredictive(_ force: Bool) throws(MixtureError) -> CrossValidation? {
    guard !force else { return nil }
    var found = validation
    var isNested = false
    if isPenaltyChosen, (5...64).contains(basis.distinct), terms.count <= 64,
      validation?.beatsBaseline == true
    {
      found = try CrossValidation.nested(scores, on: basis)
      isNested = true
    }
    let isConstant = family.name == "constant"
    guard isConstant || found?.beatsBaseline == false else { return nil }
    let check = check
    let level = LawCheck.level
    if !isConstant, let influence = check.influence, influence < level,
      check.lackOfFit.map({ $0.pValue >= level }) ?? true
    {
      return found
    }
    throw .nothingPredicts(
      model: family.name, error: found?.rmse ?? residualDeviation,
      baseline: found?.baselineRMSE ?? residualDeviation, isNested: isNested,
      influence: check.influence)
  }

  /// A mixture that was found as the best, with what the fit says of it.
  public func described(
    _ found: SimplexOptimum, sign: Double = 1
  ) throws(MixtureError) -> Optimum {
    let mixture = Mixture(trusted: domains, found.weights)
    let better = try probabilityOfBeatingUniform(mixture)
    let run = bestRun(sign)
    let beats = try probability(mixture, beats: run)
    return Optimum(
      mixture: mixture, predicted: try predict(mixture), exact: found.exact, method: found.method,
      probabilityOfBeatingUniform: sign > 0 ? better : 1 - better, bestRun: run,
      probabilityOfBeatingBestRun: sign > 0 ? beats : 1 - beats)
  }

  private func bestRun(_ sign: Double) -> Mixture {
    let groups = Dictionary(grouping: scores.indices, by: { basis.group[$0] })
    var best = (mean: -Double.infinity, run: 0)
    for members in groups.values {
      let mean = sign * Statistics.mean(members.map { scores[$0] })
      // Of equal means the first run, whatever the dictionary's order.
      if mean > best.mean || mean == best.mean && members[0] < best.run {
        best = (mean, members[0])
      }
    }
    return basis.mixtures[best.run]
  }

  private func search(_ sign: Double, _ bounds: SimplexBounds) throws(MixtureError)
    -> SimplexOptimum
  {
    var (terms, coefficients) = (terms, coefficients)
    if let net = model as? ElasticNet {
      terms = net.terms + [ModelTerm()]
      coefficients = Array(net.coefficients.prefix(net.terms.count)) + [net.intercept]
    }
    if let law = model as? ExponentialLaw {
      // Monotone in t'w: the best is a linear programme.
      let slope = sign * law.sign
      let found = try SimplexQuadratic(
        linear: law.exponents.prefix(domains.count).map { slope * $0 },
        quadratic: [[Double]](
          repeating: [Double](repeating: 0, count: domains.count), count: domains.count)
      ).maximum(bounds: bounds)
      return SimplexOptimum(
        weights: found.weights, value: sign * value(found.weights), exact: true,
        method: found.method, examined: found.examined)
    }
    let signed = coefficients.map { sign * $0 }
    if !terms.isEmpty {
      if let quadratic = SimplexQuadratic(
        domains: domains.count, terms: terms, coefficients: signed)
      {
        return try quadratic.maximum(bounds: bounds)
      }
      if var separable = SeparableMaximum(
        domains: domains.count, terms: terms, coefficients: signed)
      {
        return try separable.maximum(bounds: bounds)
      }
    }
    return try SimplexSearch.maximum(bounds: bounds) { sign * value($0) }
  }
}
