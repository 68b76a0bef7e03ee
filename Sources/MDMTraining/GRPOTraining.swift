import Glibc
import MDMData
import MDMMixtures
import MDMModels
import MDMRewards
import MDMTensors

/// One training run: GRPO on a mixture of domains.
public struct GRPOTraining {
  public let base: Policy
  public let mixture: Mixture
  /// The training sets; the mixture's domains are among theirs.
  public let data: [Dataset]
  public let reward: RewardFunction
  public let options: GRPOOptions
  public let steps: Int
  public let seed: UInt64

  /// A run; nothing is computed yet.
  ///
  /// - Throws: `TrainingError` for settings without a meaning and for domains without data.
  public init(
    base: Policy, mixture: Mixture, data: [Dataset], reward: RewardFunction = .gated,
    options: GRPOOptions = GRPOOptions(), steps: Int, seed: UInt64
  ) throws(TrainingError) {
    if let problem = options.problem { throw .badOption(problem) }
    guard steps >= 1, steps <= 1_000_000 else {
      throw .badOption("`steps` is \(steps), but it lies between 1 and 1000000")
    }
    var ordered: [Dataset] = []
    for domain in mixture.domains {
      guard let set = data.first(where: { $0.domain == domain }) else {
        throw .unknownDomain(domain, known: data.map(\.domain))
      }
      guard set.count > 0 else { throw .badOption("the dataset `\(set.name)` is empty") }
      ordered.append(set)
    }
    self.base = base
    self.mixture = mixture
    self.data = ordered
    self.reward = reward
    self.options = options
    self.steps = steps
    self.seed = seed
  }

  /// What goes into the run, as text: equal texts give equal runs on one machine.
  public var inputs: String {
    let sets = zip(data, mixture.weights).map { "\($0.name) \($0.fingerprint.prefix(16)) \($1)" }
    return """
      base \(base.fingerprint)
      data \(sets.joined(separator: "; "))
      reward \(reward.name)
      options \(options)
      steps \(steps) seed \(seed)
      """
  }

  /// Trains. An interrupt ends the step in progress and gives a partial run.
  ///
  /// - Parameters:
  ///   - events: Hears of each step.
  ///   - interrupted: Asked several times a step.
  /// - Throws: `TrainingError`, `DataError`, or what a script's reward throws.
  public func run(
    events: (TrainingEvent) -> Void = { _ in },
    interrupted: @escaping @Sendable () -> Bool = { false }
  ) throws -> Run {
    let policy = base.copy()
    let encoder = PromptEncoder(policy: policy)
    var optimiser = AdamWOptions()
    optimiser.gradientClipNorm = Float(options.gradientClip)
    optimiser.freezesVision = options.freezesVision
    let trainer = PolicyTrainer(policy: policy, optimiser: optimiser)
    var sampler = try MixtureSampler(datasets: data, weights: mixture.weights, seed: seed)
    var recorder = MetricRecorder(domains: mixture.domains)
    var drawn = [Int](repeating: 0, count: data.count)
    var isInterrupted = false

    for step in 0..<steps {
      var picks: [(domain: Int, example: MDMData.Example)] = []
      var prompts: [Prompt] = []
      for slot in 0..<options.prompts {
        // Exhausted domains start over in a new order, so there is always a next one.
        guard let draw = sampler.next() else { break }
        let example = data[draw.domain][draw.index]
        picks.append((draw.domain, example))
        prompts.append(
          try encoder.prompt(
            example, domain: example.domain, index: step * options.prompts + slot))
      }
      let sampled = policy.generate(
        prompts, samples: options.group,
        options: SamplingOptions(
          temperature: Float(options.temperature), maxNewTokens: options.maxNewTokens, seed: seed,
          purpose: "rollout"),
        interrupted: interrupted)
      if interrupted() {
        isInterrupted = true
        break
      }
      let rollouts = try score(sampled, picks, encoder)
      let loss = update(trainer, prompts, rollouts, step: step)
      guard loss.norm.isFinite else { throw TrainingError.diverged(step: step + 1) }
      for pick in picks { drawn[pick.domain] += 1 }
      let metrics = recorder.add(
        rollouts, loss: loss.result, norm: loss.norm,
        learningRate: options.learningRate(step: step, of: steps))
      events(.step(index: step, of: steps, metrics: metrics))
    }
    return Run(
      status: isInterrupted ? .interrupted : .complete, mixture: mixture, seed: seed,
      options: options, plannedSteps: steps, metrics: recorder.series, drawn: drawn,
      policy: policy, inputs: inputs)
  }

  private func score(
    _ sampled: [[Completion]], _ picks: [(domain: Int, example: MDMData.Example)],
    _ encoder: PromptEncoder
  ) throws -> [ScoredGroup] {
    try zip(sampled, picks).map { completions, pick in
      var group = ScoredGroup(domain: pick.domain, completions: completions)
      for completion in completions {
        let text = encoder.text(completion.tokens)
        group.rewards.append(try reward.checked(text, pick.example))
        group.formats.append(FormatReward().score(text, pick.example))
        group.accuracies.append(AccuracyReward().score(text, pick.example))
      }
      return group
    }
  }

  private func update(
    _ trainer: PolicyTrainer, _ prompts: [Prompt], _ rollouts: [ScoredGroup], step: Int
  ) -> (result: LossResult, norm: Double) {
    let groups = zip(prompts, rollouts).map { prompt, group in
      CompletionGroup(prompt: prompt, completions: group.completions.map(\.tokens))
    }
    let reference = base.logProbabilities(groups)
    var result = LossResult()
    trainer.accumulate(groups) { policy in
      let inputs = rollouts.indices.map { index in
        LossInput(
          policy: policy[index],
          sampling: rollouts[index].completions.map(\.logProbabilities),
          reference: reference[index],
          advantages: Advantage.groupNormalised(rollouts[index].rewards))
      }
      result = PolicyLoss.grpo(inputs, beta: options.beta, clip: options.clip)
      return result.derivatives
    }
    let rate = options.learningRate(step: step, of: steps)
    return (result, Double(trainer.step(learningRate: Float(rate))))
  }
}

/// The completions of one prompt with what they were paid.
struct ScoredGroup {
  let domain: Int
  let completions: [Completion]
  var rewards: [Double] = []
  /// F of the paper's reward, 0 or 1.
  var formats: [Double] = []
  /// F times accuracy or IoU.
  var accuracies: [Double] = []
}
