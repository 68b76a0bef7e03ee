extension Advantage {
  /// A_i = r_i - mean of the group's others: G / (G - 1) times the centred one.
  public static let leaveOneOut = Advantage(
    name: "rloo", summary: "A = r - mean of the group's other rewards.",
    source: "RLOO, arXiv 2402.14740"
  ) { groups in
    groups.map { group in
      let count = Double(group.total.count)
      let scale = count > 1 ? count / (count - 1) : 0
      return GroupRewards.centred(group.total).map { $0 * scale }
    }
  }
}
