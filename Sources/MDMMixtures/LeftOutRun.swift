import MDMNumerics

/// A run as a law sees it that was fitted without its mixture.
///
/// Prediction and deviation come from the same fit: around a prediction that the run had no part in,
/// the error of the fit to all runs is too small, because a point's leverage h is h / (1 - h) once it
/// is left out. Source: Cook and Weisberg, "Residuals and influence in regression", 1982, 2.2.
public struct LeftOutRun: Sendable, Equatable {
  /// What was measured.
  public let score: Double
  /// What was predicted without it.
  public let prediction: Double
  /// The standard deviation of one run around the prediction, as that fit has it: the doubt about
  /// the mean and a run's noise. For models without a posterior the error on the other mixtures
  /// left out.
  public let deviation: Double
  /// The degrees of freedom of that fit, for Student's t.
  public let degreesOfFreedom: Double

  /// The level of the narrowest interval around the prediction that holds the score.
  ///
  /// Uniform between 0 and 1 over many runs of a law whose intervals hold what they promise.
  public var level: Double {
    let gap = abs(score - prediction)
    guard gap > 0 else { return 0 }
    guard deviation > 0 else { return 1 }
    return 2 * Distribution.studentT(gap / deviation, degreesOfFreedom: degreesOfFreedom) - 1
  }
}

extension Surrogate {
  /// Every run as laws fitted without its mixture see it, the penalty held; nil without validation,
  /// or where nothing is left to tell the noise from.
  ///
  /// Numerics: sums of terms by closed form, O(runs² terms); other models were fitted anew for each
  /// fold when they were validated.
  public var leftOutRuns: [LeftOutRun]? {
    guard let validation else { return nil }
    if let outside { return outside }
    let roots = basis.precision.map { $0.squareRoot() }
    let scaled = zip(scores, roots).map { $0 * $1 }
    guard
      let found = try? regression.leaveOutErrors(
        scaled, penalty: penalty, groups: validation.labels)
    else { return nil }
    return scores.indices.map { run in
      LeftOutRun(
        score: scores[run], prediction: found[run].prediction / roots[run],
        deviation: found[run].deviation / roots[run],
        degreesOfFreedom: found[run].degreesOfFreedom)
    }
  }

  /// The share of runs that lie in the 95% interval of one run by the law fitted without their
  /// mixture; nil as `leftOutRuns`.
  public var coverage: Double? {
    leftOutRuns.map { runs in
      Double(runs.count { $0.level <= 0.95 }) / Double(runs.count)
    }
  }

  /// What a model that was fitted to the kept runs says of the others; deviations are 0 for models
  /// without a posterior.
  static func outside(
    _ model: any FittedModel, _ points: [[Double]], _ scores: [Double], _ precision: [Double],
    kept: Int
  ) -> [LeftOutRun] {
    let degrees = max(Double(kept) - model.effectiveParameters, 1)
    return points.indices.map { run in
      let doubt = model.covariance(points[run], points[run])
      return LeftOutRun(
        score: scores[run], prediction: model.value(points[run]),
        deviation: doubt.map {
          (max($0, 0) + model.noiseVariance / precision[run]).squareRoot()
        } ?? 0,
        degreesOfFreedom: degrees)
    }
  }

  /// For models without a posterior: the root mean squared error of the runs of other folds.
  static func byOtherFolds(_ runs: [LeftOutRun], _ labels: [Int]) -> [LeftOutRun] {
    guard runs.allSatisfy({ $0.deviation == 0 }) else { return runs }
    let squares = runs.map { ($0.score - $0.prediction) * ($0.score - $0.prediction) }
    let total = squares.reduce(0, +)
    var (sums, counts) = ([Int: Double](), [Int: Double]())
    for (square, label) in zip(squares, labels) {
      sums[label, default: 0] += square
      counts[label, default: 0] += 1
    }
    return runs.indices.map { run in
      let others = Double(runs.count) - (counts[labels[run]] ?? 0)
      return LeftOutRun(
        score: runs[run].score, prediction: runs[run].prediction,
        deviation: (max(total - (sums[labels[run]] ?? 0), 0) / max(others, 1)).squareRoot(),
        degreesOfFreedom: max(others, 1))
    }
  }
}
