import MDMSyntax
import Testing

/// A whole script of the kind that the language is for.
@Suite struct TasteTests {
  static let script = """
    #!/usr/bin/env -S mdm run
    # Which mixture of five vision-language domains gives the best model out of distribution?
    use mixtures

    param steps: Int = 200, "optimiser steps per run"
    param seeds: Int = 3, "matched seeds per mixture"

    let suite = load("mini")                          # 5 training domains
    let base  = policy("mini") |> warmup(suite, steps: 400)

    reward fn tight_box(completion, example) -> 0..1 {
      let box = parse_box(completion.answer) ?? return 0
      iou(box, example.box) ** 2
    }

    let plan = design(suite.train, kind: "i-optimal", runs: 21, replicate: "uniform")
    let runs = plan |> sweep(fn(mix, seed)
      train(base, mix, algorithm: grpo(group: 8, beta: 0.04), steps: steps, seed: seed), seeds: seeds)

    let law  = fit(runs, target: out_score, model: tournament())
    let best = maximize(law, cap: {lisa: 30%})
    print(best)                                       # weights, predicted score
    display(ternary(law, over: ["coco", "sat", "scienceqa"], points: runs))

    test "the law beats guessing the mean" { assert law.cv.r2 > 0 }
    """

  static let globals: Set<String> = [
    "load", "policy", "warmup", "parse_box", "iou", "design", "sweep", "train", "grpo", "fit",
    "out_score", "tournament", "maximize", "print", "display", "ternary",
  ]

  @Test func itIsReadWithoutErrors() {
    let (tree, diagnostics) = TreeText.parse(Self.script)
    #expect(diagnostics.isEmpty)
    #expect(tree.statements.count == 13)
  }

  @Test func itsNamesAreFound() {
    #expect(TreeText.check(Self.script, globals: Self.globals).isEmpty)
  }

  @Test func eachMissingNameIsFoundBeforeItRuns() {
    for name in Self.globals.sorted() {
      let found = TreeText.check(Self.script, globals: Self.globals.subtracting([name]))
      #expect(Set(found.map(\.code)) == ["E0301"], "without \(name)")
    }
  }

  @Test func eachBeginThatEndsALineIsCompleteOrAsksForMore() {
    let lines = Self.script.split(separator: "\n", omittingEmptySubsequences: false)
    for count in 0...lines.count {
      let text = lines.prefix(count).joined(separator: "\n")
      #expect(Parser.completeness(of: text) != .invalid, "after line \(count)")
    }
  }
}
