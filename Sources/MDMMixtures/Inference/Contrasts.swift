import MDMNumerics

/// All mixtures against one reference, with the price of asking several questions.
public struct Contrasts: Sendable {
  /// A mixture less the reference.
  public struct Row: Sendable, Equatable {
    public let mixture: String
    /// The mean difference over matched seeds and its own 95% interval; for unmatched runs the
    /// difference of means with Welch's. Infinite ends where it is the same with every seed.
    public let difference: Estimate
    /// The two-sided p value of that difference alone; 1 where it has no noise of its own.
    public let pValue: Double
    /// The p value among all comparisons, by `method`.
    public let adjusted: Double
    /// The interval that holds for all comparisons at once.
    public let simultaneous: Estimate

    /// Whether the difference has an interval of its own: it is not the same with every seed.
    public var hasInterval: Bool { difference.upper.isFinite }
  }

  /// How the comparisons are taken together.
  public enum Method: String, Sendable {
    /// Balanced runs: one common noise, and the reference that all comparisons share, are reckoned with.
    case dunnett
    /// Runs are missing, so each comparison has its own noise.
    case holm
  }

  public let target: String
  public let reference: String
  public let level: Double
  public let method: Method
  public let isMatched: Bool
  public let rows: [Row]
  /// What the reader should know besides.
  public let notes: [String]

  /// - Parameter reference: the mixture that all others are compared with.
  /// - Throws: where there is one mixture, or one of them has too few runs.
  public init(
    _ panel: SeedPanel, reference name: String, level: Double = 0.95
  ) throws(EvidenceError) {
    guard level > 0, level < 1 else {
      throw .badNumber(what: "level", value: level, allowed: "between 0 and 1")
    }
    let reference = try panel.position(name)
    let others = panel.mixtures.indices.filter { $0 != reference }
    guard !others.isEmpty else { throw .oneMixture(name) }
    let scores = panel.runs.map(\.score)
    guard scores.contains(where: { $0 != scores[0] }) else { throw .constant(target: panel.target) }
    let isMatched = panel.isMatched
    var notes: [String] = []
    var own: [Estimate] = []
    var pValues: [Double] = []
    var tied: EvidenceError?
    for other in others {
      let found = try Self.difference(panel, other, reference, isMatched: isMatched, level: level)
      if let reason = found.tied {
        tied = reason
        notes.append("\(reason.message); its own interval is left open")
      }
      own.append(found.estimate)
      pValues.append(found.pValue)
      let left = panel.matched(other, reference).unmatched
      if isMatched, !left.isEmpty {
        notes.append(
          "\(panel.mixtures[other]): \(EvidenceError.counted(left.count, "seed")) without a partner "
            + "left out (\(left.prefix(6).map(String.init).joined(separator: ", ")))")
      }
    }
    // Nothing varies at all: what is left of the noise would be no answer either.
    if let tied, own.allSatisfy({ !$0.upper.isFinite }) { throw tied }
    if !isMatched { notes.append("no matched seeds: differences of means, noise of both sides") }
    // Dunnett's common noise is that of the analysis of variance.
    let sizes = panel.mixtures.indices.map { Double(panel.scores($0).count) }
    if panel.isBalanced || !isMatched, let anova = try? SeedANOVA(panel) {
      let loadings = others.map { (sizes[$0] / (sizes[$0] + sizes[reference])).squareRoot() }
      let df = Double(anova.noise.degreesOfFreedom)
      let critical = Distribution.dunnettQuantile(level, loadings: loadings, degreesOfFreedom: df)
      method = .dunnett
      rows = others.enumerated().map { index, other in
        let error =
          (anova.noise.variance * (1 / sizes[other] + 1 / sizes[reference])).squareRoot()
        let gap = anova.means[other] - anova.means[reference]
        return Row(
          mixture: panel.mixtures[other], difference: own[index], pValue: pValues[index],
          adjusted: 1
            - Distribution.dunnett(abs(gap) / error, loadings: loadings, degreesOfFreedom: df),
          simultaneous: Estimate(
            value: gap, lower: gap - critical * error, upper: gap + critical * error, level: level,
            count: own[index].count))
      }
    } else {
      let adjusted = try EvidenceError.wrap { () throws(NumericsError) in
        try MultipleTests.holm.adjusted(pValues)
      }
      method = .holm
      let shared = 1 - (1 - level) / Double(others.count)
      var rows: [Row] = []
      for (index, other) in others.enumerated() {
        rows.append(
          Row(
            mixture: panel.mixtures[other], difference: own[index], pValue: pValues[index],
            adjusted: adjusted[index],
            simultaneous: try Self.difference(
              panel, other, reference, isMatched: isMatched, level: shared
            ).estimate))
      }
      self.rows = rows
    }
    target = panel.target
    self.reference = name
    self.level = level
    self.isMatched = isMatched
    self.notes = notes
  }

  private static func difference(
    _ panel: SeedPanel, _ left: Int, _ right: Int, isMatched: Bool, level: Double
  ) throws(EvidenceError) -> (estimate: Estimate, pValue: Double, tied: EvidenceError?) {
    if isMatched {
      let estimate: Estimate
      do { estimate = try panel.difference(left, right, level: level) } catch {
        guard case .equalDifferences(_, let value, let count) = error else { throw error }
        return (
          Estimate(
            value: value, lower: -.infinity, upper: .infinity, level: level, count: count), 1, error
        )
      }
      let gaps = panel.matched(left, right).differences
      let error = Statistics.standardDeviation(gaps) / Double(gaps.count).squareRoot()
      return (estimate, Self.pValue(estimate.value, error, Double(gaps.count - 1)), nil)
    }
    let (a, b) = (panel.scores(left), panel.scores(right))
    for (scores, name) in [(a, panel.mixtures[left]), (b, panel.mixtures[right])]
    where scores.count < 2 {
      throw .tooFew(what: "the noise of \(name)", found: scores.count, needed: 2)
    }
    // Welch, "The generalization of Student's problem", Biometrika 1947.
    let parts = [a, b].map { Statistics.variance($0) / Double($0.count) }
    let square = parts[0] + parts[1]
    let df =
      square * square
      / (parts[0] * parts[0] / Double(a.count - 1) + parts[1] * parts[1] / Double(b.count - 1))
    let gap = Statistics.mean(a) - Statistics.mean(b)
    guard square > 0 else { throw .noNoise }
    let half =
      Distribution.studentTQuantile((1 + level) / 2, degreesOfFreedom: df) * square.squareRoot()
    return (
      Estimate(
        value: gap, lower: gap - half, upper: gap + half, level: level,
        count: min(a.count, b.count)),
      Self.pValue(gap, square.squareRoot(), df), nil
    )
  }

  private static func pValue(_ gap: Double, _ error: Double, _ df: Double) -> Double {
    2 * Distribution.studentT(-abs(gap) / error, degreesOfFreedom: df)
  }
}
