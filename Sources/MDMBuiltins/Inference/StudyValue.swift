import MDMDeclarations
import MDMMixtures
import MDMNumerics
import MDMRuntime

/// A study as scripts hold it: runs, law, recommendation and promise, judged together.
final class StudyValue: FieldedValue {
  let title: String
  let study: Study
  let pilots: RunScores
  let fresh: RunScores?
  let law: LawValue?
  let best: MixtureValue?
  let registration: RegistrationValue?
  let decomposition: DecompositionValue?

  private init(
    title: String, study: Study, pilots: RunScores, fresh: RunScores?, law: LawValue?,
    best: MixtureValue?, registration: RegistrationValue?, decomposition: DecompositionValue?
  ) {
    self.title = title
    self.study = study
    self.pilots = pilots
    self.fresh = fresh
    self.law = law
    self.best = best
    self.registration = registration
    self.decomposition = decomposition
  }

  var typeName: String { "Study" }

  static let fields: [(name: String, read: @Sendable (StudyValue) -> Datum)] = [
    ("title", { .string($0.title) }),
    ("target", { .string($0.pilots.target) }),
    ("recommended", { .string($0.study.recommended) }),
    ("anova", { $0.anova.map { .domain($0) } ?? .none }),
    ("contrasts", { $0.study.contrasts.map { .domain(ContrastsValue($0)) } ?? .none }),
    ("decomposition", { $0.decomposition.map { .domain($0) } ?? .none }),
    ("warnings", { .strings($0.study.warnings.map(\.message)) }),
  ]

  /// The pilots' analysis of variance.
  var anova: AnovaValue? { study.anova == nil ? nil : try? AnovaValue(study.pilots) }

  /// One sentence: what the runs say of the recommended mixture.
  var headline: String {
    guard study.recommended != study.reference else {
      return "\(study.reference) itself is recommended: there is nothing to claim"
    }
    guard let row = study.headline else {
      return "\(study.recommended) was not compared with \(study.reference): nothing can be claimed"
    }
    guard row.hasInterval else {
      return
        "\(study.recommended) against \(study.reference): \(Text.signed(row.difference.value)) "
        + "\(pilots.target) with each of \(row.difference.count) seeds: without noise to judge by "
        + "nothing can be claimed"
    }
    let verdict =
      row.difference.excludesZero
      ? row.difference.value > 0 ? "higher" : "lower" : "not shown to differ"
    return "\(study.recommended) against \(study.reference): \(Text.signed(row.difference.value)) "
      + "\(pilots.target), \(Text.percent(row.difference.level)) interval "
      + "\(Text.signed(row.difference.lower)) to \(Text.signed(row.difference.upper)), "
      + "\(row.difference.count) \(study.contrasts?.isMatched == true ? "matched " : "")seeds: \(verdict)"
  }

  func display(_ width: Int) -> String {
    var lines = [
      "Study \"\(title)\": \(study.pilots.mixtures.count) mixtures, "
        + "\(study.pilots.runs.count) runs"
        + (study.hasFreshRuns ? ", \(study.compared.runs.count) fresh ones" : ""), headline,
    ]
    for warning in study.warnings {
      lines.append("  ! \(warning.message)")
      if !warning.hint.isEmpty { lines.append("    \(warning.hint)") }
    }
    return lines.joined(separator: "\n")
  }

  // MARK: Making

  static func make(_ call: NativeCall) throws -> StudyValue {
    let pilots = try call.runScores(0, 1)
    let law = try call.optional(2) { try call.domain($0, as: LawValue.self) }
    var best: MixtureValue?
    switch call.isMissing(3) ? .none : try call.datum(3) {
    case .domain(let value as MixtureValue): best = value
    case .domain(let value as OptimumValue): best = value.mixture
    default: break
    }
    let fresh = try call.optional(4) { try call.runScores(try call.runItems($0), of: $0, 1) }
    let reference = try call.string(5)
    let registration = try call.optional(6) { try call.domain($0, as: RegistrationValue.self) }
    let given = try call.string(7)
    let compared = fresh ?? pilots
    let pilotRuns = Set(zip(pilots.labels, pilots.seeds).map { "\($0) \($1)" })
    let fitted = law.map { law in
      compared.scores.indices.count { index in
        let (label, score) = (compared.labels[index], compared.scores[index])
        // Equal scores alone are no proof: a fresh run has a seed of its own.
        return (fresh == nil || pilotRuns.contains("\(label) \(compared.seeds[index])"))
          && zip(law.mixtures, law.scores).contains { $0.0.label == label && $0.1 == score }
      }
    }
    let recommended = best?.label
    let chosen =
      try recommended
      ?? call.judging { () throws(EvidenceError) in
        Study.choice(
          pilots: try pilots.panel(), fresh: try fresh?.panel(),
          isMaximized: registration?.registration.isMaximized ?? true)
      }
    let decomposition = try parts(of: compared, chosen, reference, call)
    let collapsed = (try? RunCheckValue(compared))?.collapsed.map { "\($0.run) (\($0.how))" } ?? []
    let study = try call.judging { () throws(EvidenceError) in
      try Study(
        pilots: pilots.panel(), fresh: fresh?.panel(), reference: reference,
        recommended: recommended, registration: registration?.registration,
        law: law.map {
          Study.LawFacts(target: $0.target, rSquared: $0.surrogate.validation?.rSquared)
        }, fittedRuns: fitted ?? 0, collapsed: collapsed,
        decomposition: decomposition?.map(\.parts))
    }
    return StudyValue(
      title: given.isEmpty ? "\(pilots.target) by mixture" : given, study: study, pilots: pilots,
      fresh: fresh, law: law, best: best, registration: registration,
      decomposition: try? decomposition?.get())
  }

