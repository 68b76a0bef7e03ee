import MDMDeclarations
import MDMMixtures
import MDMRuntime

/// Several outcomes, what is near the best mixture, and the next runs.
enum OptimumBuiltins: BuiltinFamily {
  static let name = "laws"

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    [compromise, pareto, nearOptimum, propose]
  }

  private static let bounds = [
    ParameterDeclaration("cap", .record, default: "none", "The greatest weight of named domains."),
    ParameterDeclaration("floor", .record, default: "none", "The least weight of named domains."),
  ]

  private static let lawsParameter = ParameterDeclaration(
    "laws", .either([.list, .domain("Laws")]),
    "What `fit` gave for several targets, or a list of laws of the same domains.")

  private static let twoLaws = """
    let plan = design(["a", "b"], kind: "lattice")
    let laws = [[0.0, 1.0, 0.5], [1.0, 0.2, 0.0]] |> map(fn(y) fit(plan, target: y, penalty: 0.0))
    """

  private static let compromise = NativeFunction(
    FunctionSignature(
      "compromise",
      [
        lawsParameter,
        ParameterDeclaration(
          "weights", .either([.list, .record]), default: "none",
          "A number a law, as a list or by target; below 0 for outcomes that should be small. None: 1 "
            + "each."),
        ParameterDeclaration(
          "worst_case", .bool, default: "false",
          "The least gain over equal weights counts, not the sum."),
        ParameterDeclaration(
          "prior", .domain("Mixture"), default: "none", "A mixture to stay near."),
        ParameterDeclaration(
          "kl", .float, default: "0.0", "What a nat of KL(mixture | prior) costs."),
      ] + bounds + [
        ParameterDeclaration(
          "force", .bool, default: "false",
          "Answers even where a law predicts no better than the mean of the runs.")
      ], returns: .record, family: name,
      "Finds the best mixture for several outcomes together, or for one near a prior mixture.",
      examples: [
        Example(
          twoLaws + "\ncompromise(laws, weights: [2, 1]).mixture",
          prints: "mix {a: 50%, b: 50%}"),
        Example(
          twoLaws + "\ncompromise([laws[0]], prior: uniform([\"a\", \"b\"]), kl: 1e6).mixture",
          prints: "mix {a: 50%, b: 50%}"),
      ], source: "Bomze 1998; weighted sums, maximin and KL regularisation")
  ) { call in
    let laws = try call.laws(0)
    guard call.isMissing(3) == (try call.double(4) == 0) else {
      throw call.fail(
        "E0701",
        call.isMissing(3)
          ? "`kl` needs `prior`, the mixture to stay near" : "`prior` does nothing while `kl` is 0",
        hint: "write prior: uniform([\"a\", \"b\"]), kl: 0.1", argument: call.isMissing(3) ? 4 : 3)
    }
    let objective = try makeObjective(
      call, laws, weights: 1, rule: try call.bool(2) ? .worstCase : .weighted,
      prior: try call.optional(3) { try call.domain($0, as: MixtureValue.self).mixture },
      strength: try call.double(4))
    let limits = try call.bounds(cap: 5, floor: 6, domains: objective.laws[0].domains)
    let force = try call.bool(7)
    let (found, mixture) = try call.mixing { () throws(MixtureError) in
      for law in objective.laws { try law.expectPredictive(force) }
      let found = try objective.maximum(bounds: limits)
      return (
        found, try Mixture.renormalised(domains: objective.laws[0].domains, weights: found.weights)
      )
    }
    return .record([
      ("mixture", .domain(MixtureValue(mixture, suite: laws[0].mixtures.first?.suite))),
      ("value", .float(found.value)),
      ("predicted", try predictions(call, laws, objective.laws.map { $0.value(found.weights) })),
      ("exact", .bool(found.exact)), ("method", .string(found.method)),
    ])
  }

  private static let pareto = NativeFunction(
    FunctionSignature(
      "pareto",
      [
        lawsParameter,
        ParameterDeclaration(
          "weights", .either([.list, .record]), default: "none",
          "As of `compromise`; only the sign counts."),
        ParameterDeclaration("limit", .int, default: "40", "The most mixtures."),
      ] + bounds, returns: .list, family: name,
      "Lists mixtures of which none is better in every outcome than another one.",
      examples: [
        Example(twoLaws + "\nlen(pareto(laws, limit: 5))", prints: "5")
      ])
  ) { call in
    let laws = try call.laws(0)
    let objective = try makeObjective(call, laws, weights: 1)
    let limit = try call.int(2)
    guard limit > 1 else {
      throw call.fail("E0701", "`limit` is \(limit), a front has at least 2 mixtures", argument: 2)
    }
    let limits = try call.bounds(cap: 3, floor: 4, domains: objective.laws[0].domains)
    let front = try call.mixing { () throws(MixtureError) in
      try objective.front(bounds: limits, limit: limit)
    }
    return .list(
      try front.map { point in
        .record([
          ("mixture", .domain(MixtureValue(point.mixture, suite: laws[0].mixtures.first?.suite))),
          ("predicted", try predictions(call, laws, point.values)),
        ])
      })
  }

  // By target where the laws came as one value, in the order of the list otherwise.
  private static func predictions(
    _ call: NativeCall, _ laws: [LawValue], _ values: [Double]
  ) throws -> Datum {
    guard case .domain(is LawsValue) = try call.datum(0) else { return .numbers(values) }
    return .record(zip(laws, values).map { ($0.target, .float($1)) })
  }

  private static func makeObjective(
    _ call: NativeCall, _ laws: [LawValue], weights: Int, rule: Compromise.Rule = .weighted,
    prior: Mixture? = nil, strength: Double = 0
  ) throws -> Compromise {
    let weights = try call.lawWeights(weights, laws)
    return try call.mixing { () throws(MixtureError) in
      try Compromise(
        laws.map(\.surrogate), weights: weights, rule: rule, prior: prior, strength: strength)
    }
  }

  private static let nearOptimum = NativeFunction(
    FunctionSignature(
      "near_optimum",
      [
        ParameterDeclaration("law", .domain("Law"), "What `fit` gave."),
        ParameterDeclaration("best", .domain("Optimum"), "What `maximize` or `minimize` gave."),
        ParameterDeclaration(
          "tolerance", .float, default: "none",
          "How much worse may be predicted; none: what the fit cannot tell from the best."),
      ] + bounds, returns: .record, family: name,
      "Tells how far the weights can move before the predicted outcome is clearly worse.",
      examples: [
        Example(
          """
          let plan = design(["a", "b"], kind: "lattice", degree: 4)
          let law = fit(plan, target: plan |> map(fn(m) m["a"] * m["b"]), penalty: 0.0)
          round(near_optimum(law, maximize(law), tolerance: 0.01).ranges.a[1], 3)
          """, prints: "0.6")
      ])
  ) { call in
    let law = try call.domain(0, as: LawValue.self)
    let best = try call.domain(1, as: OptimumValue.self)
    let tolerance = try call.optional(2) { try call.double($0) }
    let domains = law.surrogate.domains
    let limits = try call.bounds(cap: 3, floor: 4, domains: domains)
    guard limits.contains(best.mixture.mixture.weights, tolerance: 1e-6) else {
      throw call.fail(
        "E0701", "the best mixture, \(best.mixture.mixture.summary), lies outside of these bounds",
        hint: "give the caps and floors that it was found with", argument: 1)
    }
    let region = try call.mixing { () throws(MixtureError) in
      try NearOptimum(
        law.surrogate, around: best.mixture.mixture, sign: best.sign, bounds: limits,
        tolerance: tolerance)
    }
    return .record([
      ("share", .float(region.share)),
      (
        "ranges",
        .record(
          domains.indices.map { (domains[$0], .numbers([region.lower[$0], region.upper[$0]])) })
      ),
      (
        "examples",
        .list(region.examples.map { .domain(MixtureValue($0, suite: best.suite)) })
      ),
    ])
  }

  private static let propose = NativeFunction(
    FunctionSignature(
      "propose",
      [
        ParameterDeclaration("law", .domain("Law"), "What `fit` gave, with a posterior."),
        ParameterDeclaration("runs", .int, default: "1", "How many mixtures, as one batch."),
        ParameterDeclaration(
          "kind", .string, default: "\"noisy_ei\"",
          Proposals.Acquisition.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ") + "."),
        ParameterDeclaration(
          "minimize", .bool, default: "false", "The outcome should be small, such as a loss."),
        ParameterDeclaration(
          "fidelities", .list, default: "none",
          "Values that the law's covariate may have, cheaper ones such as fewer steps included."),
        ParameterDeclaration(
          "worth", .float, default: "none",
          "What a run has to be worth; none: a tenth of one run's standard deviation."),
        ParameterDeclaration("seed", .int, default: "0", "Names the random stream."),
      ] + bounds, returns: .record, family: name,
      "Proposes which mixtures to train next, and tells when another run is not worth it.",
      examples: [
        Example(
          """
          let plan = design(["a", "b"], kind: "lattice", degree: 4)
          let law = fit(plan, target: plan |> map(fn(m) m["a"] * m["b"]), model: "gaussian_process")
          propose(law, runs: 2).mixtures |> len
          """, prints: "2")
      ],
      source: "Frazier, A tutorial on Bayesian optimization, arXiv 1807.02811")
  ) { call in
    let law = try call.domain(0, as: LawValue.self)
    let count = try call.int(1)
    let kind = try call.string(2)
    let sign: Double = try call.bool(3) ? -1 : 1
    let fidelities = try call.optional(4) { try call.doubles($0) } ?? []
    let worth = try call.optional(5) { try call.double($0) }
    let seed = UInt64(bitPattern: Int64(try call.int(6)))
    let limits = try call.bounds(cap: 7, floor: 8, domains: law.surrogate.domains)
    let next = try call.mixing { () throws(MixtureError) in
      try Proposals(
        law.surrogate, count: count, acquisition: .named(kind), sign: sign, bounds: limits,
        fidelities: fidelities, threshold: worth, seed: seed)
    }
    let suite = law.mixtures.first?.suite
    let mixtures = next.proposals.map { Datum.domain(MixtureValue($0.mixture, suite: suite)) }
    return .record([
      ("mixtures", .list(mixtures)),
      ("predicted", .numbers(next.proposals.map(\.mean))),
      ("deviation", .numbers(next.proposals.map(\.deviation))),
      ("worth", .numbers(next.proposals.map(\.worth))),
      (
        "fidelities",
        fidelities.isEmpty ? .none : .numbers(next.proposals.compactMap(\.fidelity))
      ),
      ("expected_gain", .float(next.expectedGain)), ("stop", .bool(next.stops)),
      ("threshold", .float(next.threshold)),
    ])
  }
}
