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
  /// Whether the penalty is the one of least error on mixtures left out, which flatters that error.
  public let isPenaltyChosen: Bool
  /// The standard deviation of the residuals: RSS over runs less effective parameters, rooted.
  public let residualDeviation: Double
  /// The standard deviation among replicates of a mixture, pooled; nil without replicates.
  public let replicateDeviation: Double?
  /// How many parameters the fit effectively spends.
  public let effectiveParameters: Double
  /// What Student's t is taken with, at least 1: runs less effective parameters; for models without
  /// a posterior, whose error is that on mixtures left out, distinct mixtures less 1.
  public let degreesOfFreedom: Double
  /// The larger penalty that has the least error on mixtures left out, where replicates contradict its law:
  /// the one that was taken has the least among those that they do not contradict.
  public private(set) var contradictedPenalty: Double?
  /// How many of the terms the mixtures determine; a penalty decides the rest.
  public var rank: Int { terms.isEmpty ? 0 : basis.rank }
  /// How many runs were fitted.
  public let runs: Int
  /// What was estimated or chosen beside coefficients, for printing.
  public let settings: [(name: String, value: Double)]
  /// Quantities of the runs beside their mixtures; predictions are made at their references.
  public let covariates: [Covariate]
  /// The model of a family that is no sum of terms.
  public let model: (any FittedModel)?
  let basis: SurrogateBasis
  let scores: [Double]
  let regression: RidgeRegression
  let freeColumns: Int
  // What was seen of left-out runs while a family that is no sum of terms was validated.
  let outside: [LeftOutRun]?

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
    guard scores.count == basis.mixtures.count else {
      throw .numerics(
        .lengths(what: "mixtures and scores", left: basis.mixtures.count, right: scores.count))
    }
    let missing = scores.indices.filter { !scores[$0].isFinite }
    guard missing.isEmpty else { throw .missingScores(runs: missing, of: scores.count) }
    if let huge = scores.first(where: { abs($0) > 1e100 }) {
      throw .numerics(
        .outOfRange(what: "a score", value: huge, allowed: "at most 1e100, so that squares exist"))
    }
    guard basis.distinct >= 3 || penalty != .crossValidated else {
      throw .badCount(
        what: "the number of distinct mixtures", count: basis.distinct, allowed: "3 and above")
    }
    let (labels, count) = try basis.labels(folds)
    let baseline = try baselinePredictions(scores, labels)
    if let fitter = basis.family.fitter {
      return try fit(scores, on: basis, fitter, labels, count, baseline)
    }
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
    let roots = basis.precision.map { $0.squareRoot() }
    let scaled = zip(scores, roots).map { $0 * $1 }
    var outside: [(penalty: Double, error: Double, predictions: [Double])] = []
    for value in tried {
      try MixtureError.checkInterruption()
      let left = try MixtureError.wrap { () throws(NumericsError) in
        try regression.leaveOut(scaled, penalty: value, groups: labels)
      }
      guard let left else { continue }
      let error = zip(scaled, left).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      outside.append((value, error, zip(left, roots).map { $0 / $1 }))
    }
    outside.sort { ($0.error, $0.penalty) < ($1.error, $1.penalty) }
    func law(
      _ penalty: Double, _ predictions: [Double]?, isChosen: Bool
    ) throws(MixtureError) -> Surrogate {
      var validation: CrossValidation?
      if let predictions, let baseline {
        validation = try CrossValidation(
          scores: scores, predictions: predictions, baseline: baseline, labels: labels,
          folds: count)
      }
      let fit = try MixtureError.wrap { () throws(NumericsError) in
        try regression.fit(scaled, penalty: penalty)
      }
      return Surrogate(basis, scores, fit, regression, validation, isPenaltyChosen: isChosen)
    }
    guard penalty == .crossValidated, let first = outside.first else {
      return try law(
        outside.first?.penalty ?? chosen, outside.first?.predictions,
        isChosen: penalty == .crossValidated)
    }
    var best = try law(first.penalty, first.predictions, isChosen: true)
    guard best.isContradicted else { return best }
    // Of few mixtures a corner that is left out can be so far from the others that the mean is the best guess
    // of it: then no law at all would have the least error, however clear the influence is.
    for next in outside.dropFirst() where next.penalty < first.penalty {
      let other = try law(next.penalty, next.predictions, isChosen: true)
      guard !other.isContradicted else { continue }
      best = other
      best.contradictedPenalty = first.penalty
      break
    }
    return best
  }

  /// Whether means of mixtures differ from the law by more than replicates allow.
  private var isContradicted: Bool { check.lackOfFit.map { $0.pValue < LawCheck.level } ?? false }

  // A family that is no sum of terms: fitted to all runs, and anew without each fold.
  private static func fit(
    _ scores: [Double], on basis: SurrogateBasis,
    _ fitter: @Sendable (Observations) throws(MixtureError) -> any FittedModel,
    _ labels: [Int], _ count: Int, _ baseline: [Double]?
  ) throws(MixtureError) -> Surrogate {
    let model = try fitter(basis.observations(scores))
    var validation: CrossValidation?
    var outside: [LeftOutRun]?
    if basis.distinct >= 5, let baseline {
      var predictions = scores
      let points = basis.observations(scores).points
      var found: [Int: LeftOutRun] = [:]
      for fold in 0..<count {
        let (kept, left) = (
          labels.indices.filter { labels[$0] != fold }, labels.indices.filter { labels[$0] == fold }
        )
        let part = try fitter(basis.observations(scores, kept: kept))
        let runs = Self.outside(
          part, left.map { points[$0] }, left.map { scores[$0] },
          left.map { basis.precision[$0] }, kept: kept.count)
        for (run, place) in zip(runs, left) {
          found[place] = run
          predictions[place] = run.prediction
        }
      }
      outside = Self.byOtherFolds(scores.indices.compactMap { found[$0] }, labels)
      validation = try CrossValidation(
        scores: scores, predictions: predictions, baseline: baseline, labels: labels,
        folds: count)
    }
    return Surrogate(basis, scores, model, validation, outside)
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
    _ basis: SurrogateBasis, _ scores: [Double], _ fit: RidgeRegression.Fit,
    _ regression: RidgeRegression, _ validation: CrossValidation?, isPenaltyChosen: Bool
  ) {
    self.isPenaltyChosen = isPenaltyChosen
    outside = nil
    self.basis = basis
    self.scores = scores
    family = basis.family
    domains = basis.domains
    terms = basis.terms
    covariates = basis.covariates
    freeColumns = fit.unpenalised.count
    // The constant goes where the family has one: into its own term or into the linear ones.
    let intercept = freeColumns > covariates.count ? fit.unpenalised[0] : 0
    let hasConstant = basis.terms.contains { $0.isConstant }
    coefficients = zip(basis.terms, fit.coefficients).map { term, coefficient in
      (hasConstant ? term.isConstant : term.isLinear) ? coefficient + intercept : coefficient
    }
    settings = zip(covariates, fit.unpenalised.suffix(covariates.count)).map {
      ("per unit of \($0.name)", $1)
    }
    model = nil
    penalty = fit.penalty
    self.validation = validation
    residualDeviation = fit.residualVariance.squareRoot()
    replicateDeviation = basis.replicateDeviation(scores)
    effectiveParameters = fit.effectiveParameters
    degreesOfFreedom = fit.degreesOfFreedom
    runs = basis.mixtures.count
    self.regression = regression
  }

  private init(
    _ basis: SurrogateBasis, _ scores: [Double], _ model: any FittedModel,
    _ validation: CrossValidation?, _ outside: [LeftOutRun]?
  ) {
    isPenaltyChosen = false
    self.outside = outside
    self.basis = basis
    self.scores = scores
    family = basis.family
    domains = basis.domains
    terms = []
    coefficients = []
    covariates = basis.covariates
    freeColumns = 0
    settings = model.settings
    self.model = model
    penalty = 0
    self.validation = validation
    residualDeviation = model.noiseVariance.squareRoot()
    replicateDeviation = basis.replicateDeviation(scores)
    effectiveParameters = model.effectiveParameters
    runs = basis.mixtures.count
    // Without a posterior the error is that on the distinct mixtures left out, so many its degrees.
    let first = basis.observations(scores).points[0]
    let rests = model.covariance(first, first) != nil || validation == nil
    degreesOfFreedom = max(
      rests ? Double(runs) - model.effectiveParameters : Double(basis.distinct) - 1, 1)
    regression = basis.ridge
  }

  /// The predicted score at a point of the simplex.
  public func value(_ weights: [Double]) -> Double {
    if let model { return model.value(weights) }
    var sum = 0.0
    for (term, coefficient) in zip(terms, coefficients) { sum += coefficient * term.value(weights) }
    return sum
  }

  /// The predicted scores of many points that stand one after another, a weight each domain.
  ///
  /// Linear and quadratic laws and boosted trees take blocks of points at once.
  public func values(_ points: [Double]) -> [Double] {
    let q = domains.count
    precondition(points.count % q == 0, "whole points")
    if let trees = model as? BoostedTrees, covariates.isEmpty {
      return trees.values(points, width: q)
    }
    if let function = SimplexQuadratic(domains: q, terms: terms, coefficients: coefficients),
      model == nil
    {
      return function.values(points)
    }
    return stride(from: 0, to: points.count, by: q).map { value(Array(points[$0..<$0 + q])) }
  }

  /// The standard error of the predicted mean at a point, or of the difference of two points.
  ///
  /// For ridge it is that of the posterior, s^2 f'(F'F + penalty)^-1 f; for a Gaussian process
  /// the posterior deviation; for models without a posterior the error on mixtures left out. The
  /// choice of family, penalty and hyperparameters is not part of it.
  public func standardError(_ weights: [Double], minus other: [Double]? = nil) -> Double {
    if let model {
      if let own = model.covariance(weights, weights) {
        guard let other else { return max(own, 0).squareRoot() }
        let rest =
          own + (model.covariance(other, other) ?? 0) - 2 * (model.covariance(weights, other) ?? 0)
        return max(rest, 0).squareRoot()
      }
      let error = validation?.rmse ?? residualDeviation
      return other == nil ? error : other == weights ? 0 : 2.0.squareRoot() * error
    }
    let row = terms.map { $0.value(weights) - (other.map($0.value) ?? 0) }
    var free = [Double](repeating: 0, count: freeColumns)
    if freeColumns > covariates.count, other == nil { free[0] = 1 }
    return residualDeviation
      * regression.leverage(row: row, unpenalised: free, penalty: penalty).squareRoot()
  }

  /// The predicted score of a mixture with its Student-t interval; with `.run` the variance of
  /// one run is added.
  public func predict(
    _ mixture: Mixture, level: Double = 0.95, of target: Target = .mean
  ) throws(MixtureError) -> Estimate {
    try mixture.expect(domains)
    guard level > 0, level < 1 else {
      throw .numerics(.outOfRange(what: "level", value: level, allowed: "between 0 and 1"))
    }
    let mean = standardError(mixture.weights)
    let noise = target == .run ? residualDeviation : 0
    // The error on mixtures left out, which stands in for a posterior, holds a run's noise already.
    let hasPosterior = model.map { $0.covariance(mixture.weights, mixture.weights) != nil } ?? true
    let error =
      hasPosterior ? (mean * mean + noise * noise).squareRoot() : max(mean, noise)
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
    let difference = value(mixture.weights) - value(other.weights)
    let error = standardError(mixture.weights, minus: other.weights)
    guard error > 0 else { return difference > 0 ? 1 : difference < 0 ? 0 : 0.5 }
    return Distribution.studentT(difference / error, degreesOfFreedom: degreesOfFreedom)
  }

  /// The posterior probability that a mixture beats equal weights.
  public func probabilityOfBeatingUniform(_ mixture: Mixture) throws(MixtureError) -> Double {
    try probability(mixture, beats: try .uniform(domains))
  }
}
