/// The runs that a model is fitted to.
public struct Observations: Sendable {
  /// One run each: the weights of the domains, then the covariates less their reference.
  public let points: [[Double]]
  /// One score a run.
  public let scores: [Double]
  /// How much each run counts: the number of runs that its score is a mean of; mean 1.
  public let precision: [Double]
  /// The number of domains.
  public let domains: Int

  /// Runs; `precision` is 1 for each by default.
  public init(points: [[Double]], scores: [Double], precision: [Double]? = nil, domains: Int) {
    self.points = points
    self.scores = scores
    self.precision = precision ?? [Double](repeating: 1, count: scores.count)
    self.domains = domains
  }

  /// The number of covariates.
  public var covariates: Int { (points.first?.count ?? domains) - domains }

  /// The mean score, by precision.
  public var mean: Double {
    zip(scores, precision).reduce(0) { $0 + $1.0 * $1.1 } / precision.reduce(0, +)
  }
}

/// A model of an outcome that is no sum of terms, after fitting.
///
/// Points are the weights of the domains; covariates may follow, at their reference where they
/// are left out.
public protocol FittedModel: Sendable {
  /// The predicted mean at a point.
  func value(_ point: [Double]) -> Double
  /// The posterior covariance of the predicted means at two points; nil where the model has none.
  func covariance(_ a: [Double], _ b: [Double]) -> Double?
  /// Vectors whose products, subtracted from a prior, are the posterior covariances; see `Posterior`.
  func posterior(_ points: [[Double]]) -> Posterior?
  /// The variance of one run around its mean, as the fit has it.
  var noiseVariance: Double { get }
  /// How many parameters the fit effectively spends.
  var effectiveParameters: Double { get }
  /// What was estimated or chosen, for printing.
  var settings: [(name: String, value: Double)] { get }
}

extension FittedModel {
  /// Models without a posterior.
  public func covariance(_ a: [Double], _ b: [Double]) -> Double? { nil }

  /// Models without a posterior.
  public func posterior(_ points: [[Double]]) -> Posterior? { nil }
}
