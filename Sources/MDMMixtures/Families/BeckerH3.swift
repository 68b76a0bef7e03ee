extension ModelFamily {
  /// Linear with the geometric mean of each pair: blending effects that set in at once.
  public static let beckerH3 = ModelFamily(
    name: "becker_h3", summary: "linear with the geometric mean of each pair of domains",
    formula: "y = sum_i b_i w_i + sum_{i<j} b_ij sqrt(w_i w_j)",
    source: "Becker, \"Models for the response of a mixture\", JRSS B 1968, model H3"
  ) { count in
    (0..<count).map { ModelTerm($0) } + pairs(count).map { ModelTerm(domains: $0, power: 0.5) }
  }
}
