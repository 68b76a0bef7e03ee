extension ModelFamily {
  /// Linear with an interaction of each pair; the paper's a + b'w + w'Cw without its redundancy.
  public static let quadratic = ModelFamily(
    name: "quadratic", summary: "linear with an interaction of each pair of domains",
    formula: "y = sum_i b_i w_i + sum_{i<j} b_ij w_i w_j",
    source: "Scheffe 1958; MoDoMoDo (arXiv 2505.24871) equation 3 in identifiable form"
  ) { count in
    (0..<count).map { ModelTerm($0) } + pairs(count).map { ModelTerm(domains: $0, power: 1) }
  }
}
