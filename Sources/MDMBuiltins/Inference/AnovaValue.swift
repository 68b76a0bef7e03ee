import MDMMixtures
import MDMRuntime

/// An analysis of variance as scripts hold it.
final class AnovaValue: FieldedValue {
  let panel: SeedPanel
  let anova: SeedANOVA

  init(_ panel: SeedPanel) throws(EvidenceError) {
    self.panel = panel
    anova = try SeedANOVA(panel)
  }

  var typeName: String { "Anova" }

  static let fields: [(name: String, read: @Sendable (AnovaValue) -> Datum)] = [
    ("target", { .string($0.panel.target) }),
    ("mixture", { AnovaValue.record($0.anova.mixture) }),
    ("seed", { $0.anova.seed.map(AnovaValue.record) ?? .none }),
    ("noise", { AnovaValue.record($0.anova.noise) }),
    (
      "means",
      { value in .record(zip(value.panel.mixtures, value.anova.means).map { ($0, .float($1)) }) }
    ),
    ("run_deviation", { .float($0.anova.runDeviation) }),
    ("pair_deviation", { .float($0.anova.pairDeviation) }),
  ]

  private static func record(_ effect: SeedANOVA.Effect) -> Datum {
    .record([
      ("df", .int(effect.degreesOfFreedom)), ("sum", .float(effect.sumOfSquares)),
      ("f", effect.test.map { .float($0.statistic) } ?? .none),
      ("p", effect.test.map { .float($0.pValue) } ?? .none),
      ("deviation", .float(effect.variance.squareRoot())),
    ])
  }

  /// The lines of the table, without its head.
  var rows: [[String]] {
    func row(_ name: String, _ effect: SeedANOVA.Effect) -> [String] {
      [
        name, "\(effect.degreesOfFreedom)", Text.fixed(effect.sumOfSquares, 6),
        effect.test.map { Text.fixed($0.statistic, 2) } ?? "",
        effect.test.map { Text.probability($0.pValue) } ?? "",
        Text.fixed(effect.variance.squareRoot(), 4),
      ]
    }
    return [row("mixture", anova.mixture)] + (anova.seed.map { [row("seed", $0)] } ?? [])
      + [row("noise", anova.noise)]
  }

  static let header = ["", "df", "sum of squares", "F", "p", "deviation"]

  var conclusion: String {
    let run = Text.fixed(anova.runDeviation, 4)
    return anova.seed == nil
      ? "no seeds are matched: another seed moves a run by \(run)"
      : "another seed moves a run by \(run); the difference of two matched runs varies by "
        + Text.fixed(anova.pairDeviation, 4)
  }

  func display(_ width: Int) -> String {
    "Analysis of variance of \(panel.target): \(panel.mixtures.count) mixtures, "
      + "\(panel.seeds.count) seeds, \(panel.runs.count) runs\n"
      + Text.table(header: Self.header, rows: rows) + "\n" + conclusion
  }
}

extension Text {
  /// A p value: four decimals, and no false 0.
  static func probability(_ p: Double) -> String { p < 0.00005 ? "<0.0001" : fixed(p, 4) }

  /// A difference with its sign.
  static func signed(_ value: Double, _ digits: Int = 4) -> String {
    let text = fixed(value, digits)
    return text.hasPrefix("-") ? text : "+" + text
  }
}
