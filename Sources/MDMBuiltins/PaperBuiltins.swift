import MDMDeclarations
import MDMMixtures
import MDMRuntime

/// The paper's own rules and surrogate, kept as baselines.
enum PaperBuiltins: BuiltinFamily {
  static let name = "mixtures"

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    [paperMixture, quadSurface]
  }

  private static let paperMixture = NativeFunction(
    FunctionSignature(
      "paper_mixture",
      [
        ParameterDeclaration(
          "runs", .list, "Pilot runs, or their mixtures; only which domains took part counts."),
        ParameterDeclaration(
          "rule", .string,
          Heuristic.Rule.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ") + "."),
        ParameterDeclaration(
          "in_score", .either([.function, .list]),
          "In-Score: a function of a run, or one number a run, or a list of numbers each (several "
            + "steps), which are averaged."),
        ParameterDeclaration("out_score", .either([.function, .list]), "Out-Score, likewise."),
        ParameterDeclaration(
          "single", .float, default: "0.5",
          "The factor on runs of one domain; the paper does not state it."),
        ParameterDeclaration(
          "without", .string, default: "none", "The domain that the \"No1\" forms leave out."),
      ], returns: .domain("Mixture"), family: name,
      "Computes the mixture of one of the paper's rules from pilot runs.",
      examples: [
        Example(
          """
          let pilots = design(["a", "b", "c"])
          let scores = [0.1, 0.2, 0.3, 0.5, 0.4, 0.3, 0.4]
          paper_mixture(pilots, "norm", in_score: scores, out_score: scores)
          """, prints: "mix {a: 22.2%, b: 33.3%, c: 44.4%}")
      ], source: "MoDoMoDo (arXiv 2505.24871), algorithms 1 to 3",
      details:
        "`ain`, `abal` and `aout` add up the scores of the runs that hold a domain, In-Score, "
        + "both and Out-Score; `coli` is a ridge regression on presence; `norm` reads the runs that "
        + "lack one domain. For a target averaged over steps give the scores of each run at those "
        + "steps as a list.")
  ) { call in
    let items = try call.list(0)
    let mixtures = try items.enumerated().map { position, item in
      switch item {
      case .domain(let run as RunValue): return run.mixture
      case .domain(let mixture as MixtureValue): return mixture
      default:
        throw call.fail(
          "E0406", "element \(position) should be a Run or a Mixture, but is \(item.brief)",
          argument: 0)
      }
    }
    let (inside, outside) = (try scores(call, 2, items), try scores(call, 3, items))
    let single = try call.double(4)
    let without = try call.optional(5) { try call.string($0) }
    let name = try call.string(1)
    let mixture = try call.mixing { () throws(MixtureError) in
      guard let rule = Heuristic.Rule(rawValue: name) else {
        let known = Heuristic.Rule.allCases.map(\.rawValue)
        throw .unknownName(kind: "rule of the paper", name: name, nearest: nil, known: known)
      }
      var records: [Heuristic.Record] = []
      for (index, mixture) in mixtures.enumerated() {
        records.append(
          Heuristic.Record(
            mixture: mixture.mixture, inScore: inside[index], outScore: outside[index]))
      }
      return try Heuristic.mixture(rule, records, single: single, without: without)
    }
    return .domain(MixtureValue(mixture, suite: mixtures.first?.suite))
  }

  private static func scores(
    _ call: NativeCall, _ index: Int, _ items: [Datum]
  ) throws -> [Double] {
    let given: [Datum]
    switch try call.datum(index) {
    case .function(let target): given = try items.map { try call.invoke(target, [$0]) }
    case .list(let numbers): given = numbers
    default: given = []
    }
    guard given.count == items.count else {
      throw call.fail(
        "E0701", "\(given.count) scores for \(items.count) runs", argument: index)
    }
    return try given.enumerated().map { position, value in
      let steps = (value.elements ?? [value]).compactMap(\.number)
      guard steps.count == value.elements?.count ?? 1, !steps.isEmpty,
        steps.allSatisfy(\.isFinite)
      else {
        throw call.fail(
          "E0701", "the score of run \(position) is \(value.brief), not a finite number",
          argument: index)
      }
      return steps.reduce(0, +) / Double(steps.count)
    }
  }

  private static let quadSurface = NativeFunction(
    FunctionSignature(
      "quad_surface",
      [
        ParameterDeclaration("mixtures", .list, "The mixtures that were run."),
        ParameterDeclaration("scores", .list, "One number each."),
        ParameterDeclaration("top", .int, default: "10", "How many mixtures to propose."),
        ParameterDeclaration("draws", .int, default: "10000", "Candidates drawn."),
        ParameterDeclaration("splits", .int, default: "5", "Random splits of 80 to 20."),
        ParameterDeclaration("seed", .int, default: "42", "Names the random streams."),
      ], returns: .record, family: name,
      "Runs the paper's surrogate step: of five least squares fits the one of best test R², ranked "
        + "draws of a Gaussian around the mixtures.",
      examples: [
        Example(
          """
          let plan = design(["a", "b", "c"], kind: "lattice", degree: 4)
          let found = quad_surface(plan, plan |> map(fn(m) m["a"] - m["a"] * m["b"]), top: 3)
          [len(found.mixtures), round(found.test_r2, 3)]
          """, prints: "[3, 1.0]")
      ], source: "MoDoMoDo (arXiv 2505.24871), algorithm 4")
  ) { call in
    let mixtures = try call.domains(0, as: MixtureValue.self, called: "Mixture")
    let scores = try call.doubles(1)
    let (top, draws, splits) = (try call.int(2), try call.int(3), try call.int(4))
    let seed = UInt64(bitPattern: Int64(try call.int(5)))
    let surface = try call.mixing { () throws(MixtureError) in
      try QuadSurface(
        mixtures.map(\.mixture), scores: scores, count: top, draws: draws, splits: splits,
        seed: seed)
    }
    let suite = mixtures.first?.suite
    return .record([
      ("train_r2", .float(surface.trainRSquared)), ("test_r2", .float(surface.testRSquared)),
      (
        "mixtures",
        .list(surface.candidates.map { .domain(MixtureValue($0.mixture, suite: suite)) })
      ),
      ("predicted", .numbers(surface.candidates.map(\.predicted))),
    ])
  }
}
