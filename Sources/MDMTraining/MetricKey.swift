/// The metrics of a run, each declared once.
public enum MetricKey: String, CaseIterable, Sendable {
  case rewardMean = "reward/mean"
  case rewardFormat = "reward/format"
  case rewardAccuracy = "reward/accuracy"
  case lengthCorrelation = "reward/length_correlation"
  case kl = "policy/kl"
  case entropy = "policy/entropy"
  case clipped = "policy/clipped"
  case loss = "policy/loss"
  case gradientNorm = "policy/gradient_norm"
  case learningRate = "policy/learning_rate"
  case zeroVariance = "group/zero_variance"
  case allRight = "group/all_right"
  case allWrong = "group/all_wrong"
  case magnitude = "advantage/magnitude"
  case length = "completion/length"
  case finished = "completion/finished"
  case asked = "ledger/asked"
  case factor = "ledger/factor"
  case drawn = "ledger/drawn"
  case scored = "ledger/scored"
  case taught = "ledger/taught"
  case truncated = "ledger/truncated"
  case tokens = "ledger/tokens"
  case pull = "ledger/pull"

  /// What the ledger takes down of each domain, counted from 0 where a step drew none of it.
  static let ledger: [MetricKey] = [.drawn, .scored, .taught, .truncated, .tokens, .pull]

  /// What it measures, with its unit or formula.
  public var summary: String {
    switch self {
    case .rewardMean: "mean reward of the step's completions"
    case .rewardFormat: "share of completions in the target format, F"
    case .rewardAccuracy: "mean accuracy or IoU of completions in the target format, F * A"
    case .lengthCorrelation:
      "correlation of completions' lengths and rewards, both less their group's mean; where some are in the target "
        + "format, of those alone"
    case .entropy: "mean entropy of the policy at the step's tokens, nats"
    case .allRight: "share of groups whose completions are all paid the reward's most"
    case .allWrong: "share of groups whose completions are all paid the reward's least"
    case .magnitude: "mean absolute advantage of the completions that the loss saw"
    case .asked: "the weight that the step drew by"
    case .factor: "what the domain's advantages were multiplied by to hold its share"
    case .kl: "mean k3 estimate of KL(policy || base) over the tokens, nats; NaN if beta is 0"
    case .clipped: "share of tokens at which the ratio's clip held"
    case .loss: "the GRPO loss that was minimised"
    case .gradientNorm: "Euclidean norm of the gradient before clipping"
    case .learningRate: "AdamW's learning rate"
    case .zeroVariance: "share of groups whose rewards are all equal: they teach nothing"
    case .length: "mean tokens of a completion, the end included"
    case .finished: "share of completions that reached their end"
    case .drawn: "prompts drawn"
    case .scored: "completions sampled and paid"
    case .taught: "completions with a gradient: in a group whose rewards differ, and not masked"
    case .truncated: "completions cut at the longest length"
    case .tokens: "tokens of the completions that taught"
    case .pull: "sum of the loss's absolute derivatives by the tokens' log-probabilities"
    }
  }

  /// The mean of one weighted summand of a reward that is a sum, such as `reward/part/format`.
  public static func part(_ name: String) -> String { "reward/part/\(name)" }

  /// A metric of one domain, such as `reward/mean/coco`; NaN where a step drew none of it.
  public static func of(_ key: MetricKey, domain: String) -> String { "\(key.rawValue)/\(domain)" }
}
