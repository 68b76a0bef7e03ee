/// A loss of a policy on the completions of one step.
public struct PolicyLoss: Sendable {
  /// Its name in settings, TRL's.
  public let name: String
  /// One sentence on what sets it apart.
  public let summary: String
  /// The loss of N completions o_i with the token objectives l.
  public let formula: String
  /// The paper and equation that it follows.
  public let source: String
  private let compute: @Sendable ([LossInput], LossSettings) -> LossResult

  /// A loss from its description and its function of a step's groups.
  public init(
    name: String, summary: String, formula: String, source: String,
    _ compute: @escaping @Sendable ([LossInput], LossSettings) -> LossResult
  ) {
    self.name = name
    self.summary = summary
    self.formula = formula
    self.source = source
    self.compute = compute
  }

  /// The loss of the groups of one step; 0 where there is no token.
  ///
  /// Where `settings` name masks or corrections, the tokens' objectives are multiplied by them first.
  public func callAsFunction(_ groups: [LossInput], _ settings: LossSettings) -> LossResult {
    guard groups.tokenCount > 0 else { return LossResult() }
    var groups = groups
    if settings.topEntropy < 1 { groups = TopEntropyMask.apply(groups, share: settings.topEntropy) }
    if let limit = settings.offPolicyLimit { groups = OffPolicyMask.apply(groups, limit: limit) }
    if let correction = settings.correction { groups = correction.apply(groups) }
    return compute(groups, settings)
  }

  /// All losses, sorted by name; a test holds the list equal to the folder's files.
  public static let all: [PolicyLoss] = [
    bnpo, cispo, dapo, drGRPO, grpo, gspo, luspo, reinforce, sapo, vespo,
  ]
}

extension PolicyLoss: Equatable, CustomStringConvertible {
  /// Losses are equal where their names are.
  public static func == (left: PolicyLoss, right: PolicyLoss) -> Bool { left.name == right.name }

  public var description: String { name }
}
