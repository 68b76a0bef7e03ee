import MDMData
import MDMDeclarations
import MDMRuntime
import MDMSyntax
import MDMTraining

/// `test_reward`: what has to hold of a reward before a policy is trained on it.
enum RewardTesting {
  /// One law with the first completion that breaks it.
  private struct Check {
    let name: String
    private(set) var count = 0
    private(set) var failures = 0
    private(set) var first: String?

    init(_ name: String) { self.name = name }

    mutating func expect(_ holds: Bool, _ story: @autoclosure () -> String) {
      count += 1
      if holds { return }
      failures += 1
      if first == nil { first = story() }
    }
  }

  static func function(_ context: BuiltinContext) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        "test_reward",
        [
          ParameterDeclaration("reward", .function, "A reward, native or of the script."),
          ParameterDeclaration("dataset", .domain("Dataset"), "Whose examples are completed."),
          ParameterDeclaration("count", .int, default: "30", "The most examples."),
          ParameterDeclaration(
            "golden", .list, default: "none", "Cases [completion, position in the dataset, score]."),
          ParameterDeclaration(
            "hedging", .float, default: "0.05",
            "The share of what a right answer earns over a wrong one that a cheat may earn."),
        ], returns: .record, family: RewardBuiltins.name,
        "Fails where a reward breaks a law, a golden case, or pays for a cheat; use it in a `test` block.",
        examples: [
          Example(
            "test_reward(choice_reward, dataset(load(\"mini\"), \"scienceqa\"), count: 5).failures",
            prints: nil)
        ],
        details: """
          Laws: scores lie in the declared range; the gold answer in its tags earns at least what any other \
          completion earns and more than a wrong answer; the same call gives the same score, in any order; a \
          second answer behind the first never raises its score. Cheats are those of `probe`: every option \
          listed, the gold answer only in the thinking, several answers, giant, broken and doubled boxes, empty \
          tags, nothing. The tolerance is for measures that give a share of the reward for likeness.
          """)
    ) { call in
      let reward = try call.reward(0, context)
      let dataset = try call.domain(1, as: DatasetValue.self).dataset
      let count = min(max(1, try call.int(2)), dataset.count)
      let share = try call.double(4)
      var checks = try call.training {
        try laws(reward, (0..<count).map { dataset[$0] }, share) { try call.checkInterrupt() }
      }
      checks.append(try golden(call, reward, dataset))
      for check in checks where check.count > 0 {
        let mark = check.failures == 0 ? "holds" : "BROKEN"
        call.print("  \(mark)  \(check.name) (\(check.count) checks)\n")
        if let first = check.first { call.print("          \(first)\n") }
      }
      let broken = checks.filter { $0.failures > 0 }
      if let worst = broken.first {
        var diagnostic = Diagnostic(
          code: "E0450",
          "the reward `\(reward.name)` fails \(broken.count) of \(checks.count) checks: \(worst.name)",
          hint: "probe(\(reward.name), dataset) prints what it pays for")
        diagnostic.notes = broken.compactMap(\.first)
        throw ScriptError(.assertion, diagnostic)
      }
      return .record([
        ("checks", .int(checks.reduce(0) { $0 + $1.count })),
        ("failures", .int(checks.reduce(0) { $0 + $1.failures })),
      ])
    }
  }

  private static func laws(
    _ reward: RewardFunction, _ examples: [MDMData.Example], _ share: Double,
    _ poll: () throws -> Void
  ) throws -> [Check] {
    var range = Check("scores lie in the declared range")
    var gold = Check("the gold answer earns the most, and more than a wrong one")
    var same = Check("the same call gives the same score")
    var more = Check("a second answer never raises the score of the first")
    var cheats = Check("no cheat pays")
    func score(_ text: String, _ example: MDMData.Example) throws -> Double {
      try poll()
      let value = try reward.score(text, example)
      range.expect(
        value.isFinite && reward.range.contains(value),
        "\(value) for \(quoted(text)) on \(example.id)")
      return value
    }
    for example in examples {
      let right = try score("<answer> \(example.answer) </answer>", example)
      let wrong = try score("<answer> \(Probing.other(example)) </answer>", example)
      gold.expect(
        right > wrong, "\(right) for the gold answer of \(example.id), \(wrong) for another")
      for candidate in Probing.candidates {
        let text = candidate.text(example)
        let paid = try score(text, example)
        let story =
          "\(paid) for \(candidate.name) on \(example.id): \(quoted(text)); the gold answer earns \(right)"
        gold.expect(paid <= right, story)
        if candidate.isCheat { cheats.expect(paid <= wrong + share * (right - wrong), story) }
      }
      for pair in [
        (example.answer, Probing.other(example)), (Probing.other(example), example.answer),
      ] {
        let alone = try score("<answer> \(pair.0) </answer>", example)
        for joined in [
          "<answer> \(pair.0) \(pair.1) </answer>", "<answer> \(pair.0), \(pair.1) </answer>",
          "<answer> \(pair.0) </answer> <answer> \(pair.1) </answer>",
        ] {
          let paid = try score(joined, example)
          more.expect(
            paid <= alone + share * (right - wrong),
            "\(paid) for \(quoted(joined)) on \(example.id), \(alone) without the second")
        }
      }
    }
    // Backwards, so that what a reward may have kept of earlier calls shows.
    for example in examples.reversed() {
      for text in [
        "<answer> \(example.answer) </answer>", "<answer> \(Probing.other(example)) </answer>",
      ] {
        let (first, second) = (try score(text, example), try score(text, example))
        same.expect(first == second, "\(first) and \(second) for \(quoted(text)) on \(example.id)")
      }
    }
    return [range, gold, same, more, cheats]
  }

  private static func golden(
    _ call: NativeCall, _ reward: RewardFunction, _ dataset: Dataset
  ) throws -> Check {
    var check = Check("golden cases")
    for (index, item) in (call.isMissing(3) ? [] : try call.list(3)).enumerated() {
      guard let parts = item.elements, parts.count == 3, let text = parts[0].text,
        let place = parts[1].integer, (0..<dataset.count).contains(place),
        let wanted = parts[2].number
      else {
        throw call.fail(
          "E0420", "golden case \(index) is not [completion, position in the dataset, score]",
          argument: 3)
      }
      let paid = try call.training { try reward.score(text, dataset[place]) }
      check.expect(
        abs(paid - wanted) <= 1e-9,
        "\(paid) instead of \(wanted) for \(quoted(text)) on example \(place)")
    }
    return check
  }

  private static func quoted(_ text: String) -> String {
    "\"\(text.count > 80 ? text.prefix(80) + "…" : text)\""
  }
}
