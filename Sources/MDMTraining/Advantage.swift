/// How a completion's reward becomes its advantage.
public enum Advantage {
  /// What keeps the division finite where a group's rewards are equal; TRL's value.
  public static let epsilon = 1e-4

  /// A_i = (r_i - mean) / (std + 1e-4) with the sample standard deviation of the group.
  ///
  /// Equal rewards give zeros. Source: DeepSeekMath (arXiv 2402.03300), section 4.1; TRL 1.16.
  public static func groupNormalised(_ rewards: [Double]) -> [Double] {
    let centred = centred(rewards)
    guard rewards.count > 1 else { return centred }
    let variance = centred.reduce(0) { $0 + $1 * $1 } / Double(rewards.count - 1)
    let scale = 1 / (variance.squareRoot() + epsilon)
    return centred.map { $0 * scale }
  }

  /// A_i = r_i - mean. Source: Dr. GRPO (arXiv 2503.20783).
  public static func centred(_ rewards: [Double]) -> [Double] {
    guard let first = rewards.first else { return [] }
    // Equal rewards must give exact zeros, whatever their mean rounds to.
    if rewards.allSatisfy({ $0 == first }) { return [Double](repeating: 0, count: rewards.count) }
    let mean = rewards.reduce(0, +) / Double(rewards.count)
    return rewards.map { $0 - mean }
  }
}
