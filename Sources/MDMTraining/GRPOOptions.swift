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
  /// The half-width of the importance ratio's range.
  public var clip = 0.2
  /// AdamW's learning rate after `warmupShare` of the steps, linear decay to a tenth after that.
  public var learningRate = 1e-4
  /// The share of the steps in which the learning rate grows.
  public var warmupShare = 0.1
  /// The temperature of sampling.
  public var temperature = 1.0
  /// The longest completion in tokens.
  public var maxNewTokens = 12
  /// The greatest norm of a step's gradient.
  public var gradientClip = 1.0
  /// Whether the vision tower stays as it is, as in the paper.
  public var freezesVision = true

  public init() {}

  /// What is wrong with the settings, nil where nothing is.
  public var problem: String? {
    if group < 2 { return "`group` is \(group), but an advantage needs at least 2 completions" }
    if prompts < 1 { return "`prompts` is \(prompts), but a step needs at least 1" }
    if !(beta >= 0 && beta.isFinite) { return "`beta` is \(beta), but it is 0 or more" }
    if !(clip > 0 && clip < 1) { return "`clip` is \(clip), but it lies between 0 and 1" }
    if !(learningRate > 0 && learningRate < 1) {
      return "`learning_rate` is \(learningRate), but it lies between 0 and 1"
    }
    if !(temperature > 0 && temperature.isFinite) {
      return "`temperature` is \(temperature), but sampling needs more than 0"
    }
    if maxNewTokens < 1 || maxNewTokens > 512 {
      return "`max_new_tokens` is \(maxNewTokens), but it lies between 1 and 512"
    }
    return nil
  }

  /// The learning rate of a step counted from 0.
  func learningRate(step: Int, of steps: Int) -> Double {
    let rise = max(1, (warmupShare * Double(steps)).rounded(.up))
    let position = Double(step + 1)
    if position <= rise { return learningRate * position / rise }
    let left = (Double(steps) - position) / max(1, Double(steps) - rise)
    return learningRate * (0.1 + 0.9 * max(0, left))
  }
}
