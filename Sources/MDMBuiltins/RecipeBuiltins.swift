import MDMData
import MDMDeclarations
import MDMMixtures
import MDMModels
import MDMRuntime
import MDMTensors
import MDMTraining

/// The native parts of training, for recipes that a script writes out: stdlib/recipes/grpo.mdm.
enum RecipeBuiltins: BuiltinFamily {
  static let name = "recipes"

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    [
      sampler, draw, rollout(context), trainer, descend, tokenLogprobs, LossBuiltins.advantages,
      LossBuiltins.policyLoss,
    ]
  }

  private static let who = ParameterDeclaration(
    "policy", .either([.domain("Policy"), .domain("Trainer")]), "A policy, or one that learns.")

  private static let sampler = NativeFunction(
    FunctionSignature(
      "sampler",
      [
        ParameterDeclaration("mixture", .domain("Mixture"), "How often each domain is drawn."),
        ParameterDeclaration(
          "data", .domain("Suite"), default: "none", "The examples; none takes the mixture's suite."
        ),
        ParameterDeclaration("seed", .int, default: "0", "Names the random streams."),
        ParameterDeclaration(
          "schedule", .string, default: "\"independent\"",
          "`independent` draws, or `spread` ones that keep each count within 1 of its share."),
        ParameterDeclaration(
          "exhaustion", .string, default: "\"reshuffle\"",
          "A used-up domain comes again by `reshuffle`; `stop` ends there."),
        ParameterDeclaration(
          "passes", .float, default: "none", "How often a domain's examples may come each."),
      ], returns: .domain("Sampler"), family: name, "Draws a mixture's prompts in order.",
      examples: [
        Example(
          "let s = sampler(mix {coco: 0.75, sat: 0.25}, load(\"mini\"), schedule: \"spread\")\n"
            + "draw(s, 8)\ns.drawn", prints: "{coco: 6, sat: 2}")
      ], source: "MoDoMoDo, arXiv 2505.24871, section 4; Tijdeman 1980")
  ) { call in
    let mixture = try call.domain(0, as: MixtureValue.self)
    guard
      let suite = try call.optional(1, { try call.domain($0, as: SuiteValue.self) })
        ?? mixture.suite
    else {
      throw call.fail("E0705", "`sampler` does not know where the mixture's examples are")
    }
    guard let schedule = MixtureSampler.Schedule(rawValue: try call.string(3)),
      let exhaustion = MixtureSampler.Exhaustion(rawValue: try call.string(4))
    else {
      throw call.fail(
        "E0705", "`schedule` is independent or spread, `exhaustion` reshuffle or stop", argument: 3)
    }
    let seed = UInt64(bitPattern: Int64(try call.int(2)))
    let passes = try call.optional(5) { try call.double($0) }
    return .domain(
      try call.training {
        let sets = try mixture.mixture.domains.map { domain throws(TrainingError) -> Dataset in
          guard let set = suite.suite.train.first(where: { $0.domain == domain }) else {
            throw .unknownDomain(domain, known: suite.suite.train.map(\.domain))
          }
          return set
        }
        return SamplerValue(
          try MixtureSampler(
            datasets: sets, weights: mixture.mixture.weights, seed: seed, schedule: schedule,
            exhaustion: exhaustion, passes: passes), data: sets)
      })
  }

  private static let draw = NativeFunction(
    FunctionSignature(
      "draw",
      [
        ParameterDeclaration("sampler", .domain("Sampler"), "It moves on."),
        ParameterDeclaration("count", .int, "How many prompts."),
      ], returns: .list, family: name, "Takes the next prompts; fewer where the sampler has ended.",
      examples: [
        Example(
          "len(draw(sampler(uniform(load(\"mini\"))), 3))", prints: "3")
      ])
  ) { call in
    let count = try call.count(1)
    return .list(
      try call.domain(0, as: SamplerValue.self).draw(count).map {
        .domain(DrawValue($0.example, index: $0.index))
      })
  }

  private static func rollout(_ context: BuiltinContext) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        "rollout",
        [
          who, ParameterDeclaration("draws", .list, "What `draw` gave."),
          ParameterDeclaration("group", .int, default: "8", "Completions of each prompt."),
          ParameterDeclaration("seed", .int, default: "0", "Names the random streams."),
          ParameterDeclaration("max_new_tokens", .int, default: "12", "The longest completion."),
          ParameterDeclaration("temperature", .float, default: "1.0", "Of sampling."),
        ], returns: .list, family: name, "Samples a group of completions for each drawn prompt.",
        examples: [
          Example(
            "let draws = draw(sampler(uniform(load(\"mini\"))), 2)\n"
              + "rollout(policy(\"mini\"), draws, group: 3) |> map(fn(r) len(r.texts))",
            prints: "[3, 3]")
        ])
    ) { call in
      let policy = try call.who(0)
      let draws = try call.domains(1, as: DrawValue.self, called: "Draw")
      let group = try call.count(2)
      var options = SamplingOptions(
        temperature: Float(try call.double(5)), maxNewTokens: try call.count(4),
        seed: UInt64(bitPattern: Int64(try call.int(3))), purpose: "rollout")
      guard options.temperature >= 0, options.temperature.isFinite else {
        throw call.fail("E0420", "`temperature` is 0 or more", argument: 5)
      }
      options.maxNewTokens = min(options.maxNewTokens, 512)
      let rollouts = try call.training {
        try Rollout.sample(
          policy, draws.map { ($0.example, $0.index) }, group: group, options: options,
          interrupted: { context.interrupt.isRequested })
      }
      try call.checkInterrupt()
      return .list(rollouts.map { .domain(RolloutValue($0)) })
    }
  }

  private static let trainer = NativeFunction(
    FunctionSignature(
      "trainer",
      [
        ParameterDeclaration("policy", .domain("Policy"), "Where to start; it stays as it is."),
        ParameterDeclaration(
          "freeze_vision", .bool, default: "true", "Whether the vision tower stays as it is."),
        ParameterDeclaration(
          "gradient_clip", .float, default: "1.0", "The greatest norm of a gradient; 0 for none."),
      ], returns: .domain("Trainer"), family: name,
      "Copies a policy into one that learns by AdamW.",
      examples: [Example("trainer(policy(\"mini\")).steps", prints: "0")])
  ) { call in
    let policy = try call.domain(0, as: PolicyValue.self).policy
    var options = AdamWOptions()
    options.freezesVision = try call.bool(1)
    let clip = try call.double(2)
    guard clip >= 0, clip.isFinite else {
      throw call.fail("E0420", "`gradient_clip` is 0 or more", argument: 2)
    }
    options.gradientClipNorm = Float(clip)
    return .domain(
      try call.training {
        try PolicyTrainer.checkMemory(policy)
        return TrainerValue(PolicyTrainer(policy: policy.copy(), optimiser: options))
      })
  }

  private static let descend = NativeFunction(
    FunctionSignature(
      "descend",
      [
        ParameterDeclaration("trainer", .domain("Trainer"), "It moves on."),
        ParameterDeclaration("rollouts", .list, "What `rollout` gave."),
        ParameterDeclaration(
          "loss", .function,
          "Takes the tokens' log-probabilities, [group][completion][token], and gives the loss's "
            + "derivative by each of them in the same shape."),
        ParameterDeclaration("learning_rate", .float, "AdamW's rate of this step."),
      ], returns: .float, family: name,
      "Takes one step of AdamW down a loss; gives the gradient's norm before it was clipped.",
      examples: [
        Example(
          "let l = trainer(policy(\"mini\"))\n"
            + "let r = rollout(l, draw(sampler(uniform(load(\"mini\"))), 2), group: 2)\n"
            + "let norm = descend(l, r, fn(logprobs) logprobs |> map(fn(g) g |> map(fn(c) c |> map(fn(x) -1.0))), 0.0001)\n"
            + "[norm > 0.0, l.steps]", prints: "[true, 1]")
      ])
  ) { call in
    let holder = try call.domain(0, as: TrainerValue.self)
    let groups = try call.rollouts(1)
    let loss = try call.function(2)
    let rate = try call.double(3)
    guard rate >= 0, rate < 1 else {
      throw call.fail("E0705", "`learning_rate` is \(rate), but it lies between 0 and 1")
    }
    let norm = try holder.with { trainer in
      do {
        try trainer.accumulate(groups) { scores in
          try call.derivatives(
            try call.invoke(loss, [LossBuiltins.nested(scores)]), like: scores)
        }
      } catch {
        trainer.clearGradient()
        throw error
      }
      return Double(trainer.step(learningRate: Float(rate)))
    }
    guard norm.isFinite else {
      throw call.fail("E0705", "the gradient is not finite; no weight has moved")
    }
    return .float(norm)
  }

  private static let tokenLogprobs = NativeFunction(
    FunctionSignature(
      "token_logprobs",
      [who, ParameterDeclaration("rollouts", .list, "What `rollout` gave.")], returns: .list,
      family: name,
      "Gives the log-probability of each token of rollouts under a policy: [group][completion][token].",
      examples: [
        Example(
          "let p = policy(\"mini\")\n"
            + "let r = rollout(p, draw(sampler(uniform(load(\"mini\"))), 2), group: 3)\n"
            + "token_logprobs(p, r) |> map(len)", prints: "[3, 3]")
      ])
  ) { call in
    LossBuiltins.nested(try call.who(0).logProbabilities(try call.rollouts(1)))
  }
}

