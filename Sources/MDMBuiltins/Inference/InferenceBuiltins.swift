import MDMDeclarations
import MDMMixtures
import MDMNumerics
import MDMRuntime

/// What runs can and cannot prove.
enum InferenceBuiltins: BuiltinFamily {
  static let name = "inference"

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    [
      meanInterval, permutation, adjusted, anova, contrasts, power, decompose, checkRuns, register,
      ItemScores.function,
    ]
  }

  static let level = ParameterDeclaration(
    "level", .float, default: "0.95", "Share of intervals that cover.")

  /// Outcomes for examples: three mixtures, three matched seeds.
  static let sample = """
    let runs = table({
      mixture: ["uniform", "uniform", "uniform", "sat", "sat", "sat", "coco", "coco", "coco"],
      seed: [0, 1, 2, 0, 1, 2, 0, 1, 2],
      score: [0.40, 0.42, 0.41, 0.44, 0.47, 0.45, 0.41, 0.40, 0.43],
    })

    """

  private static let meanInterval = NativeFunction(
    FunctionSignature(
      "mean_interval",
      [
        ParameterDeclaration(
          "scores", .list,
          "One score a seed, or for each seed the list of its items' scores; for a comparison the "
            + "differences of matched ones."),
        ParameterDeclaration(
          "method", .string, default: "\"t\"",
          "`t`: Student's. `bca`, `percentile`, `studentized`: bootstraps; the last is the best of "
            + "them for few values."),
        ParameterDeclaration(
          "items", .string, default: "\"fixed\"",
          "What items of the lists are: `fixed`, the benchmark itself, or `random`, a sample of such "
            + "items, which makes the interval wider."),
        level,
        ParameterDeclaration("resamples", .int, default: "10000", "How often a bootstrap draws."),
        ParameterDeclaration("seed", .int, default: "0", "Names the resamples."),
      ], returns: .record, family: name,
      "Gives a mean over seeds with its interval: {value, low, high, level, count, method}.",
      examples: [
        Example("round(mean_interval([1, 2, 3, 4]).low, 5)", prints: "0.44574"),
        Example(
          "let answers = [[1, 0, 1, 1], [1, 0, 0, 1], [1, 1, 1, 1]]\n"
            + "mean_interval(answers, items: \"random\").value", prints: "0.75"),
      ],
      source: "Student 1908; Satterthwaite 1946; Efron 1987; Efron and Tibshirani 1993; Owen 2007")
  ) { call in
    let rows = try scoreRows(call)
    let (method, items) = (try call.string(1), try call.string(2))
    let (level, resamples) = (try call.double(3), try call.int(4))
    let seed = UInt64(bitPattern: Int64(try call.int(5)))
    guard let scope = CrossedMean.Scope(rawValue: items) else {
      throw call.fail(
        "E0420", "`items` is \"\(items)\"", hint: "write \"fixed\" or \"random\"", argument: 2)
    }
    let isNested = rows.contains { $0.count > 1 }
    var estimate: Estimate?
    if method == "t" {
      estimate = try call.judging { () throws(EvidenceError) in
        try CrossedMean.interval(rows, scope: isNested ? scope : .fixedItems, level: level)
      }
    } else {
      guard let way = Bootstrap.Method(rawValue: method) else {
        throw call.fail(
          "E0420", "there is no method \"\(method)\"",
          hint: "there are t, " + Bootstrap.Method.allCases.map(\.rawValue).joined(separator: ", "),
          argument: 1)
      }
      guard resamples <= 10_000_000 else {
        throw call.fail("E0420", "`resamples` is \(resamples), the limit is 10M", argument: 4)
      }
      var stream = RandomStream(seed: seed, purpose: "bootstrap")
      estimate = try call.numeric { () throws(NumericsError) in
        if isNested, scope == .randomItems {
          return try Bootstrap.crossed(
            rows, level: level, resamples: resamples, stream: &stream,
            interrupted: { call.isInterrupted })
        }
        return try Bootstrap.interval(
          rows.map(Statistics.mean), method: way, level: level, resamples: resamples,
          stream: &stream, interrupted: { call.isInterrupted })
      }
      try call.checkInterrupt()
    }
    guard let estimate else { return .none }
    return .record([
      ("value", .float(estimate.value)), ("low", .float(estimate.lower)),
      ("high", .float(estimate.upper)), ("level", .float(estimate.level)),
      ("count", .int(estimate.count)), ("method", .string(method)),
    ])
  }

  /// A row a seed: single scores are rows of one item.
  private static func scoreRows(_ call: NativeCall) throws -> [[Double]] {
    let rows = try call.list(0).enumerated().map { position, item -> [Double] in
      if let number = item.number { return [number] }
      guard let items = item.elements else {
        throw call.fail(
          "E0406", "element \(position) should be a number or a list, but is \(item.brief)",
          argument: 0)
      }
      return try items.map { item in
        guard let number = item.number else {
          throw call.fail(
            "E0406", "the scores of seed \(position) hold \(item.brief)", argument: 0)
        }
        return number
      }
    }
    guard let count = rows.first?.count else { return [] }
    for (position, row) in rows.enumerated() where row.count != count || row.isEmpty {
      throw call.fail(
        "E0420", "seed \(position) has \(row.count) items, the first one \(count)",
        hint: "every seed answers the same items, in one order", argument: 0)
    }
    return rows
  }

  private static let permutation = NativeFunction(
    FunctionSignature(
      "permutation_p",
      [
        ParameterDeclaration("a", .list, "Outcomes."),
        ParameterDeclaration("b", .list, "Outcomes; of the same seeds where `paired`."),
        ParameterDeclaration(
          "paired", .bool, default: "true", "Whether the lists belong together one by one."),
        ParameterDeclaration(
          "resamples", .int, default: "10000", "Draws where there are too many cases to count."),
        ParameterDeclaration("seed", .int, default: "0", "Names the draws."),
      ], returns: .float, family: name,
      "Tests that two lists have one mean, without assuming normal noise: the two-sided p value.",
      examples: [
        Example("permutation_p([2, 3, 4, 5], [1, 2, 3, 4])", prints: "0.125"),
        Example("permutation_p([1, 2, 3], [4, 5, 6], paired: false)", prints: "0.1"),
      ], source: "Fisher 1935; Phipson and Smyth 2010",
      details:
        "All sign changes of up to 40 pairs are counted, and all splits of two samples as long "
        + "as there are at most two million of them; beyond that they are drawn.")
  ) { call in
    let (a, b) = (try call.doubles(0), try call.doubles(1))
    let isPaired = try call.bool(2)
    let resamples = try call.int(3)
    guard resamples <= 10_000_000 else {
      throw call.fail("E0420", "`resamples` is \(resamples), the limit is 10M", argument: 3)
    }
    var stream = RandomStream(
      seed: UInt64(bitPattern: Int64(try call.int(4))), purpose: "permutation")
    let found = try call.numeric { () throws(NumericsError) in
      guard isPaired else {
        return try Permutation.independent(
          a, b, resamples: resamples, stream: &stream, interrupted: { call.isInterrupted })
      }
      guard a.count == b.count else {
        throw .lengths(what: "paired tests", left: a.count, right: b.count)
      }
      return try Permutation.paired(
        zip(a, b).map { $0 - $1 }, resamples: resamples, stream: &stream,
        interrupted: { call.isInterrupted })
    }
    try call.checkInterrupt()
    return .float(found.pValue)
  }

  private static let adjusted = NativeFunction(
    FunctionSignature(
      "adjusted_p",
      [
        ParameterDeclaration("ps", .list, "The p values of several tests."),
        ParameterDeclaration(
          "method", .string, default: "\"holm\"",
          "`holm` and `bonferroni` bound the chance of any false alarm, `benjamini-hochberg` the share "
            + "of false ones among the alarms."),
      ], returns: .list, family: name,
      "Raises the p values of several tests for their number.",
      examples: [
        Example("adjusted_p([0.01, 0.04, 0.03])", prints: "[0.03, 0.06, 0.06]"),
        Example(
          "adjusted_p([0.01, 0.04, 0.03], method: \"benjamini-hochberg\")",
          prints: "[0.03, 0.04, 0.04]"),
      ], source: "Holm 1979; Benjamini and Hochberg 1995")
  ) { call in
    let ps = try call.doubles(0)
    let name = try call.string(1)
    guard let method = MultipleTests(rawValue: name) else {
      throw call.fail(
        "E0420", "there is no method \"\(name)\"",
        hint: "there are " + MultipleTests.allCases.map(\.rawValue).joined(separator: ", "),
        argument: 1)
    }
    return .numbers(
      try call.numeric { () throws(NumericsError) in try method.adjusted(ps) })
  }

  private static let anova = NativeFunction(
    FunctionSignature(
      "anova", [RunScores.runsParameter, RunScores.targetParameter],
      returns: .domain("Anova"), family: name,
      "Tells apart what mixtures do to an outcome, what seeds do, and what is noise.",
      examples: [
        Example(
          sample + "anova(runs, target: \"score\")",
          prints: """
            Analysis of variance of score: 3 mixtures, 3 seeds, 9 runs
                     df  sum of squares     F       p  deviation
            mixture   2        0.003489  8.97  0.0332     0.0227
            seed      2        0.000356  0.91  0.4710     0.0000
            noise     4        0.000778                   0.0139
            another seed moves a run by 0.0139; the difference of two matched runs varies by 0.0197
            """)
      ],
      source: "Fisher 1935; Searle, Casella and McCulloch, Variance components, 1992",
      details:
        "Runs of one seed are matched: seeds are blocks. Each effect is judged beyond the other "
        + "(type II), so that runs may be missing. The deviation of a line is that of its effect; one "
        + "that is less than chance counts as 0. What the runs cannot tell, such as noise from one "
        + "seed, is an error that says so.")
  ) { call in
    let scores = try call.runScores(0, 1)
    return try call.judging { () throws(EvidenceError) in
      .domain(try AnovaValue(scores.panel()))
    }
  }

  private static let contrasts = NativeFunction(
    FunctionSignature(
      "contrasts",
      [
        RunScores.runsParameter, RunScores.targetParameter,
        ParameterDeclaration(
          "against", .string, default: "\"uniform\"", "The mixture that all are compared with."),
        level,
      ], returns: .domain("Contrasts"), family: name,
      "Compares all mixtures with one by matched seeds, and says what is left after so many questions.",
      examples: [
        Example(
          sample + "contrasts(runs, target: \"score\")",
          prints: """
            score less uniform: 95% intervals over matched seeds; adjusted for 2 comparisons by Dunnett
                  difference            interval  seeds       p  adjusted
            sat      +0.0433  +0.0290 to +0.0577      3  0.0059    0.0323
            coco     +0.0033  -0.0484 to +0.0550      3  0.8075    0.9404
            """)
      ],
      source:
        "Dunnett, JASA 1955; Welch 1947 without matched seeds; Holm 1979 where runs are missing",
      details:
        "The interval and p of a line are its own; `adjusted` is the p value among all lines, "
        + "with the noise of all runs.")
  ) { call in
    let scores = try call.runScores(0, 1)
    let (reference, level) = (try call.string(2), try call.double(3))
    return try call.judging { () throws(EvidenceError) in
      .domain(
        ContrastsValue(try Contrasts(scores.panel(), reference: reference, level: level)))
    }
  }

  private static let power = NativeFunction(
    FunctionSignature(
      "power",
      [
        ParameterDeclaration("effect", .float, "The difference of two mixtures that matters."),
        ParameterDeclaration(
          "noise", .either([.float, .domain("Anova")]),
          "The standard deviation of a run around its mixture and seed, or what `anova` gave."),
        ParameterDeclaration("seeds", .int, default: "none", "Seeds a mixture that you can pay."),
        ParameterDeclaration("power", .float, default: "0.8", "The wanted chance to find it."),
        ParameterDeclaration(
          "paired", .bool, default: "true",
          "Whether mixtures get the same seeds; else what seeds do is noise, too."),
        ParameterDeclaration("comparisons", .int, default: "1", "Tests that share `alpha`."),
        ParameterDeclaration("alpha", .float, default: "0.05", "Accepted chance of a false alarm."),
      ], returns: .domain("Power"), family: name,
      "Plans seeds: how many find an effect, and what the number that you can pay finds.",
      examples: [
        Example("power(0.02, 0.015).seeds", prints: "11"),
        Example(
          "power(0.02, 0.015, seeds: 6)",
          prints: """
            To find a difference of 0.0200 with noise 0.0150, matched seeds, false alarms 5%:
              11 seeds a mixture find it in 80% of studies
              6 seeds find it in 46%; they find 0.0304 in 80%
            """),
      ], source: "the noncentral t distribution; Browne 1995 for the cautious noise")
  ) { call in try PowerValue.plan(call) }

  private static let decompose = NativeFunction(
    FunctionSignature(
      "decompose",
      [
        ParameterDeclaration("runs", .list, "Runs of one mixture."),
        ParameterDeclaration("rivals", .list, "Runs of another one with the same seeds."),
        ParameterDeclaration(
          "score", .function,
          "The outcome of a run, such as `out_score`; called with `lenient: true`, too."), level,
      ], returns: .domain("Decomposition"), family: name,
      "Splits a gain into skill, which lenient reading sees, too, and format, which it does not.",
      examples: [
        Example(
          """
          fn run(seed, strict, lenient) ({mixture: "m", seed: seed, strict: strict, lenient: lenient})
          fn score(run, lenient: Bool = false) { if lenient { run.lenient } else { run.strict } }
          let runs = [run(0, 0.50, 0.55), run(1, 0.52, 0.56), run(2, 0.51, 0.54)]
          let rivals = [run(0, 0.30, 0.54), run(1, 0.31, 0.57), run(2, 0.33, 0.55)]
          decompose(runs, rivals, score: score).verdict
          """, prints: "the difference is format: none in skill is shown")
      ], source: "MoDoMoDo, arXiv 2505.24871: its reward pays nothing without the format")
  ) { call in try DecompositionValue.make(call) }

  private static let checkRuns = NativeFunction(
    FunctionSignature(
      "check_runs", [RunScores.runsParameter, RunScores.targetParameter],
      returns: .domain("RunCheck"), family: name,
      "Looks for runs that chance hardly explains, heavy tails, and runs that lost the answer format.",
      examples: [
        Example(
          sample + "check_runs(runs, target: \"score\")",
          prints: "9 runs by score: none stands out; too few runs to tell tails (20)")
      ],
      source:
        "Cook and Weisberg 1982 (outliers, Bonferroni); Anscombe and Glynn 1983 (kurtosis)")
  ) { call in
    let scores = try call.runScores(0, 1)
    return try call.judging { () throws(EvidenceError) in
      .domain(try RunCheckValue(scores))
    }
  }

  private static let register = NativeFunction(
    FunctionSignature(
      "register",
      [
        ParameterDeclaration(
          "target", .either([.function, .string]), "The outcome that the claim will be about."),
        ParameterDeclaration(
          "seeds", .int, "Matched seeds a mixture that the comparison will have."),
        ParameterDeclaration(
          "against", .string, default: "\"uniform\"", "What the best mixture will be compared with."
        ),
        ParameterDeclaration(
          "smallest", .float, default: "0.0", "The smallest difference that matters; 0: any."),
        level,
        ParameterDeclaration(
          "goal", .string, default: "\"maximize\"", "`maximize` or `minimize`."),
        ParameterDeclaration(
          "path", .string, default: "none",
          "A file that keeps it: made the first time, an error where it says something else."),
      ], returns: .domain("Registration"), family: name,
      "States before the runs what will be reported; `study` and `report` hold you to it.",
      examples: [
        Example(
          "register(out_score, seeds: 6, smallest: 0.01)",
          prints: "Registered: out_score to be maximized, against uniform, 6 matched seeds, 95% "
            + "intervals, differences from 0.01")
      ])
  ) { call in .domain(try RegistrationValue.make(call)) }
}
