import MDMDeclarations
import MDMMixtures
import MDMPlots
import MDMRuntime

/// Pictures of laws and of runs that a study shows.
enum StudyPlotBuiltins: BuiltinFamily {
  static let name = "plots"

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    [
      ofLaw(
        "trace",
        "Draws a law's prediction while one domain takes more or less and the others keep "
          + "their proportions (Cox).", "Cox, Biometrika 1971"
      ) { law, base, title throws(MixtureError) in
        try LawStudyFigures.trace(law, at: base, title: title)
      },
      ofLaw(
        "slices",
        "Draws a law's prediction with its interval while weight moves between two domains, a panel a "
          + "pair.", nil
      ) { law, base, title throws(MixtureError) in
        try LawStudyFigures.slices(law, at: base, title: title)
      },
      effects, residuals, calibration, transfer, pareto, heatmap,
    ]
  }

  private static let law = ParameterDeclaration("law", .domain("Law"), "What `fit` gave.")
  private static let at = ParameterDeclaration(
    "at", .either([.domain("Mixture"), .domain("Optimum")]), default: "none",
    "The mixture around which; none is the uniform one.")
  private static let title = ParameterDeclaration(
    "title", .string, default: "\"\"", "Shown above the picture.")

  private static let sample = """
    let plan = design(["a", "b", "c"], kind: "lattice")
    let law = fit(plan, target: plan |> map(fn(m) m.weights[0] * (1 - m.weights[0])))

    """

  private static func ofLaw(
    _ function: String, _ summary: String, _ source: String?,
    _ draw:
      @escaping @Sendable (LawValue, Mixture, String) throws(MixtureError) ->
      Figure
  ) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        function, [law, at, title], returns: .domain("Plot"), family: name, summary,
        examples: [
          Example(sample + "\(function)(law, title: \"t\")", prints: "Plot \"t\"")
        ], source: source)
    ) { call in
      let law = try call.domain(0, as: LawValue.self)
      let (base, title) = (try mixture(call, 1, law), try call.string(2))
      return .domain(
        PlotValue(
          try call.mixing { () throws(MixtureError) in try draw(law, base, title) }))
    }
  }

  /// The mixture that an argument names, in the law's domains.
  private static func mixture(
    _ call: NativeCall, _ index: Int, _ law: LawValue
  ) throws -> Mixture {
    var given: Mixture?
    switch call.isMissing(index) ? .none : try call.datum(index) {
    case .domain(let value as MixtureValue): given = value.mixture
    case .domain(let value as OptimumValue): given = value.mixture.mixture
    default: break
    }
    return try call.mixing { () throws(MixtureError) in
      guard let given else { return try .uniform(law.surrogate.domains) }
      guard given.domains == law.surrogate.domains else {
        throw .differentDomains(expected: law.surrogate.domains, found: given.domains)
      }
      return given
    }
  }

  private static let effects = NativeFunction(
    FunctionSignature(
      "effects",
      [
        ParameterDeclaration(
          "of", .either([.domain("Law"), .domain("Contrasts")]),
          "What `fit` gave: what leaving a domain out would do, and leaving all others out. What "
            + "`contrasts` gave: each mixture's difference with its intervals."), at, title,
      ], returns: .domain("Plot"), family: name,
      "Draws effects with their intervals: of domains by a law, or of mixtures by matched runs.",
      examples: [Example(sample + "effects(law, title: \"t\")", prints: "Plot \"t\"")])
  ) { call in
    let title = try call.string(2)
    if case .domain(let value as ContrastsValue) = try call.datum(0) {
      return .domain(PlotValue(RunStudyFigures.forest(value.contrasts, title: title)))
    }
    let law = try call.domain(0, as: LawValue.self)
    let base = try mixture(call, 1, law)
    return .domain(
      PlotValue(
        try call.mixing { () throws(MixtureError) in
          try LawStudyFigures.effects(law, at: base, title: title)
        }))
  }

  private static let residuals = NativeFunction(
    FunctionSignature(
      "residuals", [law, title], returns: .domain("Plot"), family: name,
      "Draws what a law leaves of mixtures that it was not fitted to, against the prediction and "
        + "against normal noise.",
      examples: [Example(sample + "residuals(law, title: \"t\")", prints: "Plot \"t\"")])
  ) { call in
    let (law, title) = (try call.domain(0, as: LawValue.self), try call.string(1))
    return .domain(
      PlotValue(
        try call.mixing { () throws(MixtureError) in
          try LawStudyFigures.residuals(law, title: title)
        }))
  }

  private static let calibration = NativeFunction(
    FunctionSignature(
      "calibration", [law, title], returns: .domain("Plot"), family: name,
      "Draws how many left-out runs lie within a law's intervals, for each level.",
      examples: [Example(sample + "calibration(law, title: \"t\")", prints: "Plot \"t\"")])
  ) { call in
    let (law, title) = (try call.domain(0, as: LawValue.self), try call.string(1))
    let figure = try call.mixing { () throws(MixtureError) in
      try LawStudyFigures.calibration(law, title: title)
    }
    guard let figure else {
      let isChecked = law.surrogate.validation != nil
      throw call.fail(
        "E0708",
        isChecked
          ? "without one of its mixtures the law has no run to spare that would tell its noise"
          : "the law has no left-out predictions",
        hint: isChecked
          ? "add runs, or let a ridge penalty be chosen" : "fit it to at least three mixtures",
        argument: 0)
    }
    return .domain(PlotValue(figure))
  }

  private static let transfer = NativeFunction(
    FunctionSignature(
      "transfer",
      [
        ParameterDeclaration(
          "runs", .list, "Scored runs; those trained on one domain alone are shown."),
        ParameterDeclaration(
          "baseline", .domain("Evaluation"), default: "none",
          "Scores of the base policy; with it gains are shown, else scores."), title,
      ], returns: .domain("Plot"), family: name,
      "Draws what training on one domain alone does to every test split and benchmark.",
      examples: [
        Example(
          "let suite = load(\"mini\")\n"
            + "let run = train(policy(\"mini\"), mix {coco: 100%}, data: suite, steps: 1, evaluate: 2)\n"
            + "transfer([run], title: \"t\")", prints: "Plot \"t\"")
      ])
  ) { call in
    let runs = try call.domains(0, as: RunValue.self, called: "Run")
    let base = try call.optional(1) { try call.domain($0, as: EvaluationValue.self).evaluation }
    guard
      let figure = RunStudyFigures.transfer(runs, baseline: base, title: try call.string(2))
    else {
      throw call.fail(
        "E0708", "no scored run is of one domain alone",
        hint: "design(suite) has them; train with evaluate: 100", argument: 0)
    }
    return .domain(PlotValue(figure))
  }

  private static let pareto = NativeFunction(
    FunctionSignature(
      "pareto_plot",
      [
        RunScores.runsParameter,
        ParameterDeclaration(
          "x", .either([.function, .string]), "An outcome, such as `in_score`."),
        ParameterDeclaration("y", .either([.function, .string]), "Another, such as `out_score`."),
        title,
      ], returns: .domain("Plot"), family: name,
      "Draws two outcomes of each mixture against each other, the mixtures that no other beats in both "
        + "joined.",
      examples: [
        Example(
          "pareto_plot([{mixture: \"a\", seed: 0, s: 1, t: 2}, {mixture: \"b\", seed: 0, s: 2, t: 1}], "
            + "\"s\", \"t\")", prints: "Plot \"t against s\"")
      ])
  ) { call in
    let x = try call.runScores(0, 1)
    let y = try call.runScores(0, 2)
    let title = try call.string(3)
    let figure = try call.judging { () throws(EvidenceError) in
      try RunStudyFigures.pareto(x: x.panel(), y: y.panel(), title: title)
    }
    return .domain(PlotValue(figure))
  }

  private static let heatmap = NativeFunction(
    FunctionSignature(
      "heatmap",
      [
        ParameterDeclaration(
          "values", .record, "For each row a record of numbers, one a column."),
        ParameterDeclaration(
          "center", .float, default: "none",
          "The value without a colour, 0 for differences; none colours from least to greatest."),
        ParameterDeclaration("label", .string, default: "\"\"", "What the numbers measure."),
        ParameterDeclaration("decimals", .int, default: "3", "Decimals in the cells."), title,
      ], returns: .domain("Plot"), family: name, "Draws a matrix of numbers as coloured cells.",
      examples: [
        Example(
          "heatmap({coco: {refer: 0.4, bars: 0.1}, sat: {refer: 0.1, bars: 0.5}}, title: \"t\")",
          prints: "Plot \"t\"")
      ])
  ) { call in
    let record = try call.record(0)
    var columns: [String] = []
    for (key, value) in record.entries {
      guard let row = value.fields else {
        throw call.fail(
          "E0406", "\"\(key)\" should be a record, but is \(value.brief)", argument: 0)
      }
      for name in row.names where !columns.contains(name) { columns.append(name) }
    }
    let values = try record.entries.map { key, value in
      try columns.map { column -> Double in
        guard let cell = value.fields?[column], !cell.isNone else { return .nan }
        guard let number = cell.number else {
          throw call.fail(
            "E0406", "\"\(column)\" of \"\(key)\" is \(cell.brief), not a number", argument: 0)
        }
        return number
      }
    }
    let map = HeatMap(
      rows: record.names, columns: columns, values: values, valueLabel: try call.string(2),
      center: try call.optional(1) { try call.double($0) }, decimals: try call.int(3))
    return .domain(PlotValue(Figure(title: try call.string(4), content: .heat(map))))
  }
}
