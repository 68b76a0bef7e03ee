import MDMDeclarations
import MDMRuntime
import MDMTensors
import MDMTraining

/// One setting of `grpo`: what it is called, how it is read from a call and back.
struct AlgorithmSetting: Sendable {
  let declaration: ParameterDeclaration
  let read: @Sendable (GRPOOptions) -> Datum
  let write: @Sendable (inout GRPOOptions, NativeCall, Int) throws -> Void

  private static func int(
    _ name: String, _ path: WritableKeyPath<GRPOOptions, Int> & Sendable, _ summary: String
  ) -> AlgorithmSetting {
    AlgorithmSetting(
      declaration: ParameterDeclaration(
        name, .int, default: "\(GRPOOptions()[keyPath: path])", summary),
      read: { .int($0[keyPath: path]) },
      write: { $0[keyPath: path] = try $1.int($2) })
  }

  private static func float(
    _ name: String, _ path: WritableKeyPath<GRPOOptions, Double> & Sendable, _ summary: String
  ) -> AlgorithmSetting {
    AlgorithmSetting(
      declaration: ParameterDeclaration(
        name, .float, default: "\(GRPOOptions()[keyPath: path])", summary),
      read: { .float($0[keyPath: path]) },
      write: { $0[keyPath: path] = try $1.double($2) })
  }

  /// A number that may be missing.
  private static func optional(
    _ name: String, _ path: WritableKeyPath<GRPOOptions, Double?> & Sendable, _ summary: String
  ) -> AlgorithmSetting {
    AlgorithmSetting(
      declaration: ParameterDeclaration(name, .float, default: "none", summary),
      read: { $0[keyPath: path].map(Datum.float) ?? .none },
      write: { options, call, index in
        options[keyPath: path] = try call.optional(index) { try call.double($0) }
      })
  }

  private static func bool(
    _ name: String, _ path: WritableKeyPath<GRPOOptions, Bool> & Sendable, _ summary: String
  ) -> AlgorithmSetting {
    AlgorithmSetting(
      declaration: ParameterDeclaration(
        name, .bool, default: "\(GRPOOptions()[keyPath: path])", summary),
      read: { .bool($0[keyPath: path]) },
      write: { $0[keyPath: path] = try $1.bool($2) })
  }

  /// One of several by its name.
  private static func choice<Value: Sendable>(
    _ name: String, _ path: WritableKeyPath<GRPOOptions, Value> & Sendable, of all: [Value],
    called label: @escaping @Sendable (Value) -> String, _ summary: String
  ) -> AlgorithmSetting {
    AlgorithmSetting(
      declaration: ParameterDeclaration(
        name, .string, default: "\"\(label(GRPOOptions()[keyPath: path]))\"",
        summary + ": " + all.map(label).joined(separator: ", ") + "."),
      read: { .string(label($0[keyPath: path])) },
      write: { options, call, index in
        let text = try call.string(index)
        guard let value = all.first(where: { label($0) == text }) else {
          let known = all.map(label)
          throw call.fail(
            "E0705", "`\(name)` is \"\(text)\", which is none of \(known.joined(separator: ", "))",
            hint: NativeCall.nearestName(text, known).map { "did you mean \"\($0)\"?" },
            argument: index)
        }
        options[keyPath: path] = value
      })
  }

