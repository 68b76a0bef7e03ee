import MDMJSON
import MDMMixtures
import MDMNumerics
import MDMPlots
import MDMRuntime
import MDMSyntax
import MDMTraining

/// A study as a page of HTML without other files, and as Markdown.
struct StudyReport {
  /// A table of the report: the first column is flush left, the others flush right.
  struct Table {
    let header: [String]
    let rows: [[String]]
    /// Rows that matter most, by position.
    var strong: Set<Int> = []
  }

  private let value: StudyValue
  private var study: Study { value.study }

  init(_ value: StudyValue) { self.value = value }

  // MARK: Content

  /// Every compared mixture, best mean first.
  private var mixtures: Table {
    let panel = study.compared
    let order = panel.mixtures.indices.sorted {
      Statistics.mean(panel.scores($0)) > Statistics.mean(panel.scores($1))
    }
    let found = Dictionary(
      (study.contrasts?.rows ?? []).map { ($0.mixture, $0) },
      uniquingKeysWith: { first, _ in first })
    let rows = order.map { index -> [String] in
      let (name, scores) = (panel.mixtures[index], panel.scores(index))
      let start = [
        name, "\(scores.count)", Text.fixed(Statistics.mean(scores), 4),
        scores.count > 1 ? Text.fixed(Statistics.standardDeviation(scores), 4) : "–",
      ]
      guard let row = found[name] else {
        return start + [name == study.reference ? "reference" : "–", "", "", ""]
      }
      return start + [
        Text.signed(row.difference.value),
        ContrastsValue.interval(row.difference),
        row.hasInterval ? Text.probability(row.pValue) : "–", Text.probability(row.adjusted),
      ]
    }
    let strong = order.firstIndex { panel.mixtures[$0] == study.recommended }
    return Table(
      header: [
        "mixture", "runs", value.pilots.target, "deviation", "difference", "interval", "p",
        "adjusted",
      ], rows: rows, strong: strong.map { [$0] } ?? [])
  }

  private var mixturesNote: String {
    guard let found = study.contrasts else { return "" }
    return ([ContrastsValue(found).title] + found.notes).joined(separator: ". ") + "."
  }

  private var weights: Table? {
    guard let mixture = value.best?.mixture else { return nil }
    return Table(
      header: ["domain", "weight"],
      rows: zip(mixture.domains, mixture.weights).map { [$0, Text.percent($1)] })
  }

  private var tables: [(title: String, table: Table, note: String)] {
    var all: [(title: String, table: Table, note: String)] = []
    if let weights { all.append(("Recommended mixture", weights, "")) }
    all.append(
      (study.hasFreshRuns ? "Fresh runs" : "Mixtures", mixtures, mixturesNote))
    if let parts = value.decomposition {
      all.append(
        (
          "Format and skill",
          Table(header: DecompositionValue.header, rows: parts.rows),
          "\(parts.parts.verdict). Strict reading wants the answer in its tags; what lenient reading "
            + "gains, too, is skill, the rest is format."
        ))
    }
    if let anova = value.anova {
      all.append(
        (
          "What moves the outcome", Table(header: AnovaValue.header, rows: anova.rows),
          anova.conclusion + "."
        ))
    }
    return all
  }

  // MARK: Pictures

  private func figures(_ call: NativeCall) throws -> [(section: String, figure: Figure)] {
    var all: [(section: String, figure: Figure)] = []
    if let found = study.contrasts {
      all.append(("Intervals", RunStudyFigures.forest(found, title: "")))
    }
    if let law = value.law {
      let domains = law.surrogate.domains
      let base =
        try value.best.map(\.mixture).flatMap { $0.domains == domains ? $0 : nil }
        ?? call.mixing { () throws(MixtureError) in try Mixture.uniform(domains) }
      let fresh = zip(value.fresh?.items ?? [], value.fresh?.scores ?? []).compactMap {
        item, score in
        if case .domain(let run as RunValue) = item, run.mixture.mixture.domains == domains {
          (run, score)
        } else {
          nil
        }
      }
      let drawn: [Figure] = try call.mixing { () throws(MixtureError) in
        var drawn = [
          try LawFigures.predictedAgainstMeasured(law, further: fresh, title: ""),
          try LawStudyFigures.trace(law, at: base, title: ""),
        ]
        if domains.count >= 3 {
          let order = domains.indices.sorted { base.weights[$0] > base.weights[$1] }
          drawn.append(
            LawFigures.ternary(
              law, over: order.prefix(3).map { domains[$0] }, measured: law.mixtures.map(\.mixture),
              region: law.surrogate.validation?.rmse ?? 0, title: ""))
        }
        drawn.append(try LawStudyFigures.effects(law, at: base, title: ""))
        if domains.count <= 6 { drawn.append(try LawStudyFigures.slices(law, at: base, title: "")) }
        drawn.append(try LawStudyFigures.residuals(law, title: ""))
        if let figure = try LawStudyFigures.calibration(law, title: "") { drawn.append(figure) }
        return drawn
      }
      all += drawn.map { ("Law", $0) }
    }
    let runs = value.pilots.runs
    if let figure = RunStudyFigures.transfer(runs, baseline: nil, title: "") {
      all.append(("Runs", figure))
    }
    if !runs.isEmpty, let inside = panel(runs, "in_score", { try? $0.inScore() }),
      let outside = panel(runs, "out_score", { try? $0.outScore() })
    {
      all.append(("Runs", RunStudyFigures.pareto(x: inside, y: outside, title: "")))
    }
    let shown = runs.filter { $0.mixture.label == study.recommended }
    let ledger = shown.isEmpty ? runs.filter { $0.mixture.label == study.reference } : shown
    if let figure = RunStudyFigures.ledger(ledger, title: "") { all.append(("Runs", figure)) }
    return all
  }

