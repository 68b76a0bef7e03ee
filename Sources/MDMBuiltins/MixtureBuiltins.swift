import MDMDeclarations
import MDMMixtures
import MDMRuntime

/// Mixtures and designs: which mixtures to train.
enum MixtureBuiltins: BuiltinFamily {
  static let name = "mixtures"

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    [mix, uniform, design]
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
          "existing", .list, default: "none",
          "Mixtures that are already run; optimal kinds add to them."
        ),
        ParameterDeclaration(
          "concentration", .float, default: "1.0", "Of Dirichlet draws; below 1 is sparser."),
        ParameterDeclaration("seed", .int, default: "0", "Names the random stream."),
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
    let existing = try call.optional(3) {
      try call.domains($0, as: MixtureValue.self, called: "Mixture").map(\.mixture)
    }
    let concentration = try call.double(4)
    let seed = UInt64(bitPattern: Int64(try call.int(5)))
    let planned = try call.mixing { () throws(MixtureError) in
      try DesignKind.named(kind).plan(
        DesignKind.Request(
          domains: names, runs: runs, concentration: concentration, existing: existing ?? [],
          seed: seed))
    }
    return .list(planned.runs.map { .domain(MixtureValue($0.mixture, suite: suite)) })
  }
}
