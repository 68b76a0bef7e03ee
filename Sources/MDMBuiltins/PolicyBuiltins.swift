import Glibc
import MDMData
import MDMDeclarations
import MDMModels
import MDMRuntime
import MDMTraining

/// Policies: the base checkpoint, own checkpoints, supervised warm-up, answers.
enum PolicyBuiltins: BuiltinFamily {
  static let name = "policies"

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    [policy(context), push, summary, warmup(context)] + AdapterBuiltins.all
      + GenerationBuiltins.all(context)
  }

  /// Also as methods: `p.generate("...")`.
  static let methods = NativeFunction.Form.both([.domain("Policy")])

  private static func policy(_ context: BuiltinContext) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        "policy",
        [
          ParameterDeclaration(
            "source", .either([.string, .record, .domain("Job")]),
            "`mini`, the base checkpoint that mdm ships; a folder with a Qwen2-VL or Qwen2.5-VL "
              + "checkpoint; the sizes of a new one; or a run that `attach` found."),
          ParameterDeclaration(
            "base", .domain("Policy"), default: "none",
            "What that run began with, where the store does not know it."),
        ], returns: .domain("Policy"), family: name, "Loads a policy, or makes an untrained one.",
        examples: [
          Example("policy(\"mini\").name", prints: "mini"),
          Example("policy({hidden: 32, layers: 1}).name", prints: "new"),
        ],
        source: "Qwen2-VL, arXiv 2409.12191; Qwen2.5-VL, arXiv 2502.13923",
        details: """
          A folder is read as transformers and the Hub write it: config.json, tokenizer, processor and
          safetensors weights (F32, BF16 or F16, in one file or several). `save` writes such a folder.
          Matrices of large BF16 checkpoints stay in their files until they are trained. A folder of PEFT
          with an adapter is read with the base that its adapter_config.json names.

          A record makes an untrained Qwen2-VL policy that knows the words of the suite `mini`. Its members
          and what they are without being given:
          \(NewPolicySizes.help)

          `policy(attach("mab12"))` is the policy of a run's newest checkpoint, whatever became of its process.
          A run that began with `mini` or with the policy of another kept run needs nothing else; any other
          beginning is given as `base`.
          """)
    ) { call in
      let source = try call.datum(0)
      if case .domain(let value as JobValue) = source {
        let base = try call.optional(1) { try call.domain($0, as: PolicyValue.self).policy }
        return try KeptPolicy.of(value.run.row.id, base, context, call)
      }
      guard call.isMissing(1) else {
        throw call.fail(
          "E0705", "`base` goes with a run that `attach` found, not with \(source.brief)",
          argument: 1)
      }
      if case .record(let sizes) = source { return try NewPolicySizes.policy(sizes, call) }
      let name = try call.string(0)
      return .domain(PolicyValue(try call.policy(name), name: name))
    }
  }

  private static let push = NativeFunction(
    FunctionSignature(
      "push",
      [
        ParameterDeclaration(
          "what", .either([.domain("Policy"), .domain("Run")]), "A policy, or the run that gave it."
        ),
        ParameterDeclaration(
          "folder", .string, "A folder, such as a clone of a model's repository."),
      ], returns: .string, family: name,
      "Saves a policy with a model card that tells where it comes from. Gives the folder.",
      examples: [
        Example(
          "let folder = temporary_folder()\npolicy(\"mini\").push(folder)\nlist_folder(folder)",
          prints:
            "[\"README.md\", \"config.json\", \"model.safetensors\", \"tokenizer.json\", \"tokenizer_config.json\"]"
        )
      ],
      source:
        "Mitchell et al., Model cards for model reporting, arXiv 1810.03993; the Hub's metadata of models",
      details: """
        The files of `save`, and README.md: metadata that the Hub reads, and of a run the mixture, what each
        domain became, the scores and all that went into it. A README.md that somebody wrote is left as it
        is, and so are other files of the folder.
        """), form: .overload(["Policy", "Run"])
  ) { call in
    let folder = try Files.path(call, 1)
    var run: RunValue?
    if case .domain(let value as RunValue) = try call.datum(0) { run = value }
    let policy = try run?.policy ?? call.domain(0, as: PolicyValue.self)
    try Files.makeFolder(folder, call)
    try call.modelling { () throws(ModelError) in try policy.policy.save(folder: folder) }
    let card = folder + "/README.md"
    let present = access(card, F_OK) == 0
    if try !present || ModelCard.isOwn(Files.read(card, call)) {
      try Files.write(Array(ModelCard(policy: policy, run: run).text.utf8), to: card, call)
    }
    return .string(folder)
  }

  private static let summary = NativeFunction(
    FunctionSignature(
      "summary", [ParameterDeclaration("policy", .domain("Policy"), "Which policy.")],
      returns: .domain(TableValue.typeName), family: name,
      "Lists a policy's tensors: the part of the network, shape, parameters and bytes.",
      examples: [
        Example(
          "sum(summary(policy(\"mini\")).parameters) == policy(\"mini\").parameters",
          prints: "true")
      ]), form: methods
  ) { call in
    let policy = try call.domain(0, as: PolicyValue.self).policy
    let (tensors, width) = (policy.tensors, policy.bytesOfAWeight)
    func parts(_ name: String) -> (part: String, tensor: String) {
      // The part of model.layers.3.mlp.up_proj.weight is its block, that of others their first two words.
      let words = name.split(separator: ".")
      let isBlock = words.count > 3 && ["layers", "blocks"].contains(words[1])
      let cut = isBlock ? 3 : min(2, words.count - 1)
      return (words[..<cut].joined(separator: "."), words[cut...].joined(separator: "."))
    }
    return call.table([
      ("part", tensors.map { .text(parts($0.name).part) }),
      ("tensor", tensors.map { .text(parts($0.name).tensor) }),
      ("shape", tensors.map { .text($0.shape.map(String.init).joined(separator: " x ")) }),
      ("parameters", tensors.map { .int(Int64($0.count)) }),
      (
        "bytes",
        tensors.map { .int(Int64($0.count * ($0.name.contains(".lora_") ? 4 : width))) }
      ),
    ])
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
          ParameterDeclaration(
            "fresh", .bool, default: "false",
            "Trains even where a warm-up of the same content is kept; else that is given, or goes on."
          ),
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
      return .domain(
        try WarmUpCall(
          call: call, context: context, warmUp: warmUp, start: start, isFresh: try call.bool(5)
        ).run())
    }
  }
}
