import MDMNumerics

/// Several model families compared on the same runs by the same cross-validation.
public struct Tournament: Sendable {
  /// One family's result.
  public struct Entry: Sendable {
    /// The fitted surrogate.
    public let surrogate: Surrogate
    /// Its error on mixtures left out; nested where the experiment is small enough.
    public let validation: CrossValidation
  }

  /// The families, least cross-validated error first.
  public let entries: [Entry]
  /// The error of predicting the mean.
  public let baselineRMSE: Double

  /// Whether the errors are of nested cross-validation: up to 64 mixtures and terms, where the
  /// choice of the penalty would flatter a family.
  public let nested: Bool

  /// Fits every family of at most 400 terms with a cross-validated penalty.
  public init(
    _ mixtures: [Mixture], scores: [Double], families: [ModelFamily] = ModelFamily.all,
    folds: CrossValidation.Folds = .leaveOneMixtureOut, covariates: [Covariate] = [],
    precision: [Double]? = nil
  ) throws(MixtureError) {
    var entries: [Entry] = []
    var nested = true
    for family in families {
      try MixtureError.checkInterruption()
      guard let count = mixtures.first?.domains.count, family.terms(count).count <= 400 else {
        continue
      }
      let entry: (surrogate: Surrogate, validation: CrossValidation?, nested: Bool)
      do {
        entry = try Self.entry(
          SurrogateBasis(mixtures, family: family, covariates: covariates, precision: precision),
          scores, folds)
      } catch .badCount where !family.hasTerms {
        continue  // more runs than there are is what such a family needs
      }
      nested = nested && entry.nested
      if let validation = entry.validation {
        entries.append(Entry(surrogate: entry.surrogate, validation: validation))
      }
    }
    entries.sort { $0.validation.rmse < $1.validation.rmse }
    self.entries = entries
    self.nested = nested
    baselineRMSE = entries.first?.validation.baselineRMSE ?? .nan
  }

  private static func entry(
    _ basis: SurrogateBasis, _ scores: [Double], _ folds: CrossValidation.Folds
  ) throws(MixtureError) -> (surrogate: Surrogate, validation: CrossValidation?, nested: Bool) {
    let surrogate = try Surrogate.fit(scores, on: basis, folds: folds)
    // A family that is no sum of terms is fitted anew for every fold as it is.
    let isSmall = (5...64).contains(basis.distinct) && basis.terms.count <= 64
    guard isSmall, basis.family.hasTerms else {
      return (surrogate, surrogate.validation, !basis.family.hasTerms)
    }
    return (surrogate, try CrossValidation.nested(scores, on: basis, folds: folds), true)
  }

  /// The constant, for where nothing beats it.
  public var constant: Surrogate? {
    entries.first { $0.surrogate.family.name == "constant" }?.surrogate
  }

  /// The best family, nil where none predicts better than the mean: then the runs show no
  /// influence of the mixture, and equal weights are as good a choice as any.
  public var winner: Surrogate? {
    entries.first.flatMap { $0.validation.beatsBaseline ? $0.surrogate : nil }
  }
}
