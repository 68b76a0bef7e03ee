extension Advantage {
  /// The group's mean is taken off first, then the step is standardised: REINFORCE++-baseline.
  public static let centredStandardised = Advantage(
    name: "reinforce_pp_baseline",
    summary: "A = d / (std of all d + 1e-4), d = r - mean of the group.",
    source: "REINFORCE++-baseline, arXiv 2501.03262"
  ) { groups in
    let centred = groups.map { GroupRewards.centred($0.total) }
    let all = GroupRewards.centred(centred.flatMap { $0 })
    let scale = 1 / (GroupRewards.deviation(all) + epsilon)
    return centred.map { $0.map { $0 * scale } }
  }
}
