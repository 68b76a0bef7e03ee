import MDMMixtures
import MDMRuntime
import MDMTraining

/// Suspicious runs as scripts hold them.
final class RunCheckValue: FieldedValue {
  let target: String
  let count: Int?
  let check: RunCheck
  /// Runs that lost their format, and how.
  let collapsed: [(run: String, how: String)]

  init(_ scores: RunScores) throws(EvidenceError) {
    target = scores.target
    count = scores.scores.count
    check = try RunCheck(scores.panel())
    let runs = scores.runs
    var found: [(run: String, how: String)] = []
    let formats = runs.map { run in
      run.evaluation.map { value in
        let splits = value.evaluation.splits
        return splits.reduce(0) { $0 + $1.sampledFormat } / Double(max(splits.count, 1))
      } ?? .nan
    }
    let without = formats.contains { $0.isFinite } ? Set(RunCheck.withoutFormat(formats)) : []
    for (index, run) in runs.enumerated() {
      let name = "\(run.mixture.label), seed \(run.run.seed)"
      let curve = run.run.metrics[MetricKey.rewardFormat.rawValue] ?? []
      if let fall = RunCheck.formatCollapse(curve) {
        found.append(
          (name, "in format fell from \(Text.percent(fall.peak)) to \(Text.percent(fall.last))"))
      } else if without.contains(index), formats[index].isFinite {
        found.append((name, "only \(Text.percent(formats[index])) in format"))
      }
    }
    collapsed = found
  }

  var typeName: String { "RunCheck" }

  static let fields: [(name: String, read: @Sendable (RunCheckValue) -> Datum)] = [
    (
      "suspects",
      { value in
        .list(
          value.check.suspects.map {
            .record([
              ("mixture", .string($0.mixture)), ("seed", .int($0.seed)),
              ("score", .float($0.score)), ("t", .float($0.t)), ("p", .float($0.pValue)),
            ])
          })
      }
    ),
    ("kurtosis", { $0.check.excessKurtosis.map(Datum.float) ?? .none }),
    ("kurtosis_p", { $0.check.kurtosisPValue.map(Datum.float) ?? .none }),
    (
      "without_format",
      { value in
        .list(
          value.collapsed.map { .record([("run", .string($0.run)), ("how", .string($0.how))]) })
      }
    ),
    ("clean", { .bool(!$0.check.hasHeavyTails && $0.collapsed.isEmpty) }),
  ]

  func display(_ width: Int) -> String {
    var head = "\(count ?? 0) runs by \(target): "
    head +=
      check.suspects.isEmpty
      ? "none stands out" : "chance hardly explains \(check.suspects.count)"
    if let kurtosis = check.excessKurtosis, let p = check.kurtosisPValue {
      head +=
        "; \(p < 0.01 ? "heavy" : "no heavy") tails (excess kurtosis \(Text.fixed(kurtosis, 1)), p "
        + "\(Text.probability(p)))"
    } else {
      head += "; too few runs to tell tails (20)"
    }
    let suspects = check.suspects.map {
      "  \($0.mixture), seed \($0.seed): \(Text.fixed($0.score, 4)), \(Text.fixed(abs($0.t), 1)) standard "
        + "errors \($0.t < 0 ? "below" : "above") its place, p \(Text.probability($0.pValue))"
    }
    return ([head] + suspects + collapsed.map { "  \($0.run): \($0.how)" }).joined(separator: "\n")
  }
}
