import MDMNumerics

/// What the runs themselves say about a fitted law: lack of fit, noise ceiling and calibration.
public struct LawCheck: Sendable {
  /// Whether means of mixtures differ from the law by more than replicates do among each other.
  public struct LackOfFit: Sendable {
    /// F with the degrees of freedom below.
    public let statistic: Double
    /// Distinct mixtures less effective parameters.
    public let fitDegrees: Double
    /// Runs less distinct mixtures.
    public let errorDegrees: Double
    /// P(F or more) for a law that is right; small means that the model misses something.
    public let pValue: Double
  }

  /// P of such differences between mixtures, measured by those between replicates, where the mixture has
  /// no influence at all: one-way analysis of variance. Nil without replicates, and with covariates.
  public let influence: Double?
  /// Nil without replicates or without mixtures to spare.
  public let lackOfFit: LackOfFit?
  /// The largest R² that any law of the mixture can have on single runs, one less the share of
  /// the variance that replicates have among each other; nil without replicates.
  public let noiseCeiling: Double?
  /// The slope of measured on predicted scores of mixtures left out; 1 for a calibrated law,
  /// below 1 where predictions are too far apart. Nil without validation.
  public let calibrationSlope: Double?

  /// What replicates show has come about by luck less often than this.
  static let level = 0.01

  init(_ law: Surrogate) {
    let scores = law.scores
    let groups = Dictionary(grouping: scores.indices, by: { law.basis.replicate[$0] }).values
    let n = Double(scores.count)
    let spare = n - Double(groups.count)
    var pure = 0.0
    var between = 0.0
    for members in groups {
      let mean = Statistics.mean(members.map { scores[$0] })
      for i in members {
        pure += (scores[i] - mean) * (scores[i] - mean)
        let rest = mean - law.value(law.basis.mixtures[i].weights)
        between += rest * rest
      }
    }
    let fitDegrees = Double(groups.count) - law.effectiveParameters
    if spare > 0, fitDegrees > 0.5, pure > 0, law.covariates.isEmpty {
      let statistic = (between / fitDegrees) / (pure / spare)
      lackOfFit = LackOfFit(
        statistic: statistic, fitDegrees: fitDegrees, errorDegrees: spare,
        pValue: Distribution.fisherUpperTail(statistic, fitDegrees, spare))
    } else {
      lackOfFit = nil
    }
    let mean = Statistics.mean(scores)
    let total = scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let freedom = Double(groups.count - 1)
    influence =
      spare > 0 && freedom > 0 && pure > 0 && law.covariates.isEmpty
      ? Distribution.fisherUpperTail(
        ((total - pure) / freedom) / (pure / spare), freedom, spare) : nil
    noiseCeiling =
      spare > 0 && total > 0 ? max(0, 1 - (pure / spare) / (total / (n - 1))) : nil
    guard let validation = law.validation else {
      calibrationSlope = nil
      return
    }
    let predicted = validation.predictions
    let centre = Statistics.mean(predicted)
    var (xy, xx) = (0.0, 0.0)
    for i in scores.indices {
      xy += (predicted[i] - centre) * (scores[i] - mean)
      xx += (predicted[i] - centre) * (predicted[i] - centre)
    }
    calibrationSlope = xx > 0 ? xy / xx : nil
  }
}

extension Surrogate {
  /// What the runs say about the law.
  public var check: LawCheck { LawCheck(self) }
}
