import MDMNumerics

/// The mixtures of an experiment seen through a model family, factored once for every target.
///
/// With a penalty the model is y = a + sum_j b_j f_j(w) with no penalty on a, so that shrinking
/// leads to the mean and not to 0; a is then folded into the linear terms (the weights sum to 1).
/// Terms are not rescaled: weights share one unit, and on RegMix's outcomes scaling ranks unseen
/// mixtures less well (quadratic .855 against .872). Without a penalty it is ordinary least
/// squares in Scheffe's form, which needs as many independent mixtures as terms.
public struct SurrogateBasis: Sendable {
  /// The most terms of a model that is fitted here.
  public static let limit = 1000

  /// The family.
  public let family: ModelFamily
  /// The names of the domains.
  public let domains: [String]
  /// One mixture a run; replicates repeat it.
  public let mixtures: [Mixture]
  /// The terms of the model, one a coefficient.
  public let terms: [ModelTerm]
  /// How many of the terms the mixtures determine.
  public let rank: Int
  /// The number of distinct mixtures.
  public let distinct: Int
  /// Further quantities of the runs, such as steps trained; none by default.
  public let covariates: [Covariate]
  /// How much each run counts, mean 1: the number of runs that its score is a mean of.
  public let precision: [Double]
  let ridge: RidgeRegression
  let plain: RidgeRegression
  let group: [Int]  // the distinct mixture of each run
  let replicate: [Int]  // the distinct mixture and covariates of each run

  /// Factors the model matrix.
  ///
  /// - Parameters:
  ///   - covariates: Further quantities; predictions are made at their references. They add to a
  ///     sum of terms linearly and without penalty, and are inputs of the other families.
  ///   - precision: How much each run counts; equally by default.
  /// - Throws: `MixtureError.differentDomains`, `MixtureError.badCount` (no runs),
  ///   `MixtureError.tooLarge` past `limit` terms and `MixtureError.numerics` for covariates and
  ///   precisions that are not one finite number a run.
  public init(
    _ mixtures: [Mixture], family: ModelFamily, covariates: [Covariate] = [],
    precision: [Double]? = nil
  ) throws(MixtureError) {
    guard let first = mixtures.first else {
      throw .badCount(what: "the number of runs", count: 0, allowed: "2 and above")
    }
    for mixture in mixtures { try mixture.expect(first.domains) }
    let count = family.terms(first.domains.count).count
    guard count <= Self.limit else {
      throw .tooLarge(what: "a fit of the \(family.name) family", size: count, limit: Self.limit)
    }
    let matrix = family.matrix(mixtures.map(\.weights), domains: first.domains.count)
    let weights = try Self.checked(precision, covariates, mixtures.count)
    var index: [[Int64]: Int] = [:]
    var group: [Int] = []
    for mixture in mixtures {
      let label = index[mixture.key] ?? index.count
      index[mixture.key] = label
      group.append(label)
    }
    self.group = group
    var places: [[Double]: Int] = [:]
    replicate = mixtures.indices.map { run in
      let key = [Double(group[run])] + covariates.map { $0.values[run] }
      let label = places[key] ?? places.count
      places[key] = label
      return label
    }
    self.covariates = covariates
    self.precision = weights
    let roots = weights.map { $0.squareRoot() }
    let extra = Matrix(
      rows: mixtures.indices.map { run in
        covariates.map { $0.values[run] - $0.reference }
      }, columns: covariates.count)
    distinct = index.count
    ridge = try MixtureError.wrap { () throws(NumericsError) in
      try RidgeRegression(
        design: matrix.scaled(rows: roots),
        unpenalised: Matrix(rows: matrix.rows, columns: 1, repeating: 1).joined(right: extra)
          .scaled(rows: roots), standardise: false)
    }
    plain = try MixtureError.wrap { () throws(NumericsError) in
      try RidgeRegression(
        design: matrix.scaled(rows: roots),
        unpenalised: covariates.isEmpty ? nil : extra.scaled(rows: roots), standardise: false)
    }
    rank = QRFactorization(matrix).rank
    self.family = family
    self.mixtures = mixtures
    domains = first.domains
    terms = family.terms(first.domains.count)
  }

