extension Mixer {
  /// Prefers domains whose reward lies below the best domain's: score = max R - R.
  public static let rewardGap = Mixer(
    name: "reward_gap", summary: "Prefers domains whose reward is below the best domain's.",
    source: "softmax over the gap to the greatest mean reward", temperature: 0.5
  ) { domains in
    let means = domains.map { $0.rewards.reduce(0, +) / Double(max($0.rewards.count, 1)) }
    let best = means.max() ?? 0
    return means.map { best - $0 }
  }
}
