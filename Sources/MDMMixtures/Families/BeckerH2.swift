extension ModelFamily {
  /// Linear with half the harmonic mean of each pair.
  public static let beckerH2 = ModelFamily(
    name: "becker_h2", summary: "linear with half the harmonic mean of each pair of domains",
    formula: "y = sum_i b_i w_i + sum_{i<j} b_ij w_i w_j / (w_i + w_j)",
    source: "Becker, \"Models for the response of a mixture\", JRSS B 1968, model H2"
  ) { count in
    (0..<count).map { ModelTerm($0) } + pairs(count).map { ModelTerm(.ratio, $0) }
  }
}