  /// All settings, in the order of `grpo`'s parameters.
  static let all: [AlgorithmSetting] = [
    int("group", \.group, "Completions of each prompt."),
    int("prompts", \.prompts, "Prompts of each step."),
    float("beta", \.beta, "The weight of the KL to the base."),
    float("learning_rate", \.learningRate, "AdamW's rate."),
    float("clip", \.clip, "How far the ratio may leave 1, or fall below it."),
    float("temperature", \.temperature, "Of sampling."),
    int("max_new_tokens", \.maxNewTokens, "The longest completion."),
    bool("freeze_vision", \.freezesVision, "Whether the vision tower stays as it is."),
    choice("loss", \.loss, of: PolicyLoss.all, called: \.name, "How tokens become one loss"),
    choice(
      "advantage", \.advantage, of: Advantage.all, called: \.name,
      "How rewards become advantages"),
    optional("clip_high", \.clipHigh, "How far the ratio may rise above 1 where not `clip`."),
    optional("ratio_limit", \.ratioLimit, "The two-sided clip's bound; none for none."),
    optional("dual_clip", \.dualClip, "The dual clip's C; none for none."),
    choice("kl", \.kl, of: KLEstimator.allCases, called: \.rawValue, "The KL's estimator"),
    bool("kl_in_reward", \.takesKLOffReward, "Takes the KL off the rewards, not into the loss."),
    int("iterations", \.iterations, "Updates on each step's completions."),
    int("micro_batch", \.microBatch, "Completions of a batch of `bnpo`; 0 is the step."),
    bool(
      "mask_truncated", \.masksTruncated, "Leaves completions without an end out of the loss."),
    int("overlong", \.overlong, "Tokens before the longest that cost reward; 0 for none."),
    int("redraws", \.redraws, "Rounds that replace groups of equal rewards; 0 for none."),
    choice(
      "schedule", \.schedule, of: [.independent, .spread], called: \.rawValue,
      "How domains are drawn"),
    bool("kl_correction", \.correctsKL, "Multiplies the KL by the importance ratio."),
    float("top_entropy", \.topEntropy, "The share of tokens that teach: the least sure ones."),
    optional(
      "off_policy", \.offPolicyLimit,
      "Leaves out what is paid below its group and lies so far off the policy, in nats a token."),
    choice(
      "correction", \.correction,
      of: [nil] + ImportanceCorrection.Mode.allCases.map { ImportanceCorrection(mode: $0) },
      called: { $0?.mode.rawValue ?? "none" },
      "What bounds, at 3, the ratio of a bfloat16 trainer's to the sampler's probabilities"),
    choice(
      "exhaustion", \.exhaustion, of: [.reshuffle, .stop], called: \.rawValue,
      "What a used-up domain does"),
    optional("passes", \.passes, "How often a domain's examples may come; none for no limit."),
    choice(
      "mixer", \.mixer, of: [nil] + Mixer.all.map(Optional.some), called: { $0?.name ?? "fixed" },
      "What chooses each step's weights"),
    optional("mixer_temperature", \.mixerTemperature, "The mixer's; none for its own."),
    bool("hold_share", \.holdsShare, "Holds each domain's share of the gradient at its weight."),
    bool(
      "gradient_checkpointing", \.gradientCheckpointing,
      "Computes activations again in the backward pass: less memory, a third more work, the same run."
    ),
    int(
      "accumulation", \.accumulation,
      "Pieces of a step that pass the network one after another: less memory, a third more work, the same run."
    ),
    choice(
      "precision", \.precision, of: ComputePrecision.allCases, called: \.rawValue,
      "What products are computed in; weights and sums stay float32"),
    choice(
      "rate_schedule", \.rateSchedule, of: RateSchedule.allCases, called: \.rawValue,
      "How the learning rate falls once it has risen"),
    float("warmup_share", \.warmupShare, "The part of the steps in which the learning rate rises."),
    float(
      "gradient_clip", \.gradientClip, "The greatest norm of a step's gradient; 0 clips nothing."),
    float("weight_decay", \.weightDecay, "AdamW's decay of the matrices."),
  ]

  /// `grpo(…)`.
  static let grpo = NativeFunction(
    FunctionSignature(
      "grpo", all.map(\.declaration), returns: .domain("Algorithm"),
      family: TrainingBuiltins.name,
      "Sets up group relative policy optimisation, or one of its kin.",
      examples: [
        Example("grpo(group: 6).group", prints: "6"),
        Example(
          "grpo(loss: \"dapo\", clip_high: 0.28, redraws: 4, overlong: 2).loss", prints: "dapo"),
      ],
      source: "DeepSeekMath, arXiv 2402.03300; MoDoMoDo, arXiv 2505.24871, section 4",
      details: "Losses:\n\n"
        + PolicyLoss.all.map { "- `\($0.name)`: \($0.summary) \($0.source)." }
        .joined(separator: "\n") + "\n\nAdvantages:\n\n"
        + Advantage.all.map { "- `\($0.name)`: \($0.summary) \($0.source)." }
        .joined(separator: "\n") + "\n\nMixers:\n\n"
        + Mixer.all.map { "- `\($0.name)`: \($0.summary) \($0.source)." }
        .joined(separator: "\n"))
  ) { call in
    var options = GRPOOptions()
    for (index, setting) in all.enumerated() { try setting.write(&options, call, index) }
    if let problem = options.problem { throw call.fail("E0705", problem) }
    return .domain(AlgorithmValue(options))
  }
}

/// The settings of an algorithm as scripts hold them.
final class AlgorithmValue: FieldedValue {
  let options: GRPOOptions

  init(_ options: GRPOOptions) { self.options = options }

  var typeName: String { "Algorithm" }

  static let fields: [(name: String, read: @Sendable (AlgorithmValue) -> Datum)] =
    AlgorithmSetting.all.map { setting in
      (setting.declaration.name, { setting.read($0.options) })
    }

  func isEqual(to other: any DomainValue) -> Bool {
    (other as? AlgorithmValue)?.options == options
  }

  /// The call that makes it: what matters most, and all that is not as usual.
  func display(_ width: Int) -> String {
    let usual = GRPOOptions()
    let always = ["group", "prompts", "beta", "learning_rate"]
    let shown = AlgorithmSetting.all.compactMap { setting -> String? in
      let name = setting.declaration.name
      let text = Self.text(setting.read(options))
      guard always.contains(name) || text != Self.text(setting.read(usual)) else { return nil }
      return "\(name): \(text)"
    }
    return "grpo(\(shown.joined(separator: ", ")))"
  }

  private static func text(_ value: Datum) -> String {
    switch value {
    case .int(let number): "\(number)"
    case .float(let number): "\(number)"
    case .bool(let flag): "\(flag)"
    case .string(let text): "\"\(text)\""
    default: "none"
    }
  }
}
