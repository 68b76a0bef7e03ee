import MDMDeclarations
import MDMModels
import MDMRuntime

/// Adapters of low rank on a policy.
enum AdapterBuiltins {
  static var all: [NativeFunction] { [lora, adapted, merged] }

  private static let name = PolicyBuiltins.name

  private static let lora = NativeFunction(
    FunctionSignature(
      "lora",
      [
        ParameterDeclaration("policy", .domain("Policy"), "The base, which stays as it is."),
        ParameterDeclaration("rank", .int, default: "8", "The rank of what is added to a matrix."),
        ParameterDeclaration(
          "alpha", .float, default: "16.0", "What is added is multiplied by alpha / rank."),
        ParameterDeclaration(
          "targets", .either([.string, .list]), default: "\"text\"",
          "`text`, `all-linear`, or names of modules as PEFT's target_modules has them."),
        ParameterDeclaration(
          "rank_stabilised", .bool, default: "false", "Multiplies by alpha / sqrt(rank) instead."),
        ParameterDeclaration("seed", .int, default: "0", "Names the random streams."),
      ], returns: .domain("Policy"), family: name,
      "Gives a policy with a new adapter, which alone learns from then on.",
      examples: [
        Example("lora(policy(\"mini\"), rank: 4).trainable", prints: "38912"),
        Example(
          "lora(policy(\"mini\"), targets: [\"q_proj\", \"v_proj\"]).trainable", prints: "14336"),
      ],
      source: "LoRA, arXiv 2106.09685; rsLoRA, arXiv 2312.03732; PEFT's LoraConfig",
      details: """
        A matrix W becomes W + alpha / rank B A; A is drawn as PEFT draws it and B is 0, so the policy
        answers as before until it is trained. `save` writes PEFT's folder with the adapter alone,
        `save(merged(p), folder)` the whole policy.
        """), form: PolicyBuiltins.methods
  ) { call in
    let base = try call.domain(0, as: PolicyValue.self)
    var options = LoRAOptions(rank: try call.int(1), alpha: Float(try call.double(2)))
    if case .list = try call.datum(3) {
      options.targets = try call.strings(3)
    } else {
      options.targets = [try call.string(3)]
    }
    options.isRankStabilised = try call.bool(4)
    let seed = UInt64(bitPattern: Int64(try call.int(5)))
    let policy = try call.modelling { () throws(ModelError) in
      try base.policy.lora(options, seed: seed)
    }
    return .domain(PolicyValue(policy, name: "\(base.name) with LoRA \(options.rank)"))
  }

  private static let adapted = NativeFunction(
    FunctionSignature(
      "adapted",
      [
        ParameterDeclaration("policy", .domain("Policy"), "The base."),
        ParameterDeclaration(
          "folder", .string, "A folder with adapter_config.json and adapter_model.safetensors."),
      ], returns: .domain("Policy"), family: name,
      "Gives a policy with an adapter that PEFT or mdm saved.",
      examples: [
        Example(
          "let p = lora(policy(\"mini\"), rank: 2)\nlet folder = temporary_folder()\np.save(folder)\n"
            + "adapted(policy(\"mini\"), folder).fingerprint == p.fingerprint", prints: "true")
      ],
      source: "PEFT's checkpoint format"), form: PolicyBuiltins.methods
  ) { call in
    let base = try call.domain(0, as: PolicyValue.self)
    let folder = try call.string(1)
    let policy = try call.modelling { () throws(ModelError) in
      try base.policy.adapted(folder: folder)
    }
    return .domain(PolicyValue(policy, name: "\(base.name) with \(folder)"))
  }

  private static let merged = NativeFunction(
    FunctionSignature(
      "merged", [ParameterDeclaration("policy", .domain("Policy"), "With an adapter, or without.")],
      returns: .domain("Policy"), family: name,
      "Gives the policy of the same answers without an adapter: what it adds is in the matrices.",
      examples: [
        Example(
          "merged(lora(policy(\"mini\"))).trainable == policy(\"mini\").parameters", prints: "true")
      ]),
    form: PolicyBuiltins.methods
  ) { call in
    let policy = try call.domain(0, as: PolicyValue.self)
    return .domain(PolicyValue(policy.policy.merged(), name: policy.name))
  }
}
