extension Advantage {
  /// Group filtered policy optimisation: only the shorter half of a group's completions teaches, measured
  /// against its own mean and deviation; the rest gets 0.
  public static let gfpo = Advantage(
    name: "gfpo",
    summary: "A = (r - mean) / (std + 1e-4) over the shorter half of each group, 0 for the rest.",
    source: "GFPO, arXiv 2508.09726, by length"
  ) { groups in
    groups.map { group in
      // Of equal lengths the first ones stay.
      let order = group.total.indices.sorted {
        (group.lengths[$0], $0) < (group.lengths[$1], $1)
      }
      let kept = order.prefix((order.count + 1) / 2)
      let centred = GroupRewards.centred(kept.map { group.total[$0] })
      let scale = 1 / (GroupRewards.deviation(centred) + epsilon)
      var result = [Double](repeating: 0, count: group.total.count)
      for (place, value) in zip(kept, centred) { result[place] = value * scale }
      return result
    }
  }
}
