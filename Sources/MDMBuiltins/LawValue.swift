import MDMMixtures
import MDMNumerics
import MDMRuntime

/// A fitted law: the surrogate with the runs that it was fitted to.
final class LawValue: FieldedValue {
  let surrogate: Surrogate
  let target: String
  let mixtures: [MixtureValue]
  let scores: [Double]

  init(_ surrogate: Surrogate, target: String, mixtures: [MixtureValue], scores: [Double]) {
    self.surrogate = surrogate
    self.target = target
    self.mixtures = mixtures
    self.scores = scores
  }

  var typeName: String { "Law" }

  static let fields: [(name: String, read: @Sendable (LawValue) -> Datum)] = [
    ("model", { .string($0.surrogate.family.name) }),
    ("target", { .string($0.target) }),
    ("domains", { .strings($0.surrogate.domains) }),
    ("runs", { .int($0.surrogate.runs) }),
    ("penalty", { .float($0.surrogate.penalty) }),
    ("cv", { $0.validation }),
    ("coefficients", { $0.coefficients }),
    ("noise", { $0.surrogate.replicateDeviation.map(Datum.float) ?? .none }),
    ("mixtures", { .list($0.mixtures.map { .domain($0) }) }),
    ("scores", { .numbers($0.scores) }),
  ]

  private var validation: Datum {
    guard let cv = surrogate.validation else { return .none }
    return .record([
      ("r2", .float(cv.rSquared)), ("rmse", .float(cv.rmse)),
      ("baseline_rmse", .float(cv.baselineRMSE)), ("spearman", .float(cv.spearman)),
      ("folds", .int(cv.folds)), ("predictions", .numbers(cv.predictions)),
    ])
  }

  private var coefficients: Datum {
    .record(
      zip(surrogate.terms, surrogate.coefficients).map { term, value in
        (term.label(surrogate.domains), .float(value))
      })
  }

  func display(_ width: Int) -> String {
    var lines = [
      "Law of \(target): \(surrogate.family.name), \(surrogate.terms.count) terms, "
        + "\(surrogate.runs) runs, ridge penalty \(surrogate.penalty)"
    ]
    if let cv = surrogate.validation {
      lines.append(
        "  left-out mixtures: R² \(Text.fixed(cv.rSquared, 2)), rmse \(Text.fixed(cv.rmse, 4)) "
          + "(guessing the mean \(Text.fixed(cv.baselineRMSE, 4))), "
          + "Spearman \(Text.fixed(cv.spearman, 2))")
    }
    if let noise = surrogate.replicateDeviation {
      lines.append("  seed noise: standard deviation \(Text.fixed(noise, 4)) between replicates")
    }
    return lines.joined(separator: "\n")
  }
}

/// The best mixture of a law.
final class OptimumValue: FieldedValue {
  let optimum: Surrogate.Optimum
  let mixture: MixtureValue

  init(_ optimum: Surrogate.Optimum, suite: SuiteValue?) {
    self.optimum = optimum
    mixture = MixtureValue(optimum.mixture, suite: suite)
  }

  var typeName: String { "Optimum" }

  static let fields: [(name: String, read: @Sendable (OptimumValue) -> Datum)] = [
    ("mixture", { .domain($0.mixture) }),
    ("predicted", { .float($0.optimum.predicted.value) }),
    ("low", { .float($0.optimum.predicted.lower) }),
    ("high", { .float($0.optimum.predicted.upper) }),
    ("beats_uniform", { .float($0.optimum.probabilityOfBeatingUniform) }),
    ("exact", { .bool($0.optimum.exact) }),
    ("method", { .string($0.optimum.method) }),
  ]

  func display(_ width: Int) -> String {
    let predicted = optimum.predicted
    return """
      \(mixture.display(width))
        predicted \(Text.fixed(predicted.value, 4)), 95% interval \
      \(Text.fixed(predicted.lower, 4)) to \(Text.fixed(predicted.upper, 4))
        P(beats uniform) \(Text.fixed(optimum.probabilityOfBeatingUniform, 2)), optimistic: the \
      same fit chose it; \(optimum.method)
      """
  }
}
