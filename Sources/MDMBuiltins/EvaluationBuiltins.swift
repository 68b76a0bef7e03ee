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
      evaluate(context), passAt,
      aggregate(
        "in_score", "In-Score, over the training domains' test splits", .inScore,
        MDMDeclarations.Example(
          "round(in_score({LISA: 50, SAT: 60, ScienceQA: 70}), 2)", prints: "58.12")
      ) {
        evaluation, reading, metric, isWeighted throws(MixtureError) in
        try evaluation.inScore(reading, metric: metric, isWeighted: isWeighted)
      },
      aggregate(
        "out_score", "Out-Score, over the held-out benchmarks", .outScore,
        MDMDeclarations.Example(
          "round(out_score({ChartQA: 50, InfoVQA: 60, MathVista: 70, MMMU: 50}), 2)",
          prints: "56.67")
      ) {
        evaluation, reading, metric, isWeighted throws(MixtureError) in
        try evaluation.outScore(reading, metric: metric, isWeighted: isWeighted)
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
          ParameterDeclaration(
            "splits", .list, default: "none", "The names of the only splits to score."),
          ParameterDeclaration(
            "fresh", .bool, default: "false", "Scores even where a result of the same is kept."),
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
      let only = try call.optional(5) { try call.strings($0) }
      let known = (suite.tests + suite.benchmarks).map(\.name)
      if let stray = only?.first(where: { !known.contains($0) }) {
        throw call.fail(
          "E0702", "the suite has no split \"\(stray)\"",
          hint: "its splits are \(known.joined(separator: ", "))", argument: 5)
      }
      var evaluator = try call.training {
        try Evaluator(suite: suite, limit: limit, samples: samples, seed: seed)
      }
      evaluator.only = only.map(Set.init)
      let evaluation = try call.evaluation(
        evaluator, of: policy.policy, isFresh: try call.bool(6), context,
        events: { line.show($0, title: policy.name) },
        interrupted: { context.interrupt.isRequested })
      line.end()
      try call.checkInterrupt()
      return .domain(EvaluationValue(evaluation))
    }
  }

  private static let passAt = NativeFunction(
    FunctionSignature(
      "pass_at",
      [
        ParameterDeclaration(
          "scored", .either([.domain("Run"), .domain("Evaluation")]), "A run or an evaluation."),
        ParameterDeclaration("k", .int, "Samples of which one has to be right."),
        ParameterDeclaration(
          "lenient", .bool, default: "false", "Reads answers outside of their tags too."),
      ], returns: .domain(TableValue.typeName), family: name,
      "Estimates for each split how often one of k samples is right, beside their mean score.",
      examples: [
        Example(
          "let scored = evaluate(policy(\"mini\"), load(\"mini\"), limit: 2, samples: 4)\n"
            + "let t = pass_at(scored, 2)\nt.pass |> zip(t.mean) |> all(fn(p) p[0] >= 0.0)",
          prints: "true")
      ],
      source: "arXiv 2107.03374, equation 1: 1 - C(n - c, k) / C(n, k), without bias",
      details: """
        A text is right where it matches exactly, a box from an IoU of 0.5 on. `mean` is mean@n: the mean
        score of all n samples by the paper's metric. Intervals are Student's t over examples.
        """)
  ) { call in
    let evaluation = try call.evaluation(0)
    let (k, isLenient) = (try call.int(1), try call.bool(2))
    guard (1...max(evaluation.samples, 1)).contains(k) else {
      throw call.fail(
        "E0420", "`k` is \(k), but \(evaluation.samples) samples of each example were drawn",
        hint: "evaluate(policy, suite, samples: \(max(k, 1)))", argument: 1)
    }
    let reading = Evaluation.Reading(isGreedy: false, isLenient: isLenient)
    let rows = evaluation.splits.map {
      (split: $0, pass: $0.pass(at: k, isLenient: isLenient), mean: $0.estimate(.exact, reading))
    }
    return call.table([
      ("split", rows.map { .text($0.split.name) }),
      ("pass", rows.map { .float($0.pass.value) }),
      ("low", rows.map { .float($0.pass.lower) }), ("high", rows.map { .float($0.pass.upper) }),
      ("mean", rows.map { .float($0.mean.value) }), ("n", rows.map { .int(Int64($0.pass.count)) }),
    ])
  }

  private static func aggregate(
    _ function: String, _ what: String, _ aggregate: Aggregate, _ example: MDMDeclarations.Example,
    _ score:
      @escaping @Sendable (Evaluation, Evaluation.Reading, Evaluation.Metric, Bool)
      throws(MixtureError) -> Double
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
          ParameterDeclaration(
            "own", .bool, default: "false",
            "Scores by the benchmarks' own metrics, not by the paper's exact match."),
          ParameterDeclaration(
            "weighted", .bool, default: "true",
            "By the paper's numbers of test items; else every split counts alike."),
        ], returns: .float, family: name,
        "Gives the paper's \(what): means weighted by the paper's numbers of test items.",
        examples: [example],
        source: "MoDoMoDo, arXiv 2505.24871, section 4 and Table 2")
    ) { call in
      let reading = Evaluation.Reading(isGreedy: try call.bool(1), isLenient: try call.bool(2))
      if case .record(let record) = try call.datum(0) {
        var scores: [String: Double] = [:]
        for (key, value) in record.entries { scores[key] = value.number }
        let isWeighted = try call.bool(4)
        return .float(
          try call.mixing { () throws(MixtureError) in
            try (isWeighted ? aggregate : aggregate.unweighted()).score(scores)
          })
      }
      let evaluation = try call.evaluation(0)
      let metric: Evaluation.Metric = try call.bool(3) ? .own : .exact
      let isWeighted = try call.bool(4)
      return .float(
        try call.mixing { () throws(MixtureError) in
          try score(evaluation, reading, metric, isWeighted)
        })
    }
  }
}

extension NativeCall {
  /// The evaluation that an argument is or has.
  fileprivate func evaluation(_ index: Int) throws -> Evaluation {
    if case .domain(let value as EvaluationValue) = try datum(index) { return value.evaluation }
    let run = try domain(index, as: RunValue.self)
    guard let scored = run.evaluation else {
      throw fail(
        "E0705", "the run has no evaluation",
        hint: run.run.status != .complete
          ? "it ended early; evaluate(run.policy, suite) scores it"
          : "train with evaluate: 100", argument: index)
    }
    return scored.evaluation
  }
}
