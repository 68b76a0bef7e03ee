extension ModelFamily {
  /// Linear with the lesser weight of each pair.
  public static let beckerH1 = ModelFamily(
    name: "becker_h1", summary: "linear with the lesser weight of each pair of domains",
    formula: "y = sum_i b_i w_i + sum_{i<j} b_ij min(w_i, w_j)",
    source: "Becker, \"Models for the response of a mixture\", JRSS B 1968, model H1"
  ) { count in
    (0..<count).map { ModelTerm($0) } + pairs(count).map { ModelTerm(.minimum, $0) }
  }
}
