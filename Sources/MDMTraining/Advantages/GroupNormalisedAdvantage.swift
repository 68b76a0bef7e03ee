extension Advantage {
  /// A_i = (r_i - mean) / (std + 1e-4) with the sample standard deviation of the group.
  ///
  /// Easy and hard questions weigh alike, so a group that differs in one completion is loud.
  public static let groupNormalised = Advantage(
    name: "group", summary: "A = (r - mean) / (std + 1e-4) in each group.",
    source: "DeepSeekMath, arXiv 2402.03300, section 4.1"
  ) { groups in
    groups.map { group in
      let centred = GroupRewards.centred(group.total)
      let scale = 1 / (GroupRewards.deviation(centred) + epsilon)
      return centred.map { $0 * scale }
    }
  }
}
