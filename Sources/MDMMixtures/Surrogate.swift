import MDMNumerics

/// A model of a score as a function of the mixture, fitted to runs.
public struct Surrogate: Sendable {
  /// How strongly coefficients are drawn to the mean.
  public enum Penalty: Equatable, Sendable {
    /// Ordinary least squares: needs as many independent mixtures as terms.
    case none
    /// Ridge regression with this penalty on the squared coefficients.
    case fixed(Double)
    /// Ridge regression with the penalty of least cross-validated error.
    case crossValidated
  }

  /// What a prediction's interval is for.
  public enum Target: Equatable, Sendable {
    /// The expected score of a mixture.
    case mean
    /// The score of one further run, noise included.
    case run
  }

  /// The family of the model.
  public let family: ModelFamily
  /// The names of the domains.
  public let domains: [String]
  /// The terms of the model.
  public let terms: [ModelTerm]
  /// One coefficient a term, in Scheffe's form without an intercept.
  public let coefficients: [Double]
  /// The penalty that was used; 0 for least squares.
  public let penalty: Double
  /// The error on mixtures left out; nil where the fit has no run to spare.
  public let validation: CrossValidation?
  /// The standard deviation of the residuals: RSS over runs less effective parameters, rooted.
  public let residualDeviation: Double
  /// The standard deviation among replicates of a mixture, pooled; nil without replicates.
  public let replicateDeviation: Double?
  /// How many parameters the fit effectively spends.
  public let effectiveParameters: Double
  /// What Student's t is taken with, at least 1.
  public let degreesOfFreedom: Double
  /// How many runs were fitted.
  public let runs: Int
  private let regression: RidgeRegression
  private let hasIntercept: Bool

  /// The penalties that cross-validation tries, times the number of runs: 10^-8 to 10^2.
  public static let penaltyGrid: [Double] = {
    var grid: [Double] = []
    var value = 1e-8
    for _ in 0..<41 {
      grid.append(value)
      value *= 1.778_279_410_038_922_8  // a quarter of a decade
    }
    return grid
  }()

  /// Fits scores of runs.
  ///
  /// - Parameters:
  ///   - scores: One score a run.
  ///   - basis: The mixtures of the runs.
  ///   - penalty: How coefficients are penalised.
  ///   - folds: Which mixtures cross-validation leaves out together.
  /// - Throws: `MixtureError.rankDeficient` for `.none` with too few independent mixtures, naming
  ///   the rank and mixtures to add; `MixtureError.numerics` for scores that are not finite or not
  ///   one a run; `MixtureError.badCount` with fewer than three distinct mixtures.
  public static func fit(
    _ scores: [Double], on basis: SurrogateBasis, penalty: Penalty = .crossValidated,
    folds: CrossValidation.Folds = .leaveOneMixtureOut
  ) throws(MixtureError) -> Surrogate {
    guard basis.distinct >= 3 || penalty != .crossValidated else {
      throw .badCount(
        what: "the number of distinct mixtures", count: basis.distinct, allowed: "3 and above")
    }
    let (labels, count) = try basis.labels(folds)
    let baseline = try baselinePredictions(scores, labels)
    var validation: CrossValidation?
    var chosen = 0.0
    let regression = penalty == .none ? basis.plain : basis.ridge
    var tried: [Double] = []
    switch penalty {
    case .none:
      guard basis.rank == basis.terms.count else {
        throw .rankDeficient(
          family: basis.family.name, rank: basis.rank, terms: basis.terms.count,
          mixtures: basis.distinct, proposals: try basis.proposals().prefix(6).map(\.summary))
      }
      tried = [0]
    case .fixed(let value):
      guard value > 0 else {
        throw .numerics(
          .outOfRange(what: "a ridge penalty", value: value, allowed: "above 0, or none"))
      }
      chosen = value
      tried = [value]
    case .crossValidated:
      tried = penaltyGrid.map { $0 * Double(scores.count) }
    }
    var least = Double.infinity
    var predictions: [Double]?
    for value in tried {
      let left = try MixtureError.wrap { () throws(NumericsError) in
        try regression.leaveOut(scores, penalty: value, groups: labels)
      }
      guard let left else { continue }
      let error = zip(scores, left).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      if error < least {
        least = error
        chosen = value
        predictions = left
      }
    }
    if let predictions, let baseline {
      validation = try CrossValidation(
        scores: scores, predictions: predictions, baseline: baseline, folds: count)
    }
    let fit = try MixtureError.wrap { () throws(NumericsError) in
      try regression.fit(scores, penalty: chosen)
    }
    return Surrogate(basis, fit, regression, validation, basis.replicateDeviation(scores))
  }

