import MDMDeclarations
import MDMRuntime
import MDMTraining

/// Runs of many mixtures and seeds.
enum SweepBuiltins: BuiltinFamily {
  static let name = "training"

  static func functions(_ context: BuiltinContext) -> [NativeFunction] { [sweep(context)] }

  private static func sweep(_ context: BuiltinContext) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        "sweep",
        [
          ParameterDeclaration("mixtures", .list, "What to train on."),
          ParameterDeclaration(
            "run", .function, "Takes a mixture and a seed, gives a run: fn(mix, seed) train(…)."),
          ParameterDeclaration("seeds", .int, default: "1", "Matched seeds of each mixture."),
          ParameterDeclaration("first_seed", .int, default: "0", "The first seed."),
          ParameterDeclaration(
            "fresh", .bool, default: "false", "Trains all anew, whatever is kept."),
        ], returns: .list, family: name,
        "Runs every mixture with the same seeds; an interrupt or a spent budget ends it with those done.",
        examples: [
          Example(
            "let runs = [uniform(load(\"mini\"))] |> sweep(\n"
              + "  fn(mix, seed) train(policy(\"mini\"), mix, steps: 1, seed: seed, evaluate: 0),\n"
              + "  seeds: 2)\n"
              + "len(runs)",
            prints: "2")
        ],
        details:
          "One table of progress has a line a run. `train` remembers its runs, so a sweep that was "
          + "ended in whatever way repeats no finished run when it is called again.")
    ) { call in
      let mixtures = try call.domains(0, as: MixtureValue.self, called: "Mixture")
      let body = try call.function(1)
      let (seeds, first) = (try call.int(2), try call.int(3))
      guard seeds >= 1 else {
        throw call.fail("E0705", "`seeds` is \(seeds), but a sweep needs at least 1", argument: 2)
      }
      let isFresh = try call.bool(4)
      var table = SweepTable(mixtures.map(\.label), runs: mixtures.count * seeds)
      var runs: [Datum] = []
      context.openSweeps.add(1, ordering: .relaxed)
      defer { context.openSweeps.subtract(1, ordering: .relaxed) }
      for mixture in mixtures {
        for seed in first..<(first + seeds) {
          let kept = context.recorder?.recalled ?? 0
          let result: Datum
          do {
            let invoke = { try call.invoke(body, [.domain(mixture), .int(seed)]) }
            result = try context.recorder?.afresh(isFresh, invoke) ?? invoke()
          } catch let error as ScriptError {
            // What is done is not lost with a budget.
            if case .budget = error.kind, !runs.isEmpty { return .list(runs) }
            throw error
          }
          runs.append(result)
          let isKept = context.recorder.map { $0.recalled > kept } ?? false
          call.eprint(
            table.line(mixture.label, seed: seed, result, isKept: isKept) { call.display($0) })
          if case .domain(let run as RunValue) = result, run.run.status != .complete {
            return .list(runs)
          }
        }
      }
      return .list(runs)
    }
  }
}

/// The table of a sweep's progress: a line a run, written as they end.
struct SweepTable {
  private let width: Int
  private let count: Int
  private var done = 0

  init(_ labels: [String], runs: Int) {
    width = min(max(labels.map(\.count).max() ?? 0, 7), 40)
    count = runs
  }

  /// The line of the next run; the first one stands below the names of the columns.
  mutating func line(
    _ label: String, seed: Int, _ result: Datum, isKept: Bool, display: (Datum) -> String
  ) -> String {
    done += 1
    let head =
      done > 1
      ? ""
      : row("run", "mixture", ["seed", "steps", "reward", "In-Score", "Out-Score", "seconds"])
        + "\n"
    guard case .domain(let value as RunValue) = result else {
      return head + "[\(done)/\(count)] " + display(result) + "\n"
    }
    let run = value.run
    let rewards = (run.metrics[MetricKey.rewardMean.rawValue] ?? []).suffix(10)
    let reward = rewards.isEmpty ? .nan : rewards.reduce(0, +) / Double(rewards.count)
    let scores = value.evaluation?.evaluation
    func text(_ value: Double?) -> String { value.map { Text.fixed($0, 3) } ?? "-" }
    let count = run.notes.count
    let notes = count == 0 ? "" : "  \(count) note\(count == 1 ? "" : "s")"
    return head
      + row(
        "\(done)/\(self.count)", label,
        [
          "\(seed)", "\(run.steps)", Text.fixed(reward, 2), text(try? scores?.inScore()),
          text(try? scores?.outScore()), Text.fixed(run.seconds, 1),
        ]) + notes + (isKept ? "  kept" : run.status == .complete ? "" : "  \(run.status.rawValue)")
      + "\n"
  }

  private func row(_ number: String, _ label: String, _ cells: [String]) -> String {
    func left(_ text: String, _ width: Int) -> String {
      text.count > width
        ? String(text.prefix(width - 1)) + "…"
        : text + String(repeating: " ", count: width - text.count)
    }
    func right(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    return left(number, 2 * "\(count)".count + 1) + "  " + left(label, width)
      + zip(cells, [5, 6, 7, 9, 10, 8]).map { right($0, $1) }.joined()
  }
}
