import MDMData
import MDMTensors

/// The settings of GRPO; the defaults are those that move the suite `mini`.
///
/// Source: MoDoMoDo (arXiv 2505.24871), section 4: group 6, beta .04; the learning rate is that of a
/// one-million-parameter policy (docs/learning/grpo.md tells how it was found).
public struct GRPOOptions: Sendable, Equatable {
  /// Completions of each prompt.
  public var group = 8
  /// Prompts of each step.
  public var prompts = 8
  /// The weight of the KL term.
  public var beta = 0.04
  /// The half-width of the importance ratio's range, or how far it may fall below 1 only.
  public var clip = 0.2
  /// How far the ratio may rise above 1 where that is not `clip`; DAPO takes 0.28.
  public var clipHigh: Double?
  /// The greatest ratio that a negative advantage is multiplied by: the two-sided clip.
  public var ratioLimit: Double?
  /// What bounds the objective of a negative advantage from below: the dual clip.
  public var dualClip: Double?
  /// How token objectives become one number.
  public var loss = PolicyLoss.grpo
  /// Completions of one of BNPO's batches; 0 makes the step one batch.
  public var microBatch = 0
  /// How the KL to the base is estimated.
  public var kl = KLEstimator.k3
  /// Whether the KL is taken off the rewards, by the sampled tokens' sum, and not part of the loss.
  public var takesKLOffReward = false
  /// How a group's rewards become advantages.
  public var advantage = Advantage.groupNormalised
  /// Updates on each step's completions; the clip bounds what those after the first can do.
  public var iterations = 1
  /// Whether completions that did not reach their end count nowhere in the loss.
  public var masksTruncated = false
  /// Up to 1 is taken off the reward of completions within so many tokens of the longest; 0 for none.
  ///
  /// Source: DAPO, arXiv 2503.14476, equation 13.
  public var overlong = 0
  /// How often a step may draw again in the place of groups whose rewards are all equal; 0 keeps them.
  ///
  /// Source: DAPO, arXiv 2503.14476, section 3.2.
  public var redraws = 0
  /// Whether the KL is multiplied by the importance ratio.
  public var correctsKL = false
  /// The share of a step's tokens, those of the highest entropy, whose objective counts.
  public var topEntropy = 1.0
  /// The mean log-ratio beyond which completions of negative advantage are left out; nil for none.
  public var offPolicyLimit: Double?
  /// What corrects for completions being drawn in float32 where the trainer computes in bfloat16; nil for none.
  public var correction: ImportanceCorrection?
  /// How the domain of each prompt is chosen.
  public var schedule = MixtureSampler.Schedule.independent
  /// What happens once a domain's examples are used up.
  public var exhaustion = MixtureSampler.Exhaustion.reshuffle
  /// How often a domain's examples may be drawn each; nil for no limit.
  public var passes: Double?
  /// What chooses the weights anew at each step; nil keeps those of the mixture.
  public var mixer: Mixer?
  /// The mixer's temperature; nil for its own.
  public var mixerTemperature: Double?
  /// Whether advantages are scaled by domain so that shares of the gradient are the mixture's weights.
  public var holdsShare = false
  /// AdamW's learning rate after `warmupShare` of the steps.
  public var learningRate = 1e-4
  /// How the learning rate falls after that.
  public var rateSchedule = RateSchedule.linear
  /// The share of the steps in which the learning rate grows.
  public var warmupShare = 0.1
  /// The temperature of sampling.
  public var temperature = 1.0
  /// The longest completion in tokens.
  public var maxNewTokens = 12
  /// The greatest norm of a step's gradient.
  public var gradientClip = 1.0
  /// AdamW's decay of the matrices.
  public var weightDecay = 0.0
  /// Whether the vision tower stays as it is, as in the paper.
  public var freezesVision = true
  /// Whether a completion ends at the end token; measurements of speed go on to the longest.
  public var stopsAtEnd = true

  /// Whether activations are computed again in the backward pass, to save memory.
  public var gradientCheckpointing = false
  /// In how many pieces a step's groups pass the network, to save memory.
  public var accumulation = 1
  /// What products with matrices are computed in, of the policy's and the reference's log-probabilities and of
  /// the gradients; completions are drawn in float32.
  public var precision = ComputePrecision.float32

  public init() {}