  static func baselinePredictions(
    _ scores: [Double], _ labels: [Int]
  ) throws(MixtureError) -> [Double]? {
    try MixtureError.wrap { () throws(NumericsError) in
      let ones = Matrix(rows: labels.count, columns: 1, repeating: 1)
      return try RidgeRegression(
        design: Matrix(rows: labels.count, columns: 0), unpenalised: ones
      ).leaveOut(scores, penalty: 0, groups: labels)
    }
  }

  private init(
    _ basis: SurrogateBasis, _ fit: RidgeRegression.Fit, _ regression: RidgeRegression,
    _ validation: CrossValidation?, _ replicateDeviation: Double?
  ) {
    family = basis.family
    domains = basis.domains
    terms = basis.terms
    let intercept = fit.unpenalised.first ?? 0
    coefficients = zip(basis.terms, fit.coefficients).map { term, coefficient in
      term.factors.count == 1 && term.factors[0].power == 1 ? coefficient + intercept : coefficient
    }
    penalty = fit.penalty
    self.validation = validation
    residualDeviation = fit.residualVariance.squareRoot()
    self.replicateDeviation = replicateDeviation
    effectiveParameters = fit.effectiveParameters
    degreesOfFreedom = fit.degreesOfFreedom
    runs = basis.mixtures.count
    self.regression = regression
    hasIntercept = !fit.unpenalised.isEmpty
  }

  /// The predicted score at a point of the simplex.
  public func value(_ weights: [Double]) -> Double {
    var sum = 0.0
    for (term, coefficient) in zip(terms, coefficients) { sum += coefficient * term.value(weights) }
    return sum
  }

  /// The predicted score of a mixture with its Student-t interval.
  ///
  /// The standard error is that of the ridge posterior, s^2 f'(F'F + penalty)^-1 f, and with
  /// `.run` the variance of one run is added; the choice of family and penalty is not part of it.
  public func predict(
    _ mixture: Mixture, level: Double = 0.95, of target: Target = .mean
  ) throws(MixtureError) -> Estimate {
    try mixture.expect(domains)
    guard level > 0, level < 1 else {
      throw .numerics(.outOfRange(what: "level", value: level, allowed: "between 0 and 1"))
    }
    let row = terms.map { $0.value(mixture.weights) }
    let leverage = regression.leverage(
      row: row, unpenalised: hasIntercept ? [1] : [], penalty: penalty)
    let error = residualDeviation * (leverage + (target == .run ? 1 : 0)).squareRoot()
    let t = Distribution.studentTQuantile((1 + level) / 2, degreesOfFreedom: degreesOfFreedom)
    let value = value(mixture.weights)
    return Estimate(
      value: value, lower: value - t * error, upper: value + t * error, level: level, count: runs)
  }

  /// The posterior probability that the expected score of one mixture exceeds another's.
  ///
  /// It is Student's t of the predicted difference over its standard error. For a mixture that
  /// was chosen as the best of the same fit it is optimistic: confirm it with fresh matched runs.
  public func probability(
    _ mixture: Mixture, beats other: Mixture
  ) throws(MixtureError) -> Double {
    try mixture.expect(domains)
    try other.expect(domains)
    let row = terms.map { $0.value(mixture.weights) - $0.value(other.weights) }
    let difference = value(mixture.weights) - value(other.weights)
    let leverage = regression.leverage(
      row: row, unpenalised: hasIntercept ? [0] : [], penalty: penalty)
    let error = residualDeviation * leverage.squareRoot()
    guard error > 0 else { return difference > 0 ? 1 : difference < 0 ? 0 : 0.5 }
    return Distribution.studentT(difference / error, degreesOfFreedom: degreesOfFreedom)
  }

  /// The posterior probability that a mixture beats equal weights.
  public func probabilityOfBeatingUniform(_ mixture: Mixture) throws(MixtureError) -> Double {
    try probability(mixture, beats: try .uniform(domains))
  }
}
