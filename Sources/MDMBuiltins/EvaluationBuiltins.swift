import MDMData
import MDMDeclarations
import MDMMixtures
import MDMRuntime
import MDMTraining

/// Evaluations and the paper's aggregates.
enum EvaluationBuiltins: BuiltinFamily {
  static let name = "evaluation"

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    [
      evaluate(context),
      aggregate(
        "in_score", "In-Score, over the training domains' test splits", .inScore,
        MDMDeclarations.Example(
          "round(in_score({LISA: 50, SAT: 60, ScienceQA: 70}), 2)", prints: "58.12")
      ) {
        evaluation, reading throws(MixtureError) in try evaluation.inScore(reading)
      },
      aggregate(
        "out_score", "Out-Score, over the held-out benchmarks", .outScore,
        MDMDeclarations.Example(
          "round(out_score({ChartQA: 50, InfoVQA: 60, MathVista: 70, MMMU: 50}), 2)",
          prints: "56.67")
      ) {
        evaluation, reading throws(MixtureError) in try evaluation.outScore(reading)
      },
    ]
  }

  private static func evaluate(_ context: BuiltinContext) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        "evaluate",
        [
          ParameterDeclaration("policy", .domain("Policy"), "Who answers."),
          ParameterDeclaration("suite", .domain("Suite"), "Its test splits and benchmarks."),
          ParameterDeclaration("limit", .int, default: "200", "The most examples of each split."),
          ParameterDeclaration("samples", .int, default: "2", "Completions sampled of each."),
          ParameterDeclaration("seed", .int, default: "0", "Names the random streams of sampling."),
        ], returns: .domain("Evaluation"), family: name,
        "Scores a policy on every split, greedy and sampled at temperature 1, strict and lenient.",
        examples: [
          Example(
            "let scored = evaluate(policy(\"mini\"), load(\"mini\"), limit: 2)\n"
              + "out_score(scored) <= out_score(scored, lenient: true)",
            prints: "true")
        ])
    ) { call in
      let policy = try call.domain(0, as: PolicyValue.self)
      let suite = try call.domain(1, as: SuiteValue.self).suite
      let (limit, samples) = (try call.int(2), try call.int(3))
      let seed = UInt64(bitPattern: Int64(try call.int(4)))
      let line = ProgressText(context, call)
      let evaluation = try call.training {
        try Evaluator(suite: suite, limit: limit, samples: samples, seed: seed).evaluate(
          policy.policy, events: { line.show($0, title: policy.name) },
          interrupted: { context.interrupt.isRequested })
      }
      line.end()
      try call.checkInterrupt()
      return .domain(EvaluationValue(evaluation))
    }
  }

  private static func aggregate(
    _ function: String, _ what: String, _ aggregate: Aggregate, _ example: MDMDeclarations.Example,
    _ score: @escaping @Sendable (Evaluation, Evaluation.Reading) throws(MixtureError) -> Double
  ) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        function,
        [
          ParameterDeclaration(
            "scored", .either([.domain("Run"), .domain("Evaluation"), .record]),
            "A run, an evaluation, or a record of the paper's benchmark scores."),
          ParameterDeclaration("greedy", .bool, default: "false", "The likeliest answers only."),
          ParameterDeclaration(
            "lenient", .bool, default: "false", "Reads answers outside of their tags too."),
        ], returns: .float, family: name,
        "Gives the paper's \(what): means weighted by the paper's numbers of test items.",
        examples: [example],
        source: "MoDoMoDo, arXiv 2505.24871, section 4 and Table 2")
    ) { call in
      let reading = Evaluation.Reading(isGreedy: try call.bool(1), isLenient: try call.bool(2))
      let evaluation: Evaluation
      switch try call.datum(0) {
      case .domain(let run as RunValue):
        guard let scored = run.evaluation else {
          throw call.fail(
            "E0705", "the run has no evaluation",
            hint: run.run.status != .complete
              ? "it ended early; evaluate(run.policy, suite) scores it"
              : "train with evaluate: 100", argument: 0)
        }
        evaluation = scored.evaluation
      case .domain(let value as EvaluationValue): evaluation = value.evaluation
      case .record(let record):
        var scores: [String: Double] = [:]
        for (key, value) in record.entries { scores[key] = value.number }
        return .float(
          try call.mixing { () throws(MixtureError) in try aggregate.score(scores) })
      default: return .none
      }
      return .float(
        try call.mixing { () throws(MixtureError) in try score(evaluation, reading) })
    }
  }
}
