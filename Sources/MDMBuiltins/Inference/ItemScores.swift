import MDMDeclarations
import MDMRuntime
import MDMTraining

/// `item_scores`: the answers to the same items with several seeds, for intervals over both.
enum ItemScores {
  static let function = NativeFunction(
    FunctionSignature(
      "item_scores",
      [
        ParameterDeclaration("runs", .list, "Scored runs of one mixture, a seed each."),
        ParameterDeclaration("split", .string, "A test split or benchmark by name or domain."),
        ParameterDeclaration(
          "less", .list, default: "none",
          "Runs of a rival with the same seeds: differences are given, of the seeds that both have."
        ),
        ParameterDeclaration(
          "lenient", .bool, default: "false", "Reads answers outside of their tags too."),
      ], returns: .list, family: InferenceBuiltins.name,
      "Gives for each seed the list of its items' scores, or of their differences from a rival's.",
      examples: [
        Example(
          "let runs = sweep([uniform(load(\"mini\"))],\n"
            + "  fn(m, seed) train(policy(\"mini\"), m, steps: 1, seed: seed, evaluate: 3), seeds: 2)\n"
            + "item_scores(runs, \"chartqa\") |> map(len)", prints: "[3, 3]")
      ],
      details:
        "`mean_interval(item_scores(runs, \"chartqa\", less: rivals), items: \"random\")` is the "
        + "paired difference on a benchmark, for other seeds and other items of the kind.")
  ) { call in
    let (split, isLenient) = (try call.string(1), try call.bool(3))
    func rows(_ index: Int) throws -> [(seed: UInt64, ids: [String], scores: [Double])] {
      try call.domains(index, as: RunValue.self, called: "Run").enumerated().map { position, run in
        guard let evaluation = run.evaluation?.evaluation else {
          throw call.fail(
            "E0705", "run \(position) has no evaluation", hint: "train with evaluate: 100",
            argument: index)
        }
        guard let found = evaluation.splits.first(where: { $0.name == split || $0.domain == split })
        else {
          throw call.fail(
            "E0702", "run \(position) was not scored on \"\(split)\"",
            hint: "it was on \(evaluation.splits.map(\.name).joined(separator: ", "))", argument: 1)
        }
        let reading = Evaluation.Reading(isGreedy: false, isLenient: isLenient)
        return (
          run.run.seed, found.items.map(\.id), found.items.map { $0.score(.exact, reading) }
        )
      }
    }
    let own = try rows(0)
    let rivals = try call.optional(2) { try rows($0) }
    for row in own + (rivals ?? []) where row.ids != own[0].ids {
      throw call.fail(
        "E0708", "the runs were scored on different items of \(split)",
        hint: "evaluate them with one limit")
    }
    guard let rivals else { return .list(own.map { .numbers($0.scores) }) }
    let matched = own.compactMap { row in
      rivals.first { $0.seed == row.seed }.map { zip(row.scores, $0.scores).map { $0 - $1 } }
    }
    guard !matched.isEmpty else {
      throw call.fail("E0708", "the runs and their rivals have no seed in common")
    }
    return .list(matched.map(Datum.numbers))
  }
}
