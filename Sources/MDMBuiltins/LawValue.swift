import MDMMixtures
import MDMNumerics
import MDMRuntime

/// A fitted law: the surrogate with the runs that it was fitted to.
final class LawValue: FieldedValue {
  let surrogate: Surrogate
  let target: String
  let mixtures: [MixtureValue]
  let scores: [Double]
  /// The families of the tournament that it won, best first; none otherwise.
  let rivals: [Tournament.Entry]

  init(
    _ surrogate: Surrogate, target: String, mixtures: [MixtureValue], scores: [Double],
    rivals: [Tournament.Entry] = []
  ) {
    self.rivals = rivals
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
    ("rank", { $0.surrogate.family.hasTerms ? .int($0.surrogate.rank) : .none }),
    ("cv", { $0.validation }),
    ("coefficients", { $0.coefficients }),
    ("noise", { $0.surrogate.replicateDeviation.map(Datum.float) ?? .none }),
    (
      "settings",
      { law in
        .record(law.surrogate.settings.map { ($0.name, .float($0.value)) })
      }
    ),
    ("check", { $0.check }),
    ("rivals", { $0.ranking }),
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

  private var check: Datum {
    let check = surrogate.check
    let fit = check.lackOfFit
    return .record([
      ("lack_of_fit_f", fit.map { .float($0.statistic) } ?? .none),
      ("lack_of_fit_p", fit.map { .float($0.pValue) } ?? .none),
      ("noise_ceiling", check.noiseCeiling.map(Datum.float) ?? .none),
      ("calibration_slope", check.calibrationSlope.map(Datum.float) ?? .none),
      ("coverage", surrogate.coverage.map(Datum.float) ?? .none),
    ])
  }

  private var ranking: Datum {
    .list(
      rivals.map { entry in
        .record([
          ("model", .string(entry.surrogate.family.name)),
          ("r2", .float(entry.validation.rSquared)), ("rmse", .float(entry.validation.rmse)),
          ("spearman", .float(entry.validation.spearman)),
        ])
      })
  }

  private var coefficients: Datum {
    .record(
      zip(surrogate.terms, surrogate.coefficients).map { term, value in
        (term.label(surrogate.domains), .float(value))
      })
  }

  func display(_ width: Int) -> String {
    var lines = [
      "Law of \(target): \(surrogate.family.name), "
        + (surrogate.family.hasTerms
          ? "\(surrogate.terms.count) terms, \(surrogate.runs) runs, ridge penalty \(surrogate.penalty)"
          : "\(surrogate.runs) runs")
    ]
    if surrogate.rank < surrogate.terms.count {
      lines.append(
        "  the mixtures determine \(surrogate.rank) of the \(surrogate.terms.count) terms, the penalty "
          + "the rest: do not trust it far from the runs")
    }
    if !surrogate.settings.isEmpty {
      lines.append(
        "  "
          + surrogate.settings.prefix(8).map { "\($0.name) \(Text.fixed($0.value, 4))" }
          .joined(separator: ", "))
    }
    if let cv = surrogate.validation {
      lines.append(
        "  left-out mixtures: R² \(Text.fixed(cv.rSquared, 2)), rmse \(Text.fixed(cv.rmse, 4)) "
          + "(guessing the mean \(Text.fixed(cv.baselineRMSE, 4))), "
          + "Spearman \(Text.fixed(cv.spearman, 2))")
    }
    if let noise = surrogate.replicateDeviation {
      lines.append("  seed noise: standard deviation \(Text.fixed(noise, 4)) between replicates")
    }
    if let fit = surrogate.check.lackOfFit {
      lines.append(
        "  lack of fit against replicates: F \(Text.fixed(fit.statistic, 2)), "
          + (fit.pValue < 0.0005 ? "p < 0.001" : "p \(Text.fixed(fit.pValue, 3))"))
    }
    if let other = surrogate.contradictedPenalty {
      lines.append(
        "  the left-out error alone would choose the penalty \(Text.fixed(other, other < 1 ? 8 : 0)): "
          + "replicates contradict that law")
    }
    if !rivals.isEmpty {
      lines.append(
        "  tournament, errors on mixtures left out: "
          + rivals.prefix(5).map {
            "\($0.surrogate.family.name) \(Text.fixed($0.validation.rmse, 4))"
          }.joined(separator: ", ") + (rivals.count > 5 ? ", …" : ""))
      if surrogate.family.name == "constant" {
        lines.append("  no family predicts better than the mean: there is nothing to optimise")
      }
    }
    return lines.joined(separator: "\n")
  }
}

/// The families that `fit` is to compare.
final class TournamentValue: FieldedValue {
  let families: [ModelFamily]

  init(_ families: [ModelFamily]) { self.families = families }

  var typeName: String { "Tournament" }

  static let fields: [(name: String, read: @Sendable (TournamentValue) -> Datum)] = [
    ("families", { .strings($0.families.map(\.name)) })
  ]

  func display(_ width: Int) -> String {
    "Tournament of " + families.map(\.name).joined(separator: ", ")
  }
}

/// The best mixture of a law.
final class OptimumValue: FieldedValue {
  let optimum: Surrogate.Optimum
  let mixture: MixtureValue
  /// 1 for the greatest outcome, -1 for the least.
  let sign: Double
  /// The suite of the law's mixtures, where it is known.
  let suite: SuiteValue?

  init(_ optimum: Surrogate.Optimum, sign: Double = 1, suite: SuiteValue?) {
    self.optimum = optimum
    self.sign = sign
    self.suite = suite
    mixture = MixtureValue(optimum.mixture, suite: suite)
  }

  var typeName: String { "Optimum" }

  static let fields: [(name: String, read: @Sendable (OptimumValue) -> Datum)] = [
    ("mixture", { .domain($0.mixture) }),
    ("predicted", { .float($0.optimum.predicted.value) }),
    ("low", { .float($0.optimum.predicted.lower) }),
    ("high", { .float($0.optimum.predicted.upper) }),
    ("beats_uniform", { .float($0.optimum.probabilityOfBeatingUniform) }),
    ("beats_best_run", { .float($0.optimum.probabilityOfBeatingBestRun) }),
    ("best_run", { .domain(MixtureValue($0.optimum.bestRun, suite: $0.suite)) }),
    ("exact", { .bool($0.optimum.exact) }),
    ("method", { .string($0.optimum.method) }),
  ]

  func display(_ width: Int) -> String {
    let predicted = optimum.predicted
    return """
      \(mixture.display(width))
        predicted \(Text.fixed(predicted.value, 4)), 95% interval \
      \(Text.fixed(predicted.lower, 4)) to \(Text.fixed(predicted.upper, 4))
        P(beats uniform) \(Text.fixed(optimum.probabilityOfBeatingUniform, 2)), P(beats the best \
      run's mixture) \(Text.fixed(optimum.probabilityOfBeatingBestRun, 2)), optimistic: the same \
      fit chose it
        \(optimum.method)
      """ + (optimum.failedValidation.map(caution) ?? "")
  }

  private func caution(_ failed: CrossValidation) -> String {
    "\n  beware: of a mixture left out the law knows less than the mean of the others (errors "
      + "\(Text.fixed(failed.rmse, 4)) and \(Text.fixed(failed.baselineRMSE, 4))):\n"
      + "  the runs show that the mixture matters, but not that this one is the best"
  }
}
