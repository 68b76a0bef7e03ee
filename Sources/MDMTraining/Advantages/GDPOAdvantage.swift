extension Advantage {
  /// Each part of the reward is standardised in its group before they are added, and the sum over
  /// the step: parts that differ in scale, or in how seldom they differ, do not drown each other.
  public static let gdpo = Advantage(
    name: "gdpo",
    summary: "Standardises each part of the reward in its group, adds them, standardises the step.",
    source: "GDPO, arXiv 2601.05242"
  ) { groups in
    let sums = groups.map { group in
      var sum = [Double](repeating: 0, count: group.total.count)
      for part in group.parts {
        let centred = GroupRewards.centred(part)
        let scale = 1 / (GroupRewards.deviation(centred) + epsilon)
        for index in sum.indices { sum[index] += centred[index] * scale }
      }
      return sum
    }
    let all = GroupRewards.centred(sums.flatMap { $0 })
    let scale = 1 / (GroupRewards.deviation(all) + epsilon)
    var rest = all[...]
    return sums.map { sum in
      defer { rest = rest.dropFirst(sum.count) }
      return rest.prefix(sum.count).map { $0 * scale }
    }
  }
}
