/// Says why a step's gradient is not finite.
enum Divergence {
  /// The domains whose completions have a loss that is not finite, with the loss and the norm.
  static func cause(
    _ groups: [ScoredGroup], _ loss: LossResult, norm: Double, domains: [String]
  ) -> String {
    var bad = [Int](repeating: 0, count: domains.count)
    var all = bad
    for (place, group) in groups.enumerated() where domains.indices.contains(group.domain) {
      all[group.domain] += group.completions.count
      guard place < loss.derivatives.count else { continue }
      bad[group.domain] += loss.derivatives[place].count { !$0.allSatisfy(\.isFinite) }
    }
    let parts = domains.indices.filter { bad[$0] > 0 }.map {
      "\(bad[$0]) of \(all[$0]) completions of \(domains[$0])"
    }
    let source =
      parts.isEmpty
      ? "the loss of every completion is finite, the gradient of the weights is not"
      : "the loss has no finite derivative for " + parts.joined(separator: ", ")
    return source + " (loss \(loss.loss), gradient norm \(norm))"
  }
}
