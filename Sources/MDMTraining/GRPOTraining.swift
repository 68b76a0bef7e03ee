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
  ///   - earlier: An interrupted run of the same inputs; this one goes on after its last whole step
  ///     and ends with the bits of a run that was never interrupted. A script's reward is compared
  ///     by name only.
  ///   - events: Hears of each step.
  ///   - interrupted: Asked several times a step.
  /// - Throws: `TrainingError`, `DataError`, `ModelError` for want of memory, or what a script's reward throws.
  public func run(
    continuing earlier: Run? = nil, events: (TrainingEvent) -> Void = { _ in },
    interrupted: @escaping @Sendable () -> Bool = { false }
  ) throws -> Run {
    let inputs = inputs
    if let earlier { try check(earlier, inputs: inputs) }
    try PolicyTrainer.checkMemory(base)
    let policy = (earlier?.policy ?? base).copy()
    let encoder = PromptEncoder(policy: policy)
    let trainer = trainer(of: policy, after: earlier)
    var sampler = try MixtureSampler(
      datasets: data, weights: mixture.weights, seed: seed, schedule: options.schedule,
      drawn: earlier?.drawn)
    var recorder = MetricRecorder(domains: mixture.domains, series: earlier?.metrics ?? [:])
    var drawn = sampler.drawn
    let clock = ContinuousClock()
    let start = clock.now
    var isInterrupted = false

    for step in (earlier?.steps ?? 0)..<steps {
      // Nothing of an interrupted step is kept: no weight has moved and no draw counts yet.
      guard let rollouts = try roll(&sampler, policy, encoder, interrupted: interrupted) else {
        isInterrupted = true
        break
      }
      let loss = try update(trainer, rollouts.kept, step: step)
      drawn = sampler.drawn
      let metrics = recorder.add(
        rollouts.all, kept: rollouts.kept, masksTruncated: options.masksTruncated,
        loss: loss.result, norm: loss.norm,
        learningRate: options.learningRate(step: step, of: steps))
      events(.step(index: step, of: steps, metrics: metrics))
    }
    return Run(
      status: isInterrupted ? .interrupted : .complete, mixture: mixture, seed: seed,
      options: options, plannedSteps: steps, metrics: recorder.series, drawn: drawn,
      policy: policy, inputs: inputs,
      seconds: (earlier?.seconds ?? 0) + (clock.now - start) / .seconds(1),
      optimiser: isInterrupted ? trainer.state : nil)
  }

  private func check(_ earlier: Run, inputs: String) throws(TrainingError) {
    guard earlier.status != .complete, earlier.optimiser != nil else {
      throw .cannotContinue(reason: "it is complete")
    }
    guard earlier.inputs == inputs else {
      let lines = zip(earlier.inputs.split(separator: "\n"), inputs.split(separator: "\n"))
      let (was, now) = lines.first { $0 != $1 } ?? ("", "")
      throw .cannotContinue(reason: "it began with `\(was)`, this one is `\(now)`")
    }
  }

  private func trainer(of policy: Policy, after earlier: Run?) -> PolicyTrainer {
    var optimiser = AdamWOptions()
    optimiser.gradientClipNorm = Float(options.gradientClip)
    optimiser.freezesVision = options.freezesVision
    optimiser.weightDecay = Float(options.weightDecay)
    let trainer =
      earlier?.optimiser.map {
        PolicyTrainer(policy: policy, optimiser: optimiser, continuing: $0)
      } ?? PolicyTrainer(policy: policy, optimiser: optimiser)
    trainer.recomputesActivations = options.gradientCheckpointing
    trainer.pieces = options.accumulation
    trainer.precision = options.precision
    return trainer
  }

  /// Draws prompts, samples their completions and pays for them; nil where an interrupt came
  /// meanwhile. Where groups of equal rewards are drawn again, `kept` has those that teach; once the
  /// redraws are used up, fewer than `prompts`, and all where none teaches.
  private func roll(
    _ sampler: inout MixtureSampler, _ policy: Policy, _ encoder: PromptEncoder,
    interrupted: @escaping @Sendable () -> Bool
  ) throws -> (all: [ScoredGroup], kept: [ScoredGroup])? {
    var all: [ScoredGroup] = []
    var teaching: [ScoredGroup] = []
    for _ in 0...options.redraws {
      var picks: [(domain: Int, example: MDMData.Example, prompt: Prompt)] = []
      prepare(sampler)
      while picks.count < options.prompts - teaching.count {
        let index = sampler.step
        // Exhausted domains start over in a new order, so there is always a next one.
        guard let draw = sampler.next() else { break }
        let example = data[draw.domain][draw.index]
        picks.append(
          (
            draw.domain, example,
            try encoder.prompt(example, domain: example.domain, index: index)
          ))
      }
      prepare(sampler)
      let sampled = policy.generate(
        picks.map(\.prompt), samples: options.group,
        options: SamplingOptions(
          temperature: Float(options.temperature), maxNewTokens: options.maxNewTokens, seed: seed,
          purpose: "rollout"),
        interrupted: interrupted)
      guard !interrupted() else { return nil }
      for (completions, pick) in zip(sampled, picks) {
        var group = ScoredGroup(
          domain: pick.domain, prompt: pick.prompt, completions: completions)
        guard try score(&group, pick.example, encoder, interrupted: interrupted) else {
          return nil
        }
        all.append(group)
        if !group.isUniform { teaching.append(group) }
      }
      if options.redraws == 0 { return (all, all) }
      if teaching.count >= options.prompts { break }
    }
    return (all, teaching.isEmpty ? all : teaching)
  }

  /// Has the pictures of the next prompts decoded while other work goes on.
  private func prepare(_ sampler: MixtureSampler) {
    guard data.contains(where: \.holdsFiles) else { return }
    for draw in sampler.upcoming(options.prompts) { data[draw.domain].prepare([draw.index]) }
  }

  /// Pays for the completions of a group; false where an interrupt came meanwhile.
  private func score(
    _ group: inout ScoredGroup, _ example: MDMData.Example, _ encoder: PromptEncoder,
    interrupted: () -> Bool
  ) throws -> Bool {
    for completion in group.completions {
      let text = encoder.text(completion.tokens)
      do {
        group.rewards.append(try reward.checked(text, example))
      } catch is RewardInterruption {
        return false
      }
      if interrupted() { return false }
      group.formats.append(FormatReward().score(text, example))
      group.accuracies.append(AccuracyReward().score(text, example))
    }
    return true
  }

  /// Takes the step's updates; the loss and the norm are those of the last.
  private func update(
    _ trainer: PolicyTrainer, _ rollouts: [ScoredGroup], step: Int
  ) throws(TrainingError) -> (result: LossResult, norm: Double) {
    let groups = rollouts.map { group in
      CompletionGroup(prompt: group.prompt, completions: group.completions.map(\.tokens))
    }
    let reference = base.logProbabilities(groups, precision: options.precision)
    let rewards = zip(rollouts, reference).map { group, reference in
      group.adjusted(options, isGated: reward.name == RewardFunction.gated.name, reference)
    }
    let advantages = options.advantage(rewards)
    let rate = Float(options.learningRate(step: step, of: steps))
    var last = (result: LossResult(), norm: 0.0)
    // What was drawn in float32 is not what bfloat16 gives: there the first update's own numbers are the old ones.
    var sampling =
      options.precision == .float32
      ? rollouts.map { $0.completions.map(\.logProbabilities) } : nil
    for _ in 0..<options.iterations {
      trainer.accumulate(groups) { policy in
        let old = sampling ?? policy
        sampling = old
        let inputs = rollouts.indices.map { index in
          LossInput(
            policy: policy[index],
            sampling: old[index],
            reference: reference[index], advantages: advantages[index],
            mask: options.masksTruncated ? rollouts[index].finishedTokens : nil)
        }
        last.result = options.loss(inputs, options.lossSettings)
        return last.result.derivatives
      }
      last.norm = Double(trainer.step(learningRate: rate))
      guard last.norm.isFinite else { throw .diverged(step: step + 1) }
    }
    return last
  }
}
