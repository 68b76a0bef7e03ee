extension ModelFamily {
  /// Linear with diminishing returns: the first share of a domain counts most.
  public static let linearSquareRoot = ModelFamily(
    name: "linear+sqrt", summary: "linear with diminishing returns for each domain",
    formula: "y = sum_i b_i w_i + sum_i g_i sqrt(w_i)",
    source: "square-root (Hellinger) coordinates, defined at weight 0 unlike logarithms"
  ) { count in
    (0..<count).map { ModelTerm($0) }
      + (0..<count).map { ModelTerm(domains: [$0], power: 0.5) }
  }
}
