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
  public let reward: RewardRouting
  public let options: GRPOOptions
  public let steps: Int
  public let seed: UInt64
  /// Each domain's reward, in the mixture's order.
  let rewards: [RewardFunction]
  /// When to end before the last step; nil goes on to it.
  public var earlyStopping: EarlyStopping?
  /// The most completions that each step tells of in a `completions` event.
  public var shownCompletions = 0

  /// A run; nothing is computed yet.
  ///
  /// - Throws: `TrainingError` for settings without a meaning and for domains without data.
  public init(
    base: Policy, mixture: Mixture, data: [Dataset], reward: RewardFunction = .gated,
    options: GRPOOptions = GRPOOptions(), steps: Int, seed: UInt64
  ) throws(TrainingError) {
    try self.init(
      base: base, mixture: mixture, data: data, rewards: RewardRouting(reward), options: options,
      steps: steps, seed: seed)
  }

  /// The same with a reward of its own for each domain.
  ///
  /// - Throws: `TrainingError` also for domains without a reward and rewards without a domain.
  public init(
    base: Policy, mixture: Mixture, data: [Dataset], rewards: RewardRouting,
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
    self.reward = rewards
    self.rewards = try rewards.rewards(of: ordered, weights: mixture.weights)
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
      reward \(reward.description)
      options \(options)
      steps \(steps) seed \(seed)\(earlyStopping.map { "\nearly stopping \($0)" } ?? "")
      """
  }

  /// Each domain's reward with its range, as text.
  public var rewardContracts: String {
    rewards.map { "\($0.name) \($0.range)" }.joined(separator: "\n")
  }

  /// Trains. An interrupt ends the step in progress and gives a partial run.
  ///
  /// - Parameters:
  ///   - earlier: An interrupted run of the same inputs; this one goes on after its last whole step
  ///     and ends with the bits of a run that was never interrupted. A script's reward is compared
  ///     by name only.
  ///   - checkpoints: Keeps the run as it stands now and then, and before an error leaves.
  ///   - events: Hears of each step.
  ///   - interrupted: Asked several times a step.
  /// - Throws: `TrainingError`, `DataError`, `ModelError` for want of memory, or what a script's reward throws.
  public func run(
    continuing earlier: Run? = nil, checkpoints: CheckpointPlan<Run>? = nil,
    events: (TrainingEvent) -> Void = { _ in },
    interrupted: @escaping @Sendable () -> Bool = { false }
  ) throws -> Run {
    let inputs = inputs
    var checkpoints = checkpoints
    if let earlier { try check(earlier) }
    try PolicyTrainer.checkMemory(base)
    let policy = (earlier?.policy ?? base).copy()
    let encoder = PromptEncoder(policy: policy)
    let trainer = trainer(of: policy, after: earlier)
    var sampler = try MixtureSampler(
      datasets: data, weights: mixture.weights, seed: seed, schedule: options.schedule,
      exhaustion: options.exhaustion, passes: options.passes, drawn: earlier?.drawn)
    let domains = mixture.domains
    var recorder = MetricRecorder(domains: domains, series: earlier?.metrics ?? [:])
    var signs = RewardSigns(
      domains: domains, metrics: recorder.series, steps: earlier?.steps ?? 0)
    var drawn = sampler.drawn
    let clock = ContinuousClock()
    let start = clock.now
    var isInterrupted = false
    var stopping = earlyStopping
    var ending = stopping?.look(at: recorder.series)

    /// The run as it stands after its last whole step.
    func result(_ status: Run.Status) -> Run {
      Run(
        status: status, mixture: mixture, seed: seed, options: options, plannedSteps: steps,
        metrics: recorder.series, drawn: drawn, policy: policy, inputs: inputs,
        seconds: (earlier?.seconds ?? 0) + (clock.now - start) / .seconds(1), ending: ending,
        optimiser: status == .complete ? nil : trainer.state)
    }

    do {
      training: for step in (earlier?.steps ?? 0)..<steps where ending == nil {
        if let mixer = options.mixer {
          sampler.reweigh(
            mixer.weights(
              mixture: Array(zip(domains, mixture.weights)), metrics: recorder.series,
              temperature: options.mixerTemperature))
        }
        let asked = sampler.weights
        let rollouts: (all: [ScoredGroup], kept: [ScoredGroup])
        // Nothing of a step that ends early is kept: no weight has moved and no draw counts yet.
        switch try roll(&sampler, policy, encoder, interrupted: interrupted) {
        case .interrupted:
          isInterrupted = true
          break training
        case .exhausted: break training
        case .rolled(let all, let kept): rollouts = (all, kept)
        }
        let factors =
          options.holdsShare
          ? GradientShare.factors(domains: domains, weights: asked, metrics: recorder.series)
          : domains.map { _ in 1 }
        let done = try update(trainer, rollouts.kept, factors: factors, step: step)
        drawn = sampler.drawn
        let metrics = recorder.add(
          MetricRecorder.Step(
            groups: rollouts.all, kept: rollouts.kept, advantages: done.advantages,
            loss: done.result, entropy: done.entropy, norm: done.norm,
            learningRate: options.learningRate(step: step, of: steps), asked: asked,
            factors: factors, masksTruncated: options.masksTruncated, rewards: rewards))
        if shownCompletions > 0 {
          events(
            .completions(
              step: step,
              ShownCompletion.some(
                shownCompletions, of: rollouts.kept, advantages: done.advantages)))
        }
        events(.step(index: step, of: steps, metrics: metrics))
        for note in signs.look(recorder.series, step: step) { events(.note(note)) }
        ending = stopping?.look(at: recorder.series)
        if step + 1 < steps { checkpoints?.stepIsDone(step + 1) { result(.interrupted) } }
      }
    } catch {
      // Of a step with several updates some may have moved the weights already.
      if options.iterations == 1 { checkpoints?.write(result(.interrupted)) }
      throw error
    }
    return result(isInterrupted ? .interrupted : .complete)
  }

  private func check(_ earlier: Run) throws(TrainingError) {
    guard earlier.status != .complete, earlier.optimiser != nil else {
      throw .cannotContinue(reason: "it is complete")
    }
    try checkInputs(earlier.inputs)
  }

  /// Checks that a run began with these inputs.
  func checkInputs(_ earlier: String) throws(TrainingError) {
    let inputs = inputs
    guard earlier != inputs else { return }
    let lines = zip(earlier.split(separator: "\n"), inputs.split(separator: "\n"))
    let (was, now) = lines.first { $0 != $1 } ?? ("", "")
    throw .cannotContinue(reason: "it began with `\(was)`, this one is `\(now)`")
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

  /// What became of the drawing of a step.
  private enum Rollouts {
    case interrupted
    /// The sampler has no prompt left.
    case exhausted
    /// All groups, and those that the loss is to see.
    case rolled(all: [ScoredGroup], kept: [ScoredGroup])
  }

  /// Draws prompts, samples their completions and pays for them. Where groups of equal rewards are
  /// drawn again, `kept` has those that teach; once the redraws are used up, fewer than `prompts`, and
  /// all where none teaches.
  private func roll(
    _ sampler: inout MixtureSampler, _ policy: Policy, _ encoder: PromptEncoder,
    interrupted: @escaping @Sendable () -> Bool
  ) throws -> Rollouts {
    var all: [ScoredGroup] = []
    var teaching: [ScoredGroup] = []
    for _ in 0...options.redraws {
      var picks: [(domain: Int, example: MDMData.Example, prompt: Prompt)] = []
      prepare(sampler)
      while picks.count < options.prompts - teaching.count {
        let index = sampler.step
        guard let draw = sampler.next() else { return .exhausted }
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
          purpose: "rollout", stopsAtEnd: options.stopsAtEnd),
        interrupted: interrupted)
      guard !interrupted() else { return .interrupted }
      var groups = zip(sampled, picks).map { completions, pick in
        var group = ScoredGroup(
          domain: pick.domain, prompt: pick.prompt, completions: completions)
        group.texts = completions.map { encoder.text($0.tokens) }
        if shownCompletions > 0 { group.example = pick.example }
        return group
      }
      guard try score(&groups, picks.map(\.example), interrupted: interrupted) else {
        return .interrupted
      }
      all += groups
      teaching += groups.filter { !$0.isUniform }
      if options.redraws == 0 { return .rolled(all: all, kept: all) }
      if teaching.count >= options.prompts { break }
    }
    return .rolled(all: all, kept: teaching.isEmpty ? all : teaching)
  }

  /// Has the pictures of the next prompts decoded while other work goes on.
  private func prepare(_ sampler: MixtureSampler) {
    guard data.contains(where: \.holdsFiles) else { return }
    for draw in sampler.upcoming(options.prompts) { data[draw.domain].prepare([draw.index]) }
  }

  /// Pays for the completions of groups, native rewards on all threads; false where an interrupt came
  /// meanwhile. Of several rewards that break their contract the first in order is named.
  private func score(
    _ groups: inout [ScoredGroup], _ examples: [MDMData.Example], interrupted: () -> Bool
  ) throws -> Bool {
    var failures = [(any Error)?](repeating: nil, count: groups.count)
    groups.withUnsafeMutableBufferPointer { groups in
      failures.withUnsafeMutableBufferPointer { failures in
        nonisolated(unsafe) let (groups, failures) = (groups, failures)
        Workers.run(groups.count) { place in
          measure(&groups[place], examples[place])
          guard rewards[groups[place].domain].isConcurrent else { return }
          do { try pay(&groups[place], examples[place]) { false } } catch {
            failures[place] = error
          }
        }
      }
    }
    for place in groups.indices {
      if let failure = failures[place] { throw failure }
      guard !rewards[groups[place].domain].isConcurrent else { continue }
      do {
        try pay(&groups[place], examples[place], interrupted: interrupted)
      } catch is RewardInterruption {
        return false
      }
    }
    return !interrupted()
  }

  /// The paper's format and accuracy, whatever pays.
  private func measure(_ group: inout ScoredGroup, _ example: MDMData.Example) {
    group.formats = group.texts.map { FormatReward().score($0, example) }
    group.accuracies = group.texts.map { AccuracyReward().score($0, example) }
  }

  private func pay(
    _ group: inout ScoredGroup, _ example: MDMData.Example, interrupted: () -> Bool
  ) throws {
    let reward = rewards[group.domain]
    for text in group.texts {
      let parts = try reward.parts(text, example)
      group.rewards.append(parts.reduce(0, +))
      if !reward.summands.isEmpty { group.parts.append(parts) }
      if interrupted() { throw RewardInterruption() }
    }
  }

  /// Takes the step's updates; what is told is that of the last.
  private func update(
    _ trainer: PolicyTrainer, _ rollouts: [ScoredGroup], factors: [Double], step: Int
  ) throws(TrainingError) -> (
    result: LossResult, norm: Double, entropy: Double, advantages: [[Double]]
  ) {
    let groups = rollouts.map { group in
      CompletionGroup(prompt: group.prompt, completions: group.completions.map(\.tokens))
    }
    // A pass of the base that nothing would be made of is saved.
    let reference =
      options.beta > 0 ? base.logProbabilities(groups, precision: options.precision) : nil
    let paid = rollouts.enumerated().map { place, group in
      group.adjusted(
        options, isGated: rewards[group.domain].name == RewardFunction.gated.name,
        reference?[place])
    }
    let advantages = options.advantage(paid)
    let scaled = zip(rollouts, advantages).map { group, advantages in
      advantages.map { $0 * factors[group.domain] }
    }
    let rate = Float(options.learningRate(step: step, of: steps))
    var last = (result: LossResult(), norm: 0.0, entropy: 0.0, advantages: advantages)
    // What was drawn in float32 is not what bfloat16 gives: there the first update's own numbers are the old ones.
    let drawn = rollouts.map { $0.completions.map(\.logProbabilities) }
    var sampling = options.precision == .float32 ? drawn : nil
    // In pieces they cost a forward pass of their own.
    let wantsEntropies = options.accumulation == 1 || options.topEntropy < 1
    for _ in 0..<options.iterations {
      trainer.accumulate(groups) { policy, entropies in
        let old = sampling ?? policy
        sampling = old
        let entropies = wantsEntropies ? entropies() : nil
        let inputs = rollouts.indices.map { index in
          var input = LossInput(
            policy: policy[index],
            sampling: old[index],
            reference: reference?[index], advantages: scaled[index],
            mask: options.masksTruncated ? rollouts[index].finishedTokens : nil)
          input.entropies = entropies?[index]
          input.rollout = drawn[index]
          return input
        }
        last.result = options.loss(inputs, options.lossSettings)
        let all = entropies.map { Array($0.joined().joined()) } ?? []
        last.entropy =
          all.isEmpty ? .nan : all.reduce(0.0) { $0 + Double($1) } / Double(all.count)
        return last.result.derivatives
      }
      last.norm = Double(trainer.step(learningRate: rate))
      guard last.norm.isFinite else {
        throw .diverged(
          step: step + 1,
          cause: Divergence.cause(
            rollouts, last.result, norm: last.norm, domains: mixture.domains))
      }
    }
    return last
  }
}
