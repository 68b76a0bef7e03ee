extension ModelFamily {
  /// Quadratic with a term for each triple.
  public static let specialCubic = ModelFamily(
    name: "special_cubic", summary: "quadratic with an interaction of each triple of domains",
    formula: "y = sum_i b_i w_i + sum_{i<j} b_ij w_i w_j + sum_{i<j<k} b_ijk w_i w_j w_k",
    source: "Scheffe 1958"
  ) { count in
    let two = pairs(count)
    let three = two.flatMap { pair in
      (pair[1] + 1..<max(count, pair[1] + 1)).map { pair + [$0] }
    }
    return (0..<count).map { ModelTerm($0) }
      + (two + three).map { ModelTerm(domains: $0, power: 1) }
  }
}
