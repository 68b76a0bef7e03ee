import MDMData
import MDMDeclarations
import MDMModels
import MDMRuntime
import MDMTraining

/// Policies: the base checkpoint, own checkpoints, supervised warm-up, answers.
enum PolicyBuiltins: BuiltinFamily {
  static let name = "policies"

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    [policy, newPolicy, warmup(context), answer(context)]
  }

  private static let policy = NativeFunction(
    FunctionSignature(
      "policy",
      [
        ParameterDeclaration(
          "source", .string,
          "`mini`, the base checkpoint that mdm ships, or a folder that `save` wrote.")
      ], returns: .domain("Policy"), family: name, "Loads a policy.",
      examples: [Example("policy(\"mini\").name", prints: "mini")])
  ) { call in
    let source = try call.string(0)
    if source == "mini" { return .domain(try PolicyValue(mini(call), name: source)) }
    do throws(ModelError) {
      return .domain(PolicyValue(try Policy(folder: source), name: source))
    } catch {
      throw call.fail(
        "E0704", "cannot load the policy \(source): \(error.message)", hint: error.hint,
        argument: 0)
    }
  }

  private static func mini(_ call: NativeCall) throws -> Policy {
    let parts = ["config.json", "tokenizer.json", "model.safetensors"].map {
      EmbeddedFiles.bytes("models/mini/\($0)").map(Array.init) ?? []
    }
    return try call.modelling { () throws(ModelError) in
      try Policy(config: parts[0], tokenizer: parts[1], safetensors: parts[2])
    }
  }

  private static let newPolicy = NativeFunction(
    FunctionSignature(
      "new_policy",
      [
        ParameterDeclaration("seed", .int, default: "0", "Decides the initial weights."),
        ParameterDeclaration("hidden", .int, default: "128", "The width of the text decoder."),
        ParameterDeclaration("layers", .int, default: "4", "Decoder layers."),
      ], returns: .domain("Policy"), family: name,
      "Makes an untrained Qwen2-VL policy that knows the words of the suite `mini`.",
      examples: [Example("new_policy(hidden: 32, layers: 1).name", prints: "new")],
      source: "Qwen2-VL, arXiv 2409.12191")
  ) { call in
    let tokenizer = WordTokenizer(words: Vocabulary.words)
    var configuration = PolicyConfiguration(tokenizer: tokenizer)
    configuration.hiddenSize = try call.int(1)
    configuration.intermediateSize = 3 * configuration.hiddenSize
    configuration.layerCount = try call.int(2)
    let half = configuration.headSize / 2
    configuration.mropeSection = [half - half * 3 / 8 * 2, half * 3 / 8, half * 3 / 8]
    let seed = UInt64(bitPattern: Int64(try call.int(0)))
    let made = try call.modelling { () throws(ModelError) in
      try configuration.check()
      return Policy(configuration: configuration, tokenizer: tokenizer, seed: seed)
    }
    return .domain(PolicyValue(made, name: "new"))
  }

  private static func warmup(_ context: BuiltinContext) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        "warmup",
        [
          ParameterDeclaration("policy", .domain("Policy"), "Where to start."),
          ParameterDeclaration("suite", .domain("Suite"), "Where the examples come from."),
          ParameterDeclaration("steps", .int, default: "1000", "Optimiser steps of 64 examples."),
          ParameterDeclaration(
            "learning_rate", .float, default: "0.001", "AdamW's rate; it decays by a cosine."),
          ParameterDeclaration("seed", .int, default: "0", "Names the random streams."),
        ], returns: .domain("Policy"), family: name,
        "Trains a policy with supervision on mixed answer formats, tagged and bare.",
        examples: [
          Example(
            "str(warmup(policy(\"mini\"), load(\"mini\"), steps: 1)).starts_with(\"Policy mini warmed up 1\")",
            prints: "true")
        ],
        source: "docs/learning/mini-suite.md")
    ) { call in
      let start = try call.domain(0, as: PolicyValue.self)
      let suite = try call.domain(1, as: SuiteValue.self).suite
      var warmUp = WarmUp(suite: suite, steps: try call.int(2))
      warmUp.learningRate = try call.double(3)
      warmUp.seed = UInt64(bitPattern: Int64(try call.int(4)))
      let policy = start.policy.copy()
      let line = ProgressText(context, call)
      let budget = try call.startBudgeted()
      let report = try call.training {
        try warmUp.run(
          policy,
          events: {
            budget?.takeStep()
            line.show($0, title: "warm-up")
          },
          interrupted: { context.interrupt.isRequested || budget?.isSpent ?? false })
      }
      line.end()
      if report.isInterrupted { _ = call.takeInterrupt() }
      return .domain(PolicyValue(policy, name: "\(start.name) warmed up \(report.losses.count)"))
    }
  }

  private static func answer(_ context: BuiltinContext) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        "answer",
        [
          ParameterDeclaration("policy", .domain("Policy"), "Who answers."),
          ParameterDeclaration("example", .domain("Example"), "What is asked."),
          ParameterDeclaration(
            "temperature", .float, default: "0.0", "0 takes the likeliest token."),
          ParameterDeclaration("seed", .int, default: "0", "Names the random stream."),
        ], returns: .string, family: name, "Gives what a policy answers to an example.",
        examples: [
          Example("type(answer(policy(\"mini\"), load(\"mini\").train[0][0]))", prints: "String")
        ])
    ) { call in
      let policy = try call.domain(0, as: PolicyValue.self).policy
      let example = try call.domain(1, as: ExampleValue.self).example
      let temperature = try call.double(2)
      guard temperature >= 0, temperature.isFinite else {
        throw call.fail(
          "E0420", "`temperature` is \(temperature), but it is 0 or more", argument: 2)
      }
      let seed = UInt64(bitPattern: Int64(try call.int(3)))
      return .string(
        try call.training {
          try Answering.answer(policy, example, temperature: temperature, seed: seed)
        })
    }
  }
}