extension NativeCall {
  /// A policy, or the one of a trainer.
  fileprivate func who(_ index: Int) throws -> Policy {
    if case .domain(let trainer as TrainerValue) = try datum(index) { return trainer.policy }
    return try domain(index, as: PolicyValue.self).policy
  }

  /// A count from 1 to 65536.
  fileprivate func count(_ index: Int) throws -> Int {
    let value = try int(index)
    guard (1...65536).contains(value) else {
      throw fail(
        "E0420", "`\(parameterName(index))` is \(value), not from 1 to 65536", argument: index)
    }
    return value
  }

  fileprivate func rollouts(_ index: Int) throws -> [CompletionGroup] {
    try domains(index, as: RolloutValue.self, called: "Rollout").map(\.rollout.group)
  }

  /// What a script's loss gave, in the shape of the log-probabilities.
  fileprivate func derivatives(_ datum: Datum, like shape: [[[Float]]]) throws -> [[[Float]]] {
    func wrong() -> any Error {
      fail(
        "E0406",
        "the loss gives a derivative for each token, in the shape of the log-probabilities")
    }
    guard case .list(let groups) = datum, groups.count == shape.count else { throw wrong() }
    return try zip(groups, shape).map { group, shape in
      guard case .list(let rows) = group, rows.count == shape.count else { throw wrong() }
      return try zip(rows, shape).map { row, shape in
        guard case .list(let values) = row, values.count == shape.count else { throw wrong() }
        return try values.map { value in
          guard let number = value.number else { throw wrong() }
          return Float(number)
        }
      }
    }
  }
}
