extension Advantage {
  /// A_i = (r_i - mean of the step) / (std of the step + 1e-4): the baseline knows no question.
  ///
  /// On a mixture it pays for drawing the domain that pays more.
  public static let batchStandardised = Advantage(
    name: "reinforce_pp", summary: "A = (r - mean of the step) / (std of the step + 1e-4).",
    source: "REINFORCE++, arXiv 2501.03262"
  ) { groups in
    let all = GroupRewards.centred(groups.flatMap(\.total))
    let scale = 1 / (GroupRewards.deviation(all) + epsilon)
    var rest = all[...]
    return groups.map { group in
      defer { rest = rest.dropFirst(group.total.count) }
      return rest.prefix(group.total.count).map { $0 * scale }
    }
  }
}
