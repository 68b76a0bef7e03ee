import Foundation
import MDMSession
import MDMStore
import Testing

/// Expensive calls give what an earlier call of the same content gave.
@Suite struct RememberedRunsTests {
  private let folder = FileManager.default.temporaryDirectory.appending(
    path: "mdm-\(UUID().uuidString)")
  private var store: RunStore { RunStore(path: folder.path) }

  private static let opening = """
    let base = policy({hidden: 32, layers: 1})
    let suite = load("mini")
    let small = grpo(prompts: 2, group: 2)
    let mix = uniform(suite)

    """

  /// Runs a script in a session of its own that shares the store with those before.
  private func run(_ script: String) throws -> (output: String, errors: String) {
    let capture = Capture { $0.runs = store }
    capture.run(Self.opening + script)
    #expect(!capture.errors.value.contains("error"), "\(capture.errors.value)")
    return (capture.output.value, capture.errors.value)
  }

  private func ids() throws -> [String] { try store.ids() }

  private func clean() { try? FileManager.default.removeItem(at: folder) }

  @Test func aRunOfTheSameContentIsGivenAtOnce() throws {
    defer { clean() }
    let script = """
      let r = train(base, mix, steps: 3, evaluate: 0, algorithm: small, SETTING)
      print(r.id, r.status, r.steps, r.policy.fingerprint, r.metrics["policy/loss"], r.drawn)
      """
    func train(_ setting: String) throws -> String {
      try run(script.replacing("SETTING", with: setting)).output
    }
    let first = try train("seed: 1")
    #expect(try ids().count == 1)
    // What does not change the result makes no other run.
    for same in ["seed: 1", "seed: 1, keep: 1", "seed: 1, checkpoint: 1", "seed: 1, samples: 3"] {
      #expect(try train(same) == first, "\(same)")
    }
    #expect(try ids().count == 1)
    let fresh = try train("seed: 1, fresh: true")
    #expect(try ids().count == 2)
    #expect(fresh != first && fresh.dropFirst(11) == first.dropFirst(11))
    for other in [
      "seed: 2", "seed: 1, steps: 2".replacing("steps: 2", with: "stop_early: {patience: 9}"),
    ] {
      #expect(try train(other) != first, "\(other)")
    }
    #expect(try ids().count == 4)
  }