  /// The recommended mixture's gain in format and skill, or why it cannot be told; nil where the
  /// target cannot be read leniently or nothing but the reference is recommended.
  private static func parts(
    of runs: RunScores, _ name: String, _ reference: String, _ call: NativeCall
  ) throws -> Result<DecompositionValue, EvidenceError>? {
    guard case .function(let target) = try call.datum(1), name != reference,
      call.signature(of: target).parameters.contains(where: { $0.name == "lenient" })
    else { return nil }
    func side(_ label: String) -> [(Datum, Int64)] {
      runs.items.indices.filter { runs.labels[$0] == label }.map {
        (runs.items[$0], runs.seeds[$0])
      }
    }
    let (left, right) = (side(name), side(reference))
    guard !left.isEmpty, !right.isEmpty else { return nil }
    return try DecompositionValue.decompose(left, right, target: runs.target, level: 0.95) {
      item, isLenient in
      try call.invoke(target, [item], named: isLenient ? [("lenient", .bool(true))] : []).number
        ?? .nan
    }
  }
}

/// Studies and their reports.
enum StudyBuiltins: BuiltinFamily {
  static let name = "inference"

  static func functions(_ context: BuiltinContext) -> [NativeFunction] { [study, report] }

  private static let study = NativeFunction(
    FunctionSignature(
      "study",
      [
        RunScores.runsParameter, RunScores.targetParameter,
        ParameterDeclaration("law", .domain("Law"), default: "none", "The law fitted to the runs."),
        ParameterDeclaration(
          "best", .either([.domain("Mixture"), .domain("Optimum")]), default: "none",
          "The recommended mixture; none is the one with the best mean of `runs`."),
        ParameterDeclaration(
          "fresh", .either([.list, TableBuiltins.type]), default: "none",
          "Runs that the law was not fitted to, of the recommended mixture and of its rival."),
        ParameterDeclaration("against", .string, default: "\"uniform\"", "The rival."),
        ParameterDeclaration(
          "registered", .domain("Registration"), default: "none", "What `register` gave."),
        ParameterDeclaration("title", .string, default: "\"\"", "Its title."),
      ], returns: .domain("Study"), family: name,
      "Judges runs, law and recommendation together, and warns of what a reader must know.",
      examples: [
        Example(
          InferenceBuiltins.sample + "study(runs, target: \"score\").warnings",
          prints: "[\"no target was registered before the runs: the study is exploratory\"]")
      ])
  ) { call in .domain(try StudyValue.make(call)) }

  private static let report = NativeFunction(
    FunctionSignature(
      "report",
      [
        ParameterDeclaration("study", .domain("Study"), "What `study` gave."),
        ParameterDeclaration(
          "path", .string,
          "A file ending in .html; the tables are written beside it as Markdown, ending in .md."),
      ], returns: .string, family: name,
      "Writes a study as one page that needs no other file: verdict, warnings, tables and pictures. "
        + "Gives the path.",
      examples: [
        Example(
          InferenceBuiltins.sample
            + "report(study(runs, target: \"score\"), path_join(temporary_folder(), \"s.html\")) "
            + "|> basename", prints: "s.html")
      ])
  ) { call in
    let study = try call.domain(0, as: StudyValue.self)
    let path = try Files.path(call, 1)
    guard path.lowercased().hasSuffix(".html") else {
      throw call.fail(
        "E0420", "the path of a report ends in .html, not as \(path) does", argument: 1)
    }
    let page = StudyReport(study)
    try Files.makeFolder(of: path, call)
    let html = try page.html(call)
    try Files.write(Array(html.utf8), to: path, call)
    try Files.write(Array(page.markdown.utf8), to: path.dropLast(5) + ".md", call)
    return .string(path)
  }
}
