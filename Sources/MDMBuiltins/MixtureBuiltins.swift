import MDMDeclarations
import MDMMixtures
import MDMRuntime

/// Mixtures and designs: which mixtures to train.
enum MixtureBuiltins: BuiltinFamily {
  static let name = "mixtures"

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    [mix, uniform, design, planQuality, blocks]
  }

  private static let domainsParameter = ParameterDeclaration(
    "domains", .either([.domain("Suite"), .list]), "A suite, or a list of datasets or names.")

  private static let mix = NativeFunction(
    FunctionSignature(
      "mix", [ParameterDeclaration("weights", .record, "One weight a domain; they sum to 1.")],
      returns: .domain("Mixture"), family: name,
      "Makes a mixture from named weights; `mix {coco: 20%, sat: 80%}` is its literal.",
      examples: [
        Example("mix({coco: 0.25, sat: 0.75})", prints: "mix {coco: 25%, sat: 75%}")
      ])
  ) { call in
    let record = try call.record(0)
    let weights = try record.entries.map { entry -> Double in
      guard let weight = entry.value.number else {
        throw call.fail(
          "E0406", "the weight of `\(entry.key)` should be a number, but is \(entry.value.brief)",
          argument: 0)
      }
      return weight
    }
    let mixture = try call.mixing { () throws(MixtureError) in
      try Mixture(domains: record.names, weights: weights)
    }
    return .domain(MixtureValue(mixture))
  }

  private static let uniform = NativeFunction(
    FunctionSignature(
      "uniform", [domainsParameter], returns: .domain("Mixture"), family: name,
      "Gives every domain the same weight.",
      examples: [Example("uniform([\"coco\", \"sat\"])", prints: "mix {coco: 50%, sat: 50%}")])
  ) { call in
    let (names, suite) = try call.domainNames(0)
    return .domain(
      MixtureValue(
        try call.mixing { () throws(MixtureError) in try Mixture.uniform(names) }, suite: suite))
  }

  private static let design = NativeFunction(
    FunctionSignature(
      "design",
      [
        domainsParameter,
        ParameterDeclaration(
          "kind", .string, default: "\"seeds\"",
          DesignKind.all.map { "`\($0.name)`: \($0.summary)" }.joined(separator: " ")),
        ParameterDeclaration(
          "runs", .int, default: "none", "How many mixtures; none: as many as the kind has."),
        ParameterDeclaration(
          "existing", .either([.list, .domain("Law")]), default: "none",
          "Mixtures that are already run, or the law of them: optimal kinds add to what is known."
        ),
        ParameterDeclaration(
          "concentration", .float, default: "1.0", "Of Dirichlet draws; below 1 is sparser."),
        ParameterDeclaration("seed", .int, default: "0", "Names the random stream."),
        ParameterDeclaration(
          "model", .string, default: "none",
          "The law that the plan is for; a plan that cannot carry it is refused. Optimal kinds take "
            + "\"quadratic\" where it is not given."),
        ParameterDeclaration(
          "degree", .int, default: "none", "Of a lattice, or the largest blend of `centroid`."),
        ParameterDeclaration(
          "replicate", .either([.string, .domain("Mixture")]), default: "none",
          "\"uniform\" or a mixture that is run several times, to measure the noise."),
        ParameterDeclaration(
          "replicates", .int, default: "3", "How often it is run; `runs` counts them in."),
        ParameterDeclaration(
          "cap", .record, default: "none", "The greatest weight of named domains."),
        ParameterDeclaration(
          "floor", .record, default: "none", "The least weight of named domains."),
        ParameterDeclaration(
          "device_hours", .float, default: "none",
          "What a run costs: the plan's quality and whole cost go to standard error."),
      ], returns: .list, family: name, "Plans which mixtures to train.",
      examples: [
        Example("len(design([\"a\", \"b\", \"c\"]))", prints: "7"),
        Example(
          "design([\"a\", \"b\", \"c\"], kind: \"exclude-one\")[0].weights",
          prints: "[0.0, 0.5, 0.5]"),
      ], source: "MoDoMoDo section 5; Scheffé 1958; definitions of optimality: Atkinson et al. 2007"
    )
  ) { call in
    let (names, suite) = try call.domainNames(0)
    let kind = try call.string(1)
    let runs = try call.optional(2) { try call.int($0) }
    var existing: [Mixture] = []
    var prior = 0.0
    var known: ModelFamily?
    if case .domain(let law as LawValue)? = try call.optional(3, { try call.datum($0) }) {
      existing = law.mixtures.map(\.mixture)
      prior = law.surrogate.penalty
      known = law.surrogate.family.hasTerms ? law.surrogate.family : nil
    } else if !call.isMissing(3) {
      existing = try call.domains(3, as: MixtureValue.self, called: "Mixture").map(\.mixture)
    }
    let concentration = try call.double(4)
    let seed = UInt64(bitPattern: Int64(try call.int(5)))
    let model = try call.optional(6) { try call.string($0) }
    let degree = try call.optional(7) { try call.int($0) }
    let replicated = try call.optional(8) { try mixture(call, $0, names) }
    let replicates = try call.int(9)
    let bounds =
      call.isMissing(10) && call.isMissing(11)
      ? nil : try call.bounds(cap: 10, floor: 11, domains: names)
    let hours = try call.optional(12) { try deviceHours(call, $0) }
    let planned = try call.mixing { () throws(MixtureError) -> (Design, PlanQualityValue?) in
      var family = known ?? .quadratic
      if let model { family = try .named(model) }
      let plan = try DesignKind.named(kind).plan(
        DesignKind.Request(
          domains: names, runs: runs, family: family, degree: degree, concentration: concentration,
          existing: existing, seed: seed, bounds: bounds, replicated: replicated,
          replicates: replicates, prior: prior))
      guard model != nil || hours != nil else { return (plan, nil) }
      let whole = try Design(existing + plan.runs.map(\.mixture), domains: names)
      let quality = try whole.quality(for: family, bounds: bounds)
      if model != nil, prior == 0, quality.rank < quality.terms {
        throw .rankDeficient(
          family: family.name, rank: quality.rank, terms: quality.terms,
          mixtures: whole.points.count, proposals: Array(quality.proposals.prefix(6)))
      }
      return (
        plan,
        PlanQualityValue(quality, family: family.name, hours: hours, paid: plan.runs.count)
      )
    }
    if let quality = planned.1 { call.eprint(quality.display(100) + "\n") }
    return .list(planned.0.runs.map { .domain(MixtureValue($0.mixture, suite: suite)) })
  }

  private static func mixture(
    _ call: NativeCall, _ index: Int, _ names: [String]
  ) throws -> Mixture {
    switch try call.datum(index) {
    case .domain(let value as MixtureValue): return value.mixture
    case .string("uniform"):
      return try call.mixing { () throws(MixtureError) in try Mixture.uniform(names) }
    case let other:
      throw call.fail(
        "E0701", "`replicate` is \(other.brief)", hint: "write \"uniform\" or a mixture",
        argument: index)
    }
  }

  private static func deviceHours(_ call: NativeCall, _ index: Int) throws -> Double {
    let hours = try call.double(index)
    guard hours >= 0, hours.isFinite else {
      throw call.fail(
        "E0701", "a run of \(hours) device hours is none", hint: "write device_hours: 1.5",
        argument: index)
    }
    return hours
  }

  private static let planParameter = ParameterDeclaration(
    "plan", .list, "Mixtures, one a run, such as `design` gives.")

  private static func plan(_ call: NativeCall) throws -> (design: Design, values: [MixtureValue]) {
    let values = try call.domains(0, as: MixtureValue.self, called: "Mixture")
    guard let first = values.first else {
      throw call.fail("E0701", "a plan has at least one mixture", argument: 0)
    }
    let design = try call.mixing { () throws(MixtureError) in
      try Design(values.map(\.mixture), domains: first.mixture.domains)
    }
    return (design, values)
  }

  private static let planQuality = NativeFunction(
    FunctionSignature(
      "plan_quality",
      [
        planParameter,
        ParameterDeclaration("model", .string, default: "\"quadratic\"", "The law to be fitted."),
        ParameterDeclaration(
          "device_hours", .float, default: "none", "What a run costs, in hours of one device."),
        ParameterDeclaration(
          "cap", .record, default: "none", "The greatest weight of named domains."),
        ParameterDeclaration(
          "floor", .record, default: "none", "The least weight of named domains."),
      ], returns: .domain("PlanQuality"), family: name,
      "Tells before anything runs what a plan can carry: rank, prediction variance and cost.",
      examples: [
        Example(
          "let q = plan_quality(design([\"a\", \"b\", \"c\", \"d\", \"e\"], kind: \"lattice\"))\n"
            + "[q.rank, round(q.average_variance, 4), round(q.maximum_variance, 3)]",
          prints: "[15, 0.4286, 1.0]"),
        Example(
          "len(plan_quality(design([\"a\", \"b\", \"c\"]), device_hours: 2.0).add)", prints: "0"),
      ], source: "Atkinson, Donev and Tobias, Optimum experimental designs, 2007")
  ) { call in
    let (design, _) = try plan(call)
    let model = try call.string(1)
    let hours = try call.optional(2) { try deviceHours(call, $0) }
    let bounds =
      call.isMissing(3) && call.isMissing(4)
      ? nil : try call.bounds(cap: 3, floor: 4, domains: design.domains)
    let (quality, family) = try call.mixing { () throws(MixtureError) in
      let family = try ModelFamily.named(model)
      return (try design.quality(for: family, bounds: bounds), family.name)
    }
    return .domain(
      PlanQualityValue(quality, family: family, hours: hours, paid: design.runs.count))
  }

  private static let blocks = NativeFunction(
    FunctionSignature(
      "blocks",
      [
        planParameter, ParameterDeclaration("count", .int, "How many blocks."),
        ParameterDeclaration(
          "model", .string, default: "\"linear\"", "The law that blocks should not disturb."),
      ], returns: .list, family: name,
      "Deals the runs of a plan to blocks, such as seeds or machines, that are alike on average.",
      examples: [
        Example(
          "blocks(design([\"a\", \"b\"], kind: \"lattice\", degree: 3), 2) |> map(len)",
          prints: "[2, 2]")
      ], source: "Cook and Nachtsheim, Technometrics 1989")
  ) { call in
    let (design, values) = try plan(call)
    let count = try call.int(1)
    let model = try call.string(2)
    let labels = try call.mixing { () throws(MixtureError) in
      try design.blocks(count, for: .named(model))
    }
    let suite = values.first?.suite
    return .list(
      (0..<count).map { block in
        .list(
          design.runs.indices.filter { labels[$0] == block }.map {
            .domain(MixtureValue(design.runs[$0].mixture, suite: suite))
          })
      })
  }
}