  private func panel(
    _ runs: [RunValue], _ name: String, _ score: (Evaluation) -> Double?
  ) -> SeedPanel? {
    let scored = runs.compactMap { run in
      run.evaluation.flatMap { score($0.evaluation) }.map { (run, $0) }
    }
    return try? SeedPanel(
      target: name, mixtures: scored.map(\.0.mixture.label),
      seeds: scored.map { Int64(bitPattern: $0.0.run.seed) }, scores: scored.map(\.1))
  }

  // MARK: Markdown

  /// The verdict, the warnings and the tables.
  var markdown: String {
    var text = "# \(Self.plain(value.title))\n\n**\(Self.plain(value.headline)).**\n\n"
    if let registration = value.registration {
      text += Self.plain(registration.display(100)) + ".\n\n"
    }
    if !study.warnings.isEmpty {
      text += "## Before you believe it\n\n"
      for warning in study.warnings {
        text +=
          "- \(Self.plain(Self.capitalised(warning.message)))."
          + (warning.hint.isEmpty ? "" : " *\(Self.plain(Self.capitalised(warning.hint))).*") + "\n"
      }
      text += "\n"
    }
    for (title, table, note) in tables {
      text += "## \(title)\n\n"
      text += "| " + table.header.map(Self.cell).joined(separator: " | ") + " |\n|---|"
      text += String(repeating: "---:|", count: table.header.count - 1) + "\n"
      for (index, row) in table.rows.enumerated() {
        let cells = row.map(Self.cell)
        let shown = table.strong.contains(index) ? ["**\(cells[0])**"] + cells.dropFirst() : cells
        text += "| " + shown.joined(separator: " | ") + " |\n"
      }
      text += "\n" + (note.isEmpty ? "" : Self.plain(Self.capitalised(note)) + "\n\n")
    }
    return text
  }

  private static func cell(_ text: String) -> String {
    plain(text).replacing("|", with: "\\|")
  }

  /// Text whose signs Markdown must not take as its own.
  private static func plain(_ text: String) -> String {
    var result = ""
    for character in text {
      if "*_`<[\\".contains(character) { result.append("\\") }
      result.append(character == "\n" ? " " : character)
    }
    return result
  }

  private static func capitalised(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }

  // MARK: HTML

