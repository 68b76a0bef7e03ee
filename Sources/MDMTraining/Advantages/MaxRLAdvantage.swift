extension Advantage {
  /// A_i = (r_i - mean) / mean: the rarer a success, the more it counts, as maximum likelihood has it.
  ///
  /// For rewards that are not negative; a group whose mean is not above 0 gets zeros.
  public static let maxRL = Advantage(
    name: "maxrl", summary: "A = (r - mean) / mean of the group.",
    source: "MaxRL, arXiv 2602.02710"
  ) { groups in
    groups.map { group in
      let mean = group.total.reduce(0, +) / Double(max(group.total.count, 1))
      guard mean > 0 else { return group.total.map { _ in 0 } }
      return GroupRewards.centred(group.total).map { $0 / mean }
    }
  }
}
