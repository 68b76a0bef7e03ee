import MDMRuntime
import MDMTables
import MDMTraining

/// A training run as scripts hold it, with its evaluation where one was asked for.
final class RunValue: FieldedValue, CurveSource {
  let run: Run
  let mixture: MixtureValue
  let evaluation: EvaluationValue?
  let policy: PolicyValue
  /// What `attach` finds it by; nil where it was not kept.
  let id: String?

  /// The runs that made the policy it started from, the nearest first, as names and texts.
  let makers: [(name: String, text: String)]

  init(
    _ run: Run, mixture: MixtureValue, evaluation: EvaluationValue?, id: String? = nil,
    makers: [(name: String, text: String)] = []
  ) {
    self.id = id
    self.makers = makers
    self.run = run
    self.mixture = mixture
    self.evaluation = evaluation
    policy = PolicyValue(run.policy, name: "\(mixture.label), seed \(run.seed)")
  }

  var typeName: String { "Run" }

  static let fields: [(name: String, read: @Sendable (RunValue) -> Datum)] = [
    ("status", { .string($0.run.status.rawValue) }),
    ("mixture", { .domain($0.mixture) }),
    ("seed", { .int(Int64(bitPattern: $0.run.seed)) }),
    ("steps", { .int($0.run.steps) }),
    ("policy", { .domain($0.policy) }),
    ("evaluation", { $0.evaluation.map { .domain($0) } ?? .none }),
    ("metrics", { .curves($0.run.metrics) }),
    // The same under the name that a running job has for it.
    ("curves", { .curves($0.run.metrics) }),
    (
      "drawn",
      { run in
        .record(zip(run.run.mixture.domains, run.run.drawn).map { ($0, .int($1)) })
      }
    ),
    ("ledger", { $0.run.ledger.table(suite: $0.mixture.suite) }),
    ("ledger_steps", { $0.run.ledgerSteps(suite: $0.mixture.suite) }),
    ("notes", { $0.run.notes.table }),
    ("id", { $0.id.map(Datum.string) ?? .none }),
    ("inputs", { .string($0.run.inputs) }),
  ]

  var curveLabel: String { mixture.label }

  var metricKeys: [String] { run.metrics.keys.sorted() }

  func curve(_ metric: String) -> [Double]? { run.metrics[metric] }

  func display(_ width: Int) -> String {
    let rewards = run.metrics[MetricKey.rewardMean.rawValue] ?? []
    let last = rewards.suffix(10)
    let level = last.isEmpty ? .nan : last.reduce(0, +) / Double(last.count)
    var text =
      "Run \(mixture.label), seed \(run.seed): \(run.steps) of \(run.plannedSteps) steps, "
      + "\(run.status.rawValue), reward \(Text.fixed(level, 2))"
    if let ending = run.ending { text += " (\(ending))" }
    if let scores = evaluation?.evaluation,
      let inside = try? scores.inScore(), let outside = try? scores.outScore()
    {
      text += ", In-Score \(Text.fixed(inside, 3)), Out-Score \(Text.fixed(outside, 3))"
    }
    let notes = run.notes.count
    return notes == 0 ? text : text + ", \(notes) note\(notes == 1 ? "" : "s")"
  }
}

/// Scores of a policy as scripts hold them.
final class EvaluationValue: FieldedValue {
  let evaluation: Evaluation

  init(_ evaluation: Evaluation) { self.evaluation = evaluation }

  var typeName: String { "Evaluation" }

  static let fields: [(name: String, read: @Sendable (EvaluationValue) -> Datum)] = [
    ("splits", { .strings($0.evaluation.splits.map(\.name)) }),
    ("greedy", { $0.scores(isGreedy: true, isLenient: false) }),
    ("greedy_lenient", { $0.scores(isGreedy: true, isLenient: true) }),
    ("sampled", { $0.scores(isGreedy: false, isLenient: false) }),
    ("sampled_lenient", { $0.scores(isGreedy: false, isLenient: true) }),
    ("format", { .record($0.evaluation.splits.map { ($0.name, .float($0.sampledFormat)) }) }),
    ("greedy_format", { .record($0.evaluation.splits.map { ($0.name, .float($0.greedyFormat)) }) }),
    ("scores", { EvaluationTables.scores($0.evaluation) }),
    ("items", { EvaluationTables.items($0.evaluation) }),
  ]

  private func scores(isGreedy: Bool, isLenient: Bool) -> Datum {
    let reading = Evaluation.Reading(isGreedy: isGreedy, isLenient: isLenient)
    return .record(evaluation.splits.map { ($0.name, .float($0.scores[reading] ?? .nan)) })
  }

  func isEqual(to other: any DomainValue) -> Bool {
    (other as? EvaluationValue)?.evaluation == evaluation
  }

  func display(_ width: Int) -> String {
    let readings = [
      (true, false), (true, true), (false, false), (false, true),
    ].map { Evaluation.Reading(isGreedy: $0.0, isLenient: $0.1) }
    var rows = evaluation.splits.map { split in
      [split.name, String(split.count)]
        + readings.map { Text.fixed(split.scores[$0] ?? .nan, 3) }
        + [Text.percent(split.sampledFormat)]
    }
    if let inside = try? readings.map({ try evaluation.inScore($0) }) {
      rows.append(["In-Score", ""] + inside.map { Text.fixed($0, 3) })
    }
    if let outside = try? readings.map({ try evaluation.outScore($0) }) {
      rows.append(["Out-Score", ""] + outside.map { Text.fixed($0, 3) })
    }
    return Text.table(
      header: ["", "n", "greedy", "lenient", "T=1", "lenient", "in format"], rows: rows)
  }
}