  /// The page, every picture inside.
  func html(_ call: NativeCall) throws -> String {
    var body = "<main>\n<h1>\(HTMLText.escaped(value.title))</h1>\n"
    body += "<p class=\"verdict\">\(HTMLText.escaped(value.headline)).</p>\n"
    body += "<p class=\"soft\">\(HTMLText.escaped(facts))</p>\n"
    if !study.warnings.isEmpty {
      body += "<section class=\"warnings\"><h2>Before you believe it</h2>\n<ul>\n"
      for warning in study.warnings {
        body += "<li>\(HTMLText.escaped(Self.capitalised(warning.message)))."
        if !warning.hint.isEmpty {
          body +=
            " <span class=\"soft\">\(HTMLText.escaped(Self.capitalised(warning.hint))).</span>"
        }
        body += "</li>\n"
      }
      body += "</ul></section>\n"
    }
    for (title, table, note) in tables {
      body += "<h2>\(HTMLText.escaped(title))</h2>\n" + Self.html(table)
      if !note.isEmpty {
        body += "<p class=\"soft\">\(HTMLText.escaped(Self.capitalised(note)))</p>\n"
      }
    }
    let drawn = try figures(call)
    for section in ["Intervals", "Law", "Runs"] {
      let own = drawn.filter { $0.section == section }
      guard !own.isEmpty else { continue }
      body += "<h2>\(section)</h2>\n"
      if section == "Law", let law = value.law {
        body += "<pre>\(HTMLText.escaped(law.display(100)))</pre>\n"
      }
      for (_, figure) in own {
        try call.checkInterrupt()
        let svg = try call.plotting { () throws(PlotError) in
          try FigureRenderer().pageSVG(figure)
        }
        // As a picture of its own: names and styles of one do not meet those of another.
        body +=
          "<figure><img alt=\"\(HTMLText.escaped(figure.title))\" "
          + "src=\"data:image/svg+xml;base64,\(Base64.text(svg))\"></figure>\n"
      }
    }
    body += "<h2>All runs</h2>\n" + Self.html(runsTable) + "</main>\n"
    return HTMLText.page(
      title: HTMLText.escaped(value.title), generator: "mdm report", style: Self.style, body: body)
  }

  /// What the page rests on.
  private var facts: String {
    var text =
      "\(study.pilots.mixtures.count) mixtures, \(study.pilots.runs.count) runs, "
      + "\(study.pilots.seeds.count) seeds"
    if study.hasFreshRuns { text += "; compared by \(study.compared.runs.count) fresh runs" }
    if let registration = value.registration { text += ". " + registration.display(100) }
    return text + "."
  }

  private var runsTable: Table {
    var rows: [[String]] = []
    for (kind, scores) in [("pilot", value.pilots), ("fresh", value.fresh)] {
      guard let scores else { continue }
      for index in scores.scores.indices {
        rows.append(
          [
            scores.labels[index], "\(scores.seeds[index])", kind,
            Text.fixed(scores.scores[index], 4),
          ])
      }
    }
    return Table(header: ["mixture", "seed", "kind", value.pilots.target], rows: rows)
  }

  private static func html(_ table: Table) -> String {
    var text = "<div class=\"scroll\"><table>\n<thead><tr>"
    for name in table.header { text += "<th>\(HTMLText.escaped(name))</th>" }
    text += "</tr></thead>\n<tbody>\n"
    for (index, row) in table.rows.enumerated() {
      text += table.strong.contains(index) ? "<tr class=\"strong\">" : "<tr>"
      for cell in row { text += "<td>\(HTMLText.escaped(cell))</td>" }
      text += "</tr>\n"
    }
    return text + "</tbody>\n</table></div>\n"
  }

  private static let style = """
    * { box-sizing: border-box; }
    body { margin: 0; color: var(--ink); background: var(--paper); font: 16px/1.55 system-ui, sans-serif; }
    main { max-width: 64rem; margin: 0 auto; padding: 2rem 1.5rem 5rem; }
    h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 0.8rem; }
    h2 { font-size: 1.2rem; margin: 2rem 0 0.5rem; }
    p { margin: 0.5rem 0; }
    .verdict { font-size: 1.1rem; font-weight: 600; }
    .soft { color: var(--soft); font-size: 0.9rem; }
    .warnings { border-left: 4px solid var(--warn); background: var(--tint); border-radius: 6px;
      padding: 0.8rem 1.2rem; margin: 1.2rem 0; }
    .warnings h2 { margin: 0 0 0.3rem; color: var(--warn); }
    .warnings ul { margin: 0; padding-left: 1.1rem; } .warnings li { margin: 0.35rem 0; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
    th, td { padding: 0.25rem 0.8rem; border-bottom: 1px solid var(--line); white-space: nowrap; text-align: right; }
    th:first-child, td:first-child { text-align: left; padding-left: 0; white-space: normal; min-width: 7rem; }
    th { color: var(--soft); font-weight: 600; } .strong td { font-weight: 600; background: var(--tint); }
    pre { background: var(--tint); border-radius: 6px; padding: 0.7rem 0.9rem; overflow-x: auto;
      font: 0.8125rem/1.45 ui-monospace, "DejaVu Sans Mono", monospace; }
    figure { margin: 1rem 0; }
    img { max-width: 100%; height: auto; display: block; }
    @media (max-width: 40rem) { main { padding: 1.2rem 1rem 3rem; } h1 { font-size: 1.45rem; } }
    @media print { main { max-width: none; padding: 0; } figure, table { break-inside: avoid; } }
    """
}
