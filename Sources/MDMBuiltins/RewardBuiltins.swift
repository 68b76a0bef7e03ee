import MDMData
import MDMDeclarations
import MDMRewards
import MDMRuntime
import MDMTraining

/// Verifiable rewards: the catalogue, parsers for one's own, and a probe of what a reward pays for.
enum RewardBuiltins: BuiltinFamily {
  static let name = "rewards"

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    RewardCatalogue.all.map(verifier) + MeasureBuiltins.functions
      + [
        makeReward(context), checkReward, parseBox, rewards, Probing.function(context),
        RewardTesting.function(context),
      ]
  }

  /// A verifier's name in scripts, such as `gated_reward`.
  static func scriptName(_ verifier: any Verifier) -> String { verifier.name + "_reward" }

  private static func verifier(_ verifier: any Verifier) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        scriptName(verifier),
        [
          ParameterDeclaration(
            "completion", .either([.string, .record]),
            "What a policy wrote: its text, or a record with `text`."),
          ParameterDeclaration("example", .domain("Example"), "What it was asked."),
        ], returns: .float, family: name, verifier.summary, examples: [example(of: verifier)],
        source: verifier.source)
    ) { call in
      let example = try call.domain(1, as: ExampleValue.self).example
      let completion = try call.datum(0)
      guard let text = completion.text ?? completion.fields?["text"]?.text else {
        throw call.fail("E0406", "a completion is its text, or a record with `text`", argument: 0)
      }
      return .float(verifier.score(text, example))
    }
  }

  /// A call of a verifier on an example of its kind: the first of SAT asks for left or right.
  private static func example(of verifier: any Verifier) -> MDMDeclarations.Example {
    let asked = "let example = dataset(load(\"mini\"), \"sat\")[0]\n"
    let call = "\(scriptName(verifier))(\"<answer>left</answer>\", example)"
    switch verifier.name {
    case "iou":
      return MDMDeclarations.Example(
        "let example = dataset(load(\"mini\"), \"coco\")[0]\n"
          + "iou_reward(f\"<answer>{example.answer}</answer>\", example)", prints: "1.0")
    case "choice":
      return MDMDeclarations.Example(
        "let example = dataset(load(\"mini\"), \"scienceqa\")[0]\n"
          + "choice_reward(\"<answer>B</answer>\", example)", prints: "1.0")
    case "number":
      return MDMDeclarations.Example(asked + call, prints: "0.0")
    case "gated": return MDMDeclarations.Example(asked + call, prints: "3.0")
    default: return MDMDeclarations.Example(asked + call, prints: "1.0")
    }
  }

  // `reward fn f(completion, example) -> 0..1 { }` calls this with the function and its range.
  private static func makeReward(_ context: BuiltinContext) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        "make_reward",
        [
          ParameterDeclaration("function", .function, "Takes a completion and an example."),
          ParameterDeclaration("name", .string, "What messages call it."),
          ParameterDeclaration("low", .float, "The least value."),
          ParameterDeclaration("high", .float, "The greatest value."),
        ], returns: .function, family: name,
        "Declares the range of a reward; `reward fn` is its usual form.",
        examples: [
          Example(
            "let half = make_reward(fn(completion, example) 0.5, \"half\", 0.0, 1.0)\n"
              + "half(\"left\", dataset(load(\"mini\"), \"sat\")[0])",
            prints: "0.5")
        ])
    ) { call in
      let (low, high) = (try call.double(2), try call.double(3))
      let function = try call.function(0)
      let rewardName = try call.string(1)
      guard low.isFinite, high.isFinite, low < high else {
        throw call.fail("E0703", "the range \(low)..\(high) of `\(rewardName)` is empty")
      }
      let count = call.signature(of: function).parameters.count
      guard count == 2 else {
        throw call.fail(
          "E0703", "the reward `\(rewardName)` takes \(count) parameters",
          hint: "write reward fn \(rewardName)(completion, example) -> 0..1 { … }")
      }
      context.rewardRanges.set(rewardName, low...high)
      return .function(function)
    }
  }

  // What a `reward fn` gives goes through this at every call.
  private static let checkReward = NativeFunction(
    FunctionSignature(
      "check_reward",
      [
        ParameterDeclaration("value", .any, "What the reward gave."),
        ParameterDeclaration("name", .string, "What messages call the reward."),
        ParameterDeclaration("low", .float, "The least value."),
        ParameterDeclaration("high", .float, "The greatest value."),
      ], returns: .number, family: name,
      "Gives a value back that is one finite number in a range; `reward fn` does so at every call.",
      examples: [Example("check_reward(0.5, \"half\", 0, 1)", prints: "0.5")])
  ) { call in
    let value = try call.datum(0)
    let (low, high) = (try call.double(2), try call.double(3))
    guard let number = value.number, number >= low, number <= high else {
      let hint =
        value.number.map { $0.isFinite } == true
        ? "clamp(x, \(low), \(high)) keeps it there, or declare a wider range"
        : "a reward gives one finite number for every completion"
      throw call.fail(
        "E0703",
        "the reward `\(try call.string(1))` gave \(value.brief), which is not from \(low) to \(high)",
        hint: hint)
    }
    return value
  }

  private static let parseBox = NativeFunction(
    FunctionSignature(
      "parse_box",
      [
        ParameterDeclaration("text", .string, "A completion or a part of it."),
        ParameterDeclaration(
          "example", .domain("Example"), default: "none",
          "Its image's size turns cells into pixels; none leaves cells."),
      ], returns: .either([.list, .none]), family: name,
      "Reads the answer box of a text, four cells such as `2 1 5 4`; none where there is none.",
      examples: [Example("parse_box(\"2 1 5 4\")", prints: "[2.0, 1.0, 5.0, 4.0]")])
  ) { call in
    guard let box = AnswerParser.box(try call.string(0)) else { return .none }
    guard let example = try call.optional(1, { try call.domain($0, as: ExampleValue.self) }) else {
      return .box(box)
    }
    return .box(example.example.pixelBox(ofCells: box))
  }

  private static let rewards = NativeFunction(
    FunctionSignature(
      "rewards", [], returns: .list, family: name,
      "Lists the verifiers that mdm has: name, range and what each pays for.",
      examples: [Example("len(rewards()) > 5", prints: "true")])
  ) { _ in
    .list(
      RewardCatalogue.all.map { verifier in
        .record([
          ("name", .string(scriptName(verifier))),
          ("low", .float(verifier.range.lowerBound)),
          ("high", .float(verifier.range.upperBound)),
          ("pays_for", .string(verifier.summary)),
        ])
      })
  }
}