  @Test func aRewardIsItsCodeAndWhatItCaptures() throws {
    defer { clean() }
    func train(_ code: String) throws -> Int {
      _ = try run(code + "\ntrain(base, mix, steps: 1, evaluate: 0, algorithm: small, reward: pay)")
      return try ids().count
    }
    let code =
      "let bonus = 1\nfn half(x) x / 2\nreward fn pay(c, e) -> 0..9 { half(len(c.text)) * 0 + bonus }"
    #expect(try train(code) == 1)
    #expect(
      try train("# a comment\nlet other = 7\n" + code.replacing(" * 0 + ", with: "  *0+ ")) == 1)
    #expect(try train(code.replacing("bonus = 1", with: "bonus = 2")) == 2)
    #expect(try train(code.replacing("x / 2", with: "x / 3")) == 3)
    #expect(try train(code.replacing("0..9", with: "0..8")) == 4)
    #expect(try train(code.replacing("* 0", with: "* 0.0")) == 5)
    #expect(try train(code) == 5)
  }

  @Test func anotherPolicyMixtureOrAlgorithmIsAnotherRun() throws {
    defer { clean() }
    for (count, call) in [
      (1, "train(base, mix, steps: 1, evaluate: 0, algorithm: small)"),
      (2, "train(policy({hidden: 32, layers: 2}), mix, steps: 1, evaluate: 0, algorithm: small)"),
      (
        3,
        "train(base, mix {coco: 40%, sat: 60%}, data: suite, steps: 1, evaluate: 0, algorithm: small)"
      ),
      (
        4,
        "train(base, mix, steps: 1, evaluate: 0, algorithm: grpo(prompts: 2, group: 2, beta: 0.1))"
      ),
      // Activations that are computed again give the same bits.
      (
        4,
        "train(base, mix, steps: 1, evaluate: 0, algorithm: grpo(prompts: 2, group: 2, gradient_checkpointing: true))"
      ),
    ] {
      _ = try run(call)
      #expect(try ids().count == count, "\(call)")
    }
  }

  @Test func aPartialRunGoesOn() throws {
    defer { clean() }
    // Something that any policy can learn, so that its weights move.
    let pay = "reward fn pay(c, e) -> 0..1 { if len(c.text) < 40 { 1 } else { 0 } }\n"
    let call = "train(base, mix, steps: 6, evaluate: 0, algorithm: small, reward: pay)"
    let whole = try run(pay + "print((\(call.dropLast()), fresh: true)).policy.fingerprint)").output
    try FileManager.default.removeItem(at: folder)
    let part = try run(
      pay + "var r = none\nbudget(steps: 2) { r = \(call) }\nprint(r.status, r.steps)")
    #expect(part.output == "budget 2\n")
    let rest = try run(
      pay + "let r = \(call)\nprint(r.policy.fingerprint)\neprint(len(r.curves[\"policy/kl\"]))")
    #expect(rest.output == whole)
    #expect(rest.errors.contains("goes on after step 2 of 6"))
    #expect(try ids().count == 1)
    let stored = try #require(try store.runs.first)
    #expect(stored.status == .complete && stored.lastStep == 6)
    #expect(try stored.series["policy/kl"]?.count == 6)
  }

  @Test func resumeTakesWhatAttachFinds() throws {
    defer { clean() }
    let call = "train(base, mix, steps: 4, evaluate: 0, algorithm: small"
    _ = try run("budget(steps: 2) { \(call)) }")
    let named = try run("let r = \(call), resume: attach())\nprint(r.steps, r.id == attach().id)")
    #expect(named.output == "4 true\n")
    let capture = Capture { $0.runs = store }
    capture.run(Self.opening + "\(call), seed: 5, resume: attach())")
    #expect(
      capture.errors.value.contains("it began with `steps 4 seed 0`, this one is `steps 4 seed 5`"))
  }

  @Test func attachGivesThePolicyOfARun() throws {
    defer { clean() }
    let trained = try run(
      """
      let mini = policy("mini")
      let first = train(mini, mix, steps: 1, evaluate: 0, algorithm: small)
      let second = train(first.policy, mix, steps: 1, evaluate: 0, algorithm: small, seed: 7)
      let other = train(base, mix, steps: 1, evaluate: 0, algorithm: small)
      for r in [first, second, other] { print(r.id, r.policy.fingerprint) }
      """
    ).output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    // It began with `mini`, or with what another run of the store made.
    for line in trained.prefix(2) {
      #expect(try run("print(policy(attach(\"\(line[0])\")).fingerprint)").output == line[1] + "\n")
    }
    // Of any other beginning the store has no weights.
    let id = trained[2][0]
    let capture = Capture { $0.runs = store }
    capture.run("policy(attach(\"\(id)\"))")
    #expect(capture.errors.value.contains("which no run of the store made"))
    #expect(capture.errors.value.contains("policy(attach(\"\(id)\"), base: policy(\"…\"))"))
    #expect(
      try run("print(policy(attach(\"\(id)\"), base: base).fingerprint)").output
        == trained[2][1] + "\n")
    let wrong = Capture { $0.runs = store }
    wrong.run("policy(attach(\"\(id)\"), base: policy({hidden: 64, layers: 1}))")
    #expect(wrong.errors.value.contains("is not `base`"))
    // A job of this session is found by its id.
    let job = try run(
      """
      let j = spawn train(policy("mini"), mix, steps: 1, evaluate: 0, algorithm: small, seed: 9)
      print(j.wait().policy.fingerprint == policy(j).fingerprint)
      """)
    #expect(job.output.hasSuffix("true\n"))
    let idle = Capture { $0.runs = store }
    idle.run("policy(\"mini\", base: policy(\"mini\"))")
    #expect(idle.errors.value.contains("`base` goes with a run that `attach` found"))
  }

  @Test func evaluationsAreRemembered() throws {
    defer { clean() }
    let script = "print(evaluate(base, suite, limit: 2, samples: 1, SETTING))"
    func score(_ setting: String) throws -> String {
      try run(script.replacing("SETTING", with: setting)).output
    }
    let first = try score("seed: 0")
    #expect(try score("seed: 0") == first)
    let kept = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.path).first)
    #expect(kept.hasPrefix("runs.sqlite"))
    #expect(try score("seed: 0, fresh: true") == first)
    // The run's own evaluation is one of the same policy.
    let trained = try run(
      """
      let r = train(base, mix, steps: 1, evaluate: 2, samples: 1, algorithm: small)
      print(r.evaluation == evaluate(r.policy, suite, limit: 2, samples: 1))
      """)
    #expect(trained.output == "true\n")
  }

  @Test func warmUpsGoOnAndAreRemembered() throws {
    defer { clean() }
    let call = "warmup(base, suite, steps: 3"
    let whole = try run("print(\(call), fresh: true).fingerprint)").output
    try FileManager.default.removeItem(at: folder)
    let part = try run("var p = none\nbudget(steps: 1) { p = \(call)) }\nprint(p.name)")
    #expect(part.output == "new warmed up 1\n")
    let rest = try run("print(\(call)).fingerprint)")
    #expect(rest.output == whole && rest.errors.contains("goes on after step 1 of 3"))
    let again = try run("print(\(call)).fingerprint)")
    #expect(again.output == whole && again.errors.isEmpty)
    #expect(try store.runs.map(\.kind) == ["warmup"])
    #expect(try store.runs.first?.status == .complete)
    #expect(try store.runs.first?.series["warmup/loss"]?.count == 3)
  }

  @Test func whyFollowsPoliciesToTheRunsThatMadeThem() throws {
    defer { clean() }
    var options = Capture.silent
    options.runs = store
    let cells = CellEvaluator(options, named: "cell")
    for input in [
      Self.opening, "reward fn pay(c, e) -> 0..1 { if len(c.text) < 40 { 1 } else { 0 } }",
      "fn go(from, steps) train(from, mix, steps: steps, evaluate: 0, algorithm: small, reward: pay)",
      "let first = go(base, 9)", "let second = go(first.policy, 2)",
    ] { #expect(cells.evaluate(input).diagnostics.isEmpty) }
    let ids = try ids()
    let text = try #require(cells.evaluate(":why second").page?.text)
    #expect(text.contains("kept as run: \(ids[1])"), "\(text)")
    #expect(text.contains("made by: run \(ids[0]): train, uniform, seed 0, 9 steps"), "\(text)")
  }

  @Test func aSweepRepeatsNoFinishedRun() throws {
    defer { clean() }
    let script = """
      let runs = [mix, mix {coco: 100%}] |> sweep(
        fn(m, seed) train(base, m, data: suite, steps: 2, seed: seed, evaluate: 0, algorithm: small),
        seeds: 2, SETTING)
      print(runs |> map(fn(r) r.policy.fingerprint))
      """
    func sweep(_ setting: String) throws -> (output: String, lines: [Substring]) {
      let result = try run(script.replacing("SETTING", with: setting))
      return (result.output, result.errors.split(separator: "\n"))
    }
    // The first run of it is there already.
    _ = try run("train(base, mix, steps: 2, evaluate: 0, algorithm: small)")
    let first = try sweep("fresh: false")
    #expect(first.lines.count == 5 && first.lines[0].hasPrefix("run  mixture"))
    #expect(first.lines.map { $0.hasSuffix("kept") } == [false, true, false, false, false])
    let second = try sweep("fresh: false")
    #expect(second.output == first.output)
    #expect(second.lines.map { $0.hasSuffix("kept") } == [false, true, true, true, true])
    #expect(try ids().count == 4)
    #expect(try sweep("fresh: true").output == first.output)
    #expect(try ids().count == 8)
  }

  @Test func trainTellsSignsAsTheyBeginAndASweepCountsThem() throws {
    defer { clean() }
    let train = """
      reward fn nothing(c, e) -> 0..1 { 0 }
      fn one(m, seed) train(base, m, data: suite, steps: 22, seed: seed, evaluate: 0, reward: nothing,
        algorithm: small)

      """
    let one = try run(train + "print(len(one(mix {sat: 100%}, 0).notes))")
    #expect(one.output == "1\n")
    #expect(
      one.errors == "note: sat, step 20: nine groups of ten get nothing: nothing can be learned\n")
    let swept = try run(train + "[mix {sat: 100%}] |> sweep(one, seeds: 1, first_seed: 1)").errors
    #expect(swept.hasSuffix("  1 note\n") && !swept.contains("note:"))
  }

  @Test func aCheckpointThatIsDamagedIsToldAndTrainedAgain() throws {
    defer { clean() }
    let call = "train(base, mix, steps: 2, evaluate: 0, algorithm: small)"
    let first = try run("print(\(call).policy.fingerprint)").output
    let id = try #require(try ids().first)
    let file = folder.appending(path: "\(id)/run.safetensors")
    var bytes = try Data(contentsOf: file)
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: file)
    let again = try run("print(\(call).policy.fingerprint)")
    #expect(again.output == first)
    #expect(again.errors.contains("warning[W0804]") && again.errors.contains("fails its checksum"))
  }

  @Test func aGradientThatIsNotFiniteKeepsTheWeightsBefore() throws {
    defer { clean() }
    let capture = Capture { $0.runs = store }
    capture.run(
      Self.opening
        + """
        reward fn pay(c, e) -> 0..1 { if len(c.text) % 2 == 0 { 1 } else { 0 } }
        train(base, mix, steps: 9, evaluate: 0, reward: pay,
          algorithm: grpo(prompts: 2, group: 4, beta: 1e300))
        """)
    let id = try #require(try ids().first)
    #expect(capture.errors.value.contains("is not finite: the loss has no finite derivative for "))
    #expect(capture.errors.value.contains("the weights before that step are kept in the run \(id)"))
    let run = try #require(try store.run(id))
    #expect(run.status == .failed && run.hasCheckpoint && run.lastStep >= 1)
    #expect(run.reason?.contains("is not finite") == true)
  }
}
