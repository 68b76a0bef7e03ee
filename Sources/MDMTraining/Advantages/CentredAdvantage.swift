extension Advantage {
  /// A_i = r_i - mean of the group.
  public static let centred = Advantage(
    name: "centred", summary: "A = r - mean of the group's rewards, not scaled.",
    source: "Dr. GRPO, arXiv 2503.20783, section 3"
  ) { groups in
    groups.map { GroupRewards.centred($0.total) }
  }
}