  // One positive number a run with mean 1.
  private static func checked(
    _ precision: [Double]?, _ covariates: [Covariate], _ runs: Int
  ) throws(MixtureError) -> [Double] {
    for covariate in covariates {
      guard covariate.values.count == runs else {
        throw .numerics(
          .lengths(
            what: "runs and the covariate '\(covariate.name)'", left: runs,
            right: covariate.values.count))
      }
      if let bad = covariate.values.firstIndex(where: { !$0.isFinite }) {
        throw .numerics(.notFinite(what: "the covariate '\(covariate.name)'", index: bad))
      }
      guard Set(covariate.values).count > 1 else {
        throw .numerics(
          .outOfRange(
            what: "the spread of the covariate '\(covariate.name)'", value: 0,
            allowed: "above 0: what is the same in all runs explains nothing"))
      }
    }
    guard let precision else { return [Double](repeating: 1, count: runs) }
    guard precision.count == runs else {
      throw .numerics(.lengths(what: "runs and their weights", left: runs, right: precision.count))
    }
    if let bad = precision.first(where: { !($0 > 0 && $0.isFinite) }) {
      throw .numerics(
        .outOfRange(what: "the weight of a run", value: bad, allowed: "above 0 and finite"))
    }
    let mean = precision.reduce(0, +) / Double(runs)
    return precision.map { $0 / mean }
  }

  // What a family that is no sum of terms is fitted to.
  func observations(_ scores: [Double], kept: [Int]? = nil) -> Observations {
    let runs = kept ?? Array(mixtures.indices)
    return Observations(
      points: runs.map { run in
        mixtures[run].weights + covariates.map { ($0.values[run] - $0.reference) / $0.unit }
      }, scores: runs.map { scores[$0] }, precision: runs.map { precision[$0] },
      domains: domains.count)
  }

  // The same for some of the runs.
  func restricted(to runs: [Int]) throws(MixtureError) -> SurrogateBasis {
    try SurrogateBasis(
      runs.map { mixtures[$0] }, family: family,
      covariates: covariates.map { covariate in
        Covariate(
          covariate.name, runs.map { covariate.values[$0] }, reference: covariate.reference,
          unit: covariate.unit)
      }, precision: runs.map { precision[$0] })
  }

  /// Mixtures that would raise the rank to the number of terms, each the candidate that the
  /// present ones determine least; none where the rank is full, or the mixtures within the bounds
  /// do not reach it.
  public func proposals(bounds: SimplexBounds? = nil) throws(MixtureError) -> [Mixture] {
    let count = domains.count
    let candidates = try OptimalDesign.candidates(count, bounds: bounds)
    let rows = family.matrix(candidates, domains: count)
    var basis = QRFactorization(
      family.matrix(mixtures.map(\.weights), domains: count).transposed
    ).basis
    var result: [Mixture] = []
    guard family.hasTerms else { return [] }
    while basis.columns < terms.count {
      try MixtureError.checkInterruption()
      var best: (index: Int, rest: [Double], length: Double)?
      for i in 0..<rows.rows {
        var rest = rows.row(i)
        for _ in 0..<2 {
          let explained = basis.times(basis.transposedTimes(rest))
          for k in rest.indices { rest[k] -= explained[k] }
        }
        let length = rest.reduce(0) { $0 + $1 * $1 }.squareRoot()
        if length > 1e-9, length > (best?.length ?? 0) * (1 + 1e-9) { best = (i, rest, length) }
      }
      guard let best else { return [] }
      result.append(Mixture(trusted: domains, candidates[best.index]))
      basis = basis.joined(
        right: Matrix(
          rows: terms.count, columns: 1, values: best.rest.map { $0 / best.length }))
    }
    return result
  }

  // One fold label a run.
  func labels(_ folds: CrossValidation.Folds) throws(MixtureError) -> (labels: [Int], count: Int) {
    switch folds {
    case .leaveOneMixtureOut:
      // A model without a shortcut is fitted anew for each fold: ten folds are enough then.
      if !family.hasTerms, distinct > 15 { return try labels(.byMixture(count: 10, seed: 0)) }
      return (group, distinct)
    case .byMixture(let count, let seed):
      guard count >= 2, count <= distinct else {
        throw .badCount(
          what: "the number of folds", count: count, allowed: "2 to \(distinct) (the mixtures)")
      }
      var stream = RandomStream(seed: seed, purpose: "folds")
      let order = stream.shuffled(Array(0..<distinct))
      var fold = [Int](repeating: 0, count: distinct)
      for (place, mixture) in order.enumerated() { fold[mixture] = place % count }
      return (group.map { fold[$0] }, count)
    }
  }

  // The standard deviation among replicates, pooled over mixtures; nil without replicates.
  func replicateDeviation(_ scores: [Double]) -> Double? {
    let groups = Dictionary(grouping: scores.indices, by: { replicate[$0] }).values
    let spare = scores.count - groups.count
    guard spare > 0 else { return nil }
    var sum = 0.0
    for members in groups {
      let mean = Statistics.mean(members.map { scores[$0] })
      for i in members { sum += (scores[i] - mean) * (scores[i] - mean) }
    }
    return (sum / Double(spare)).squareRoot()
  }
}
