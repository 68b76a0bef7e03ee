import MDMRuntime

/// A job of this process, or a run that another one keeps, as scripts hold it.
final class JobValue: FieldedValue {
  let run: any KeptRun

  init(_ run: any KeptRun) { self.run = run }

  /// The job; nil where the run is another process's.
  var job: Job? { run as? Job }

  var typeName: String { "Job" }

  static let fields: [(name: String, read: @Sendable (JobValue) -> Datum)] = [
    ("id", { .string($0.run.row.id) }),
    ("number", { .int($0.run.row.number) }),
    ("call", { .string($0.run.row.label) }),
    ("status", { .string($0.run.row.status.rawValue) }),
    ("step", { .int($0.run.row.step) }),
    ("steps", { .int($0.run.row.steps) }),
    ("seconds", { .float($0.run.row.seconds) }),
    ("progress", { .string($0.run.row.progress) }),
    ("curves", { .curves($0.run.series) }),
    ("output", { .string($0.job?.text ?? "") }),
    ("value", { $0.job?.value ?? .none }),
    ("error", { $0.job?.error.map(Datum.error) ?? .none }),
  ]

  func isEqual(to other: any DomainValue) -> Bool {
    (other as? JobValue)?.run.row.id == run.row.id
  }

  var hintWhereUnexpected: String? {
    if job == nil {
      return "of a run that `attach` found its curves are known, and its policy: "
        + "policy(attach(\"…\"))"
    }
    return run.row.status == .running
      ? "a job is not its value: r.wait() waits for it and gives it"
      : "a job is not its value: the job has ended, r.wait() gives it"
  }

  func display(_ width: Int) -> String { JobText.line(run.row, width: width) }
}

extension JobValue: CurveSource {
  var curveLabel: String { run.row.label }
  var metricKeys: [String] { run.series.keys.sorted() }
  func curve(_ metric: String) -> [Double]? { run.series[metric] }
}

/// What has metrics by step: a run, or a job that trains.
protocol CurveSource {
  /// What a picture calls it; sources of one name are seeds of each other.
  var curveLabel: String { get }
  /// The metric keys, sorted.
  var metricKeys: [String] { get }
  /// A metric's value at each step.
  func curve(_ metric: String) -> [Double]?
}

/// Jobs as text.
enum JobText {
  /// `Job 2 running: train(…), step 12 of 200, 3.5 s`.
  static func line(_ row: Job.Row, width: Int) -> String {
    var text = row.number > 0 ? "Job \(row.number)" : "Job \(row.id)"
    text += " \(row.status.rawValue): \(row.label)"
    if row.steps > 0 { text += ", step \(row.step) of \(row.steps)" }
    text += ", \(Text.fixed(row.seconds, 1)) s"
    if let error = row.error { text += ", \(error.code) \(error.message)" }
    return text.count > max(width, 20) ? String(text.prefix(max(width, 20) - 1)) + "…" : text
  }

  /// A call as one short line.
  static func label(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return line.count > 60 ? String(line.prefix(59)) + "…" : line
  }
}

extension Datum {
  /// Named lists of numbers, in the order of their names: what `plot` draws.
  static func curves(_ series: [String: [Double]]) -> Datum {
    .record(series.keys.sorted().map { ($0, .numbers(series[$0] ?? [])) })
  }

  /// What `catch e` would bind.
  static func error(_ error: ScriptError) -> Datum {
    let diagnostic = error.diagnostic
    var place = Datum.none
    if let (source, span) = diagnostic.place {
      let (line, column) = source.position(of: Int(span.start))
      place = .string("\(source.name):\(line):\(column)")
    }
    return .record([
      ("code", .string(diagnostic.code)), ("message", .string(diagnostic.message)),
      ("hint", diagnostic.hint.map(Datum.string) ?? .none), ("span", place),
    ])
  }
}
