extension Advantage {
  /// A_i = (r_i - mean of the group) / (std of the whole step + 1e-4).
  ///
  /// A group that differs in one completion is as loud as its rewards, not as its rarity.
  public static let batchScaled = Advantage(
    name: "batch", summary: "A = (r - mean of the group) / (std of the step + 1e-4).",
    source: "Lite PPO, arXiv 2508.08221"
  ) { groups in
    let all = GroupRewards.centred(groups.flatMap(\.total))
    let scale = 1 / (GroupRewards.deviation(all) + epsilon)
    return groups.map { GroupRewards.centred($0.total).map { $0 * scale } }
  }
}
