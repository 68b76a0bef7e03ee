import MDMNumerics

/// How well a surrogate predicts mixtures that it has not seen, beside predicting the mean.
///
/// A surrogate's own `validation` is of the error that chose its penalty, so with few runs it is
/// optimistic; `nested` chooses the penalty anew without the mixtures left out and is not.
public struct CrossValidation: Equatable, Sendable {
  /// Which mixtures are left out together; all replicates of a mixture always go together.
  public enum Folds: Equatable, Sendable {
    /// Each distinct mixture is left out once.
    case leaveOneMixtureOut
    /// The distinct mixtures are dealt to `count` folds in a random order.
    case byMixture(count: Int, seed: UInt64)
  }

  /// What was predicted for each run while its mixture was left out.
  public let predictions: [Double]
  /// The root mean squared error of the predictions.
  public let rmse: Double
  /// The root mean squared error of the mean of the other folds.
  public let baselineRMSE: Double
  /// 1 - (rmse / baselineRMSE)^2: above 0 exactly where the surrogate beats the mean.
  public let rSquared: Double
  /// Spearman's correlation of the predictions with the scores; NaN where either is constant.
  public let spearman: Double
  /// The number of folds.
  public let folds: Int
  /// The fold of each run.
  public let labels: [Int]

  /// Whether the surrogate predicts better than the mean.
  public var beatsBaseline: Bool { rmse < baselineRMSE }

  /// Cross-validation that repeats the choice of the penalty within every fold.
  ///
  /// Source: Varma and Simon, "Bias in error estimation when using cross-validation for model
  /// selection", BMC Bioinformatics 2006.
  /// - Throws: `MixtureError.badCount` with fewer than five distinct mixtures.
  public static func nested(
    _ scores: [Double], on basis: SurrogateBasis, folds: Folds = .leaveOneMixtureOut
  ) throws(MixtureError) -> CrossValidation {
    guard basis.distinct >= 5 else {
      throw .badCount(
        what: "the number of distinct mixtures", count: basis.distinct, allowed: "5 and above")
    }
    let (labels, count) = try basis.labels(folds)
    guard let baseline = try Surrogate.baselinePredictions(scores, labels) else {
      throw .badCount(what: "the number of folds", count: count, allowed: "2 and above")
    }
    var predictions = scores
    guard basis.family.hasTerms, basis.covariates.isEmpty else {
      // Such a model is chosen and fitted anew for every fold as it is; covariates are points.
      guard
        let validation = try Surrogate.fit(
          scores, on: basis,
          penalty: basis.family.hasTerms ? .crossValidated : .none, folds: folds
        ).validation
      else {
        throw .badCount(what: "the number of folds", count: count, allowed: "2 and above")
      }
      return validation
    }
    for fold in 0..<count {
      let kept = labels.indices.filter { labels[$0] != fold }
      let inner = try basis.restricted(to: kept)
      let surrogate = try Surrogate.fit(kept.map { scores[$0] }, on: inner)
      for i in labels.indices where labels[i] == fold {
        predictions[i] = surrogate.value(basis.mixtures[i].weights)
      }
    }
    return try CrossValidation(
      scores: scores, predictions: predictions, baseline: baseline, labels: labels, folds: count)
  }

  init(
    scores: [Double], predictions: [Double], baseline: [Double], labels: [Int], folds: Int
  ) throws(MixtureError) {
    self.predictions = predictions
    self.folds = folds
    self.labels = labels
    rmse = try MixtureError.wrap { () throws(NumericsError) in
      try Statistics.rootMeanSquaredError(observed: scores, predicted: predictions)
    }
    baselineRMSE = try MixtureError.wrap { () throws(NumericsError) in
      try Statistics.rootMeanSquaredError(observed: scores, predicted: baseline)
    }
    rSquared = 1 - (rmse / baselineRMSE) * (rmse / baselineRMSE)
    spearman = try MixtureError.wrap { () throws(NumericsError) in
      try Statistics.spearman(scores, predictions)
    }
  }
}