  /// What is wrong with the settings, nil where nothing is.
  public var problem: String? {
    if group > 1 << 20 || prompts > 1 << 20 || group * prompts > 1 << 20 {
      return "a step of \(prompts) prompts x \(group) completions has more than 1048576"
    }
    if !(topEntropy > 0 && topEntropy <= 1) {
      return "`top_entropy` is \(topEntropy), but it is a share above 0"
    }
    if let offPolicyLimit, !(offPolicyLimit >= 0 && offPolicyLimit.isFinite) {
      return "`off_policy` is \(offPolicyLimit), but it is 0 or more"
    }
    if let passes, !(passes > 0 && passes.isFinite) {
      return "`passes` is \(passes), but it is above 0"
    }
    if mixer != nil, schedule == .spread {
      return "a mixer changes the weights at each step, so it goes with `schedule: \"independent\"`"
    }
    if let mixerTemperature, !(mixerTemperature > 0 && mixerTemperature.isFinite) {
      return "`mixer_temperature` is \(mixerTemperature), but it is above 0"
    }
    if group < 2 { return "`group` is \(group), but an advantage needs at least 2 completions" }
    if prompts < 1 { return "`prompts` is \(prompts), but a step needs at least 1" }
    if !(beta >= 0 && beta.isFinite) { return "`beta` is \(beta), but it is 0 or more" }
    if !(clip > 0 && clip < 1) { return "`clip` is \(clip), but it lies between 0 and 1" }
    if let clipHigh, !(clipHigh > 0 && clipHigh.isFinite) {
      return "`clip_high` is \(clipHigh), but it is more than 0"
    }
    if let ratioLimit, !(ratioLimit > 1 + (clipHigh ?? clip)) {
      return "`ratio_limit` is \(ratioLimit), but it is more than 1 + clip_high"
    }
    if let dualClip, !(dualClip > 1) { return "`dual_clip` is \(dualClip), but it is more than 1" }
    if microBatch < 0 { return "`micro_batch` is \(microBatch), but it is 0 (the step) or more" }
    if overlong < 0 || overlong > maxNewTokens {
      return
        "`overlong` is \(overlong), but it lies between 0 and `max_new_tokens`, \(maxNewTokens)"
    }
    if redraws < 0 || redraws > 100 {
      return "`redraws` is \(redraws), but it lies between 0 and 100"
    }
    if iterations < 1 || iterations > 100 {
      return "`iterations` is \(iterations), but it lies between 1 and 100"
    }
    if !(learningRate > 0 && learningRate < 1) {
      return "`learning_rate` is \(learningRate), but it lies between 0 and 1"
    }
    if !(temperature > 0 && temperature.isFinite) {
      return "`temperature` is \(temperature), but sampling needs more than 0"
    }
    if !(warmupShare >= 0 && warmupShare <= 1) {
      return "`warmup_share` is \(warmupShare), but it lies between 0 and 1"
    }
    if !(gradientClip >= 0 && gradientClip.isFinite) {
      return "`gradient_clip` is \(gradientClip), but it is 0 (none) or more"
    }
    if !(weightDecay >= 0 && weightDecay.isFinite) {
      return "`weight_decay` is \(weightDecay), but it is 0 or more"
    }
    if accumulation < 1 || accumulation > 1000 {
      return "`accumulation` is \(accumulation), but it lies between 1 and 1000"
    }
    if maxNewTokens < 1 || maxNewTokens > 4096 {
      return "`max_new_tokens` is \(maxNewTokens), but it lies between 1 and 4096"
    }
    return nil
  }

  /// The constants of the loss.
  public var lossSettings: LossSettings {
    var settings = LossSettings(
      beta: takesKLOffReward ? 0 : beta, clipLow: clip, clipHigh: clipHigh, longest: maxNewTokens)
    settings.kl = kl
    settings.ratioLimit = ratioLimit
    settings.dualClip = dualClip
    settings.microBatch = microBatch
    settings.correctsKL = correctsKL
    settings.topEntropy = topEntropy
    settings.offPolicyLimit = offPolicyLimit
    settings.correction = correction
    return settings
  }

  /// The learning rate of a step counted from 0.
  func learningRate(step: Int, of steps: Int) -> Double {
    let rise = max(1, (warmupShare * Double(steps)).rounded(.up))
    let position = Double(step + 1)
    if position <= rise { return learningRate * position / rise }
    let left = (Double(steps) - position) / max(1, Double(steps) - rise)
    return learningRate * rateSchedule.factor(left: max(0, left))
  }
}

extension GRPOOptions: CustomStringConvertible {
  /// All settings, for records of what went into a run.
  public var description: String {
    func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "none" }
    return """
      group \(group), prompts \(prompts), loss \(loss), advantage \(advantage), beta \(beta), \
      kl \(kl.rawValue)\(takesKLOffReward ? " off the reward" : ""), clip \(clip), clip_high \
      \(text(clipHigh)), ratio_limit \(text(ratioLimit)), dual_clip \(text(dualClip)), micro_batch \
      \(microBatch), iterations \(iterations), mask_truncated \(masksTruncated), overlong \(overlong), \
      redraws \(redraws), kl_correction \(correctsKL), top_entropy \(topEntropy), off_policy \
      \(text(offPolicyLimit)), correction \(correction?.description ?? "none"), schedule \
      \(schedule.rawValue), exhaustion \(exhaustion.rawValue), passes \(text(passes)), mixer \
      \(mixer?.name ?? "none"), mixer_temperature \(text(mixerTemperature)), hold_share \
      \(holdsShare), learning_rate \(learningRate), warmup_share \
      \(warmupShare), rate_schedule \(rateSchedule.rawValue), weight_decay \(weightDecay), precision \
      \(precision.rawValue), gradient_clip \(gradientClip), temperature \(temperature), max_new_tokens \
      \(maxNewTokens), freeze_vision \(freezesVision)\(stopsAtEnd ? "" : ", endless")
      """
  }
}
