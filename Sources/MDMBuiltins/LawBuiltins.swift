import MDMDeclarations
import MDMMixtures
import MDMNumerics
import MDMRuntime

/// Laws: models that predict an outcome from the mixture's weights, and their best mixture.
enum LawBuiltins: BuiltinFamily {
  static let name = "laws"

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    [
      outcomes, fit, tournament, predict, optimise("maximize", .maximum),
      optimise("minimize", .minimum),
    ]
  }

  private static let outcomes = NativeFunction(
    FunctionSignature(
      "outcomes",
      [
        ParameterDeclaration("mixtures", .string, "CSV file: one column a domain, one row a run."),
        ParameterDeclaration("measured", .string, "CSV file: one column a target, same runs."),
      ], returns: .domain("Outcomes"), family: name,
      "Reads the mixtures and outcomes of runs that were done elsewhere; rows match by `index`.",
      examples: [
        Example(
          "let folder = temporary_folder()\n"
            + "let [m, o] = [path_join(folder, \"m.csv\"), path_join(folder, \"o.csv\")]\n"
            + "write_text(m, \"index,a,b\\n1,0.5,0.5\\n2,1,0\\n\")\n"
            + "write_text(o, \"index,loss\\n1,2.5\\n2,3.5\\n\")\n"
            + "outcomes(m, o)",
          prints: "Outcomes of 2 runs: 2 domains, 1 targets")
      ])
  ) { call in
    let mixtures = try call.string(0)
    let measured = try call.string(1)
    do {
      return .domain(try OutcomesValue.read(mixtures: mixtures, outcomes: measured))
    } catch let error as NumericsError {
      throw call.fail("E0801", error.message, hint: error.hint.isEmpty ? nil : error.hint)
    } catch let error as MixtureError {
      throw call.fail("E0701", error.message, hint: error.hint.isEmpty ? nil : error.hint)
    }
  }

  private static let fit = NativeFunction(
    FunctionSignature(
      "fit",
      [
        FittedRuns.runsParameter, FittedRuns.targetParameter,
        ParameterDeclaration(
          "model", .either([.string, .domain("Tournament")]), default: "\"quadratic\"",
          "`tournament()`, or a family. "
            + ModelFamily.all.map { "`\($0.name)`: \($0.formula)." }.joined(separator: " ")),
        ParameterDeclaration(
          "penalty", .float, default: "none",
          "Ridge penalty; none chooses it by leaving mixtures out, 0.0 is least squares."),
        ParameterDeclaration(
          "covariates", .record, default: "none",
          "Further quantities, a list each with one number a run, such as {steps: [100, 200]}; the "
            + "law is for the greatest value of each."),
        ParameterDeclaration(
          "weights", .list, default: "none",
          "How much each run counts, such as the number of runs that its score is a mean of."),
      ], returns: .either([.domain("Law"), .domain("Laws")]), family: name,
      "Fits a model of the outcome to runs, and tells how well it predicts mixtures left out; several "
        + "targets get a law each, by one model and one leaving out.",
      examples: [
        Example(
          """
          let mixtures = design(["a", "b"], kind: "lattice")
          fit(mixtures, target: [0.0, 1.0, 0.0], model: "quadratic", penalty: 0.0).runs
          """, prints: "3"),
        Example(
          """
          let mixtures = design(["a", "b"], kind: "lattice", degree: 4)
          let laws = fit(mixtures, target: {score: [0.0, 1.0, 1.2, 1.0, 0.0], loss: [2, 1, 1, 1, 2]})
          [laws.targets, laws.loss.target, compromise(laws, weights: {score: 1, loss: -1}).mixture]
          """, prints: "[[\"score\", \"loss\"], \"loss\", mix {a: 50%, b: 50%}]"),
      ], source: "Scheffé 1958; Hoerl and Kennard 1970")
  ) { call in
    let runs = try FittedRuns(call)
    let fitted = try fitter(call, runs.mixtures)
    let laws = try runs.targets.map { try fitted($0.name, $0.scores) }
    return .domain(runs.isList ? LawsValue(laws) : laws[0])
  }

  /// How the call's arguments fit a law to the scores of a target.
  private static func fitter(
    _ call: NativeCall, _ mixtures: [MixtureValue]
  ) throws -> (_ target: String, _ scores: [Double]) throws -> LawValue {
    let covariates = try call.optional(4) { try readCovariates(call, $0) } ?? []
    let weights = try call.optional(5) { try call.doubles($0) }
    if case .domain(let rules as TournamentValue) = try call.datum(2) {
      return { target, scores in
        let result = try call.mixing { () throws(MixtureError) in
          try Tournament(
            mixtures.map(\.mixture), scores: scores, families: rules.families,
            covariates: covariates, precision: weights)
        }
        guard let winner = result.winner ?? result.constant else {
          throw call.fail(
            "E0701", "no family could be checked on mixtures left out",
            hint: "a tournament needs at least 3 different mixtures")
        }
        return LawValue(
          winner, target: target, mixtures: mixtures, scores: scores, rivals: result.entries)
      }
    }
    let model = try call.string(2)
    let penalty: Surrogate.Penalty
    switch try call.optional(3, { try call.double($0) }) {
    case nil: penalty = .crossValidated
    case 0?: penalty = .none
    case let value?: penalty = .fixed(value)
    }
    // Factored once for all targets.
    let basis = try call.mixing { () throws(MixtureError) in
      try SurrogateBasis(
        mixtures.map(\.mixture), family: .named(model), covariates: covariates, precision: weights)
    }
    return { target, scores in
      let surrogate = try call.mixing { () throws(MixtureError) in
        try Surrogate.fit(scores, on: basis, penalty: penalty)
      }
      return LawValue(surrogate, target: target, mixtures: mixtures, scores: scores)
    }
  }

  private static let tournament = NativeFunction(
    FunctionSignature(
      "tournament",
      [
        ParameterDeclaration(
          "families", .list, default: "none", "The names of those that take part; none for all.")
      ], returns: .domain("Tournament"), family: name,
      "For `fit`: every family is fitted, and the one that predicts mixtures left out best is kept.",
      examples: [
        Example(
          "tournament([\"linear\", \"quadratic\"])",
          prints: "Tournament of linear, quadratic, constant"),
        Example(
          """
          let plan = design(["a", "b", "c"], kind: "centroid")
          let y = plan |> map(fn(m) m["a"] + m["a"] * m["b"])
          fit(plan + plan, target: y + y, model: tournament(["linear", "quadratic"])).model
          """, prints: "quadratic"),
      ],
      source: "Varma and Simon, BMC Bioinformatics 2006 (nested cross-validation)")
  ) { call in
    let names = try call.optional(0) { try call.strings($0) }
    let families = try call.mixing { () throws(MixtureError) in
      var found: [ModelFamily] = []
      for name in names ?? ModelFamily.all.map(\.name) { found.append(try .named(name)) }
      if !found.contains(where: { $0.name == "constant" }) { found.append(.constant) }
      return found
    }
    return .domain(TournamentValue(families))
  }

  private static func readCovariates(_ call: NativeCall, _ index: Int) throws -> [Covariate] {
    try call.record(index).entries.map { name, value in
      let numbers = (value.elements ?? []).compactMap(\.number)
      guard let items = value.elements, items.count == numbers.count else {
        throw call.fail(
          "E0406", "the covariate `\(name)` should be a list of numbers, but is \(value.brief)",
          argument: index)
      }
      return Covariate(name, numbers)
    }
  }

  private static let predict = NativeFunction(
    FunctionSignature(
      "predict",
      [
        lawsParameter,
        ParameterDeclaration(
          "mixtures", .either([.domain("Mixture"), .list]), "One mixture, or a list of them."),
      ], returns: .either([.float, .list, .record]), family: name,
      "Predicts the outcome of a mixture, or of each in a list; for several laws a record by target.",
      examples: [
        Example(
          """
          let law = fit(design(["a", "b"], kind: "lattice"), target: [0.0, 1.0, 0.0], penalty: 0.0)
          round(predict(law, mix {a: 50%, b: 50%}), 6)
          """, prints: "1.0")
      ])
  ) { call in
    func predictions(_ law: LawValue) throws -> Datum {
      if case .domain(let one as MixtureValue) = try call.datum(1) {
        return .float(try value(law, one, call))
      }
      return .list(
        try call.domains(1, as: MixtureValue.self, called: "Mixture").map {
          try call.checkInterrupt()
          return .float(try value(law, $0, call))
        })
    }
    return try ofEach(call, predictions)
  }

  private static let lawsParameter = ParameterDeclaration(
    "law", .either([.domain("Law"), .domain("Laws")]), "What `fit` gave.")

  // What a function gives for the one law, or for each of several by target.
  private static func ofEach(
    _ call: NativeCall, _ read: (LawValue) throws -> Datum
  ) throws -> Datum {
    if case .domain(let laws as LawsValue) = try call.datum(0) { return try laws.record(read) }
    return try read(try call.domain(0, as: LawValue.self))
  }

  private static func value(
    _ law: LawValue, _ mixture: MixtureValue, _ call: NativeCall
  ) throws -> Double {
    try call.mixing { () throws(MixtureError) in
      try law.surrogate.predict(mixture.mixture).value
    }
  }

  private static func optimise(_ function: String, _ goal: Surrogate.Goal) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        function,
        [
          lawsParameter,
          ParameterDeclaration(
            "cap", .record, default: "none", "The greatest weight of named domains."),
          ParameterDeclaration(
            "floor", .record, default: "none", "The least weight of named domains."),
          ParameterDeclaration(
            "sizes", .record, default: "none",
            "The number of examples of each domain; none: those of the suite. With `draws`."),
          ParameterDeclaration(
            "draws", .int, default: "none",
            "How many examples a run draws: caps each weight by its domain's size."),
          ParameterDeclaration(
            "repeats", .float, default: "1.0", "How often an example may be drawn; with `draws`."),
          ParameterDeclaration(
            "force", .bool, default: "false",
            "Answers even where the law predicts no better than the mean of the runs."),
        ], returns: .either([.domain("Optimum"), .record]), family: name,
        "Finds the mixture of the \(goal == .maximum ? "greatest" : "least") predicted outcome, "
          + "proven for linear, quadratic, linear+sqrt, elastic net and exponential laws. For several "
          + "laws a record of each target's own; `compromise` serves all at once.",
        examples: [
          Example(
            "let plan = design([\"a\", \"b\"], kind: \"lattice\")\n"
              + "let law = fit(plan, target: [0.0, 1.0, 0.5], penalty: 0.0)\n\(function)(law).mixture",
            prints: goal == .maximum ? "mix {a: 41.7%, b: 58.3%}" : "mix {a: 100%, b: 0%}")
        ],
        source: "Bomze, On standard quadratic optimization problems, J. Global Optim. 1998")
    ) { call in
      let force = try call.bool(6)
      return try ofEach(call) { law in
        let domains = law.surrogate.domains
        var bounds = try call.bounds(cap: 1, floor: 2, domains: domains)
        if let most = try call.repetitionCaps(law, sizes: 3, draws: 4, repeats: 5) {
          bounds = try call.mixing { () throws(MixtureError) in
            try SimplexBounds(
              lower: bounds.lower, upper: zip(bounds.upper, most).map { min($0, $1) })
          }
        }
        let optimum = try call.mixing { () throws(MixtureError) in
          try law.surrogate.optimum(goal, bounds: bounds, force: force)
        }
        return .domain(
          OptimumValue(
            optimum, sign: goal == .maximum ? 1 : -1, suite: law.mixtures.first?.suite))
      }
    }
  }
}
