import MDMNumerics

/// What runs, a law and a promise allow to be said, and what a reader must know besides.
public struct Study: Sendable {
  /// What the law brings in.
  public struct LawFacts: Sendable {
    /// The outcome that it was fitted to.
    public let target: String
    /// Its coefficient of determination on left-out mixtures; nil where none were left out.
    public let rSquared: Double?

    public init(target: String, rSquared: Double?) {
      self.target = target
      self.rSquared = rSquared
    }
  }

  /// The runs that everything but the comparison rests on.
  public let pilots: SeedPanel
  /// The runs of the comparison: fresh ones where there are some, else the pilots.
  public let compared: SeedPanel
  public let hasFreshRuns: Bool
  /// The mixture that all others are compared with.
  public let reference: String
  /// The mixture that is recommended: the law's, else the pilots' best by its mean.
  public let recommended: String
  /// Variances of the pilots; nil where they cannot be told.
  public let anova: SeedANOVA?
  /// The comparison; nil where the runs do not allow one.
  public let contrasts: Contrasts?
  /// Runs that stand out among the compared ones; nil where that cannot be told.
  public let check: RunCheck?
  /// What a reader must know, the gravest first.
  public let warnings: [StudyWarning]

  /// - Parameters:
  ///   - pilots: runs of several mixtures.
  ///   - fresh: runs that the law was not fitted to, or nil.
  ///   - recommended: the name of the law's mixture, or nil.
  ///   - law: what it was fitted to, or nil.
  ///   - fittedRuns: how many compared runs the law was fitted to.
  ///   - collapsed: names of compared runs that lost their format.
  ///   - decomposition: the recommended mixture's gain in parts, or why it cannot be told; nil where
  ///     the scores have no lenient reading.
  public init(
    pilots: SeedPanel, fresh: SeedPanel?, reference: String, recommended: String?,
    registration: Registration?, law: LawFacts?, fittedRuns: Int, collapsed: [String],
    decomposition: Result<FormatDecomposition, EvidenceError>?
  ) throws(EvidenceError) {
    self.pilots = pilots
    let compared = fresh ?? pilots
    self.compared = compared
    hasFreshRuns = fresh != nil
    self.reference = reference
    _ = try compared.position(reference)
    let isMaximized = registration?.isMaximized ?? true
    let best = Self.best(compared, isMaximized: isMaximized)
    let name =
      recommended ?? Self.choice(pilots: pilots, fresh: fresh, isMaximized: isMaximized)
    self.recommended = name
    var warnings: [StudyWarning] = []
    var reasons: [StudyWarning] = []
    func attempt<T>(_ part: String, _ body: () throws(EvidenceError) -> T) -> T? {
      do { return try body() } catch {
        reasons.append(.notComputed(part: part, reason: error.message))
        return nil
      }
    }
    anova = attempt("analysis of variance") { () throws(EvidenceError) in try SeedANOVA(pilots) }
    contrasts = attempt("comparison with \(reference)") { () throws(EvidenceError) in
      try Contrasts(compared, reference: reference, level: registration?.level ?? 0.95)
    }
    check = attempt("check of the runs") { () throws(EvidenceError) in try RunCheck(compared) }

    let row = contrasts?.rows.first { $0.mixture == name }
    if let registration {
      if registration.target != pilots.target {
        warnings.append(
          .targetChanged(registered: registration.target, reported: pilots.target))
      }
      let seeds = row?.difference.count ?? 0
      if name != reference, seeds < registration.seeds {
        warnings.append(.seedsMissing(registered: registration.seeds, found: seeds))
      }
    } else {
      warnings.append(.notRegistered)
    }
    if let law, law.target == pilots.target {
      warnings.append(.objectiveFitted(target: law.target))
    }
    if law != nil, fittedRuns > 0 {
      warnings.append(.fittedRunsReported(count: fittedRuns, of: compared.runs.count))
    }
    if let rSquared = law?.rSquared, !(rSquared > 0) {
      warnings.append(.lawBeatsNothing(rSquared: rSquared))
    }
    let top = [Self.best(pilots, isMaximized: isMaximized), best].max {
      ($0.score < $1.score) == isMaximized
    }
    if recommended != nil, let top, top.mixture != name {
      warnings.append(
        .headlineFromHeuristic(best: top.mixture, score: top.score, recommended: name))
    }
    if compared.scores(try compared.position(reference)).count == 1 {
      warnings.append(.singleBaseline(reference: reference))
    }
    if let row {
      let gap = row.difference.value
      let noise = anova?.runDeviation
      if let noise, abs(gap) < noise {
        warnings.append(.belowNoise(mixture: name, difference: gap, noise: noise))
      }
      if !row.difference.excludesZero, let anova,
        let plan = try? PowerPlan(
          noise: contrasts?.isMatched == true
            ? anova.noise.variance.squareRoot() : anova.runDeviation,
          isPaired: contrasts?.isMatched == true),
        let detectable = try? plan.detectable(seeds: row.difference.count)
      {
        warnings.append(.underpowered(detectable: detectable, seeds: row.difference.count))
      }
      if let smallest = registration?.smallestEffect, abs(gap) < smallest {
        warnings.append(.belowSmallestEffect(mixture: name, difference: gap, smallest: smallest))
      }
    }
    let parts = decomposition.flatMap { found in
      attempt("split of the gain into format and skill") { () throws(EvidenceError) in
        try found.get()
      }
    }
    if let share = parts?.formatShare, share > 0.5 {
      warnings.append(.mostlyFormat(mixture: name, share: share))
    }
    if !collapsed.isEmpty { warnings.append(.formatCollapse(runs: collapsed)) }
    if let check, check.hasHeavyTails {
      warnings.append(
        .heavyTails(runs: check.suspects.map { "\($0.mixture), seed \($0.seed)" }))
    }
    self.warnings = warnings + reasons
  }

  /// The comparison of the recommended mixture; nil where there is none.
  public var headline: Contrasts.Row? { contrasts?.rows.first { $0.mixture == recommended } }

  /// What is recommended where nobody did: the pilots' best by its mean that was compared, too.
  public static func choice(pilots: SeedPanel, fresh: SeedPanel?, isMaximized: Bool) -> String {
    let compared = fresh ?? pilots
    return greatestMean(pilots, among: compared, isMaximized)
      ?? best(compared, isMaximized: isMaximized).mixture
  }

  /// The mixture of the best mean that was compared, too.
  private static func greatestMean(
    _ pilots: SeedPanel, among compared: SeedPanel, _ isMaximized: Bool
  ) -> String? {
    let means = pilots.mixtures.enumerated().filter { compared.mixtures.contains($0.element) }
      .map { (name: $0.element, mean: Statistics.mean(pilots.scores($0.offset))) }
    return (isMaximized ? means.max { $0.mean < $1.mean } : means.min { $0.mean < $1.mean })?.name
  }

  /// The mixture of the best single run.
  private static func best(
    _ panel: SeedPanel, isMaximized: Bool
  ) -> (mixture: String, score: Double) {
    let run = panel.runs.max { ($0.score < $1.score) == isMaximized && $0.score != $1.score }
    return run.map { (panel.mixtures[$0.mixture], $0.score) } ?? (panel.mixtures[0], .nan)
  }
}
