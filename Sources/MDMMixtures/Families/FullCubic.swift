extension ModelFamily {
  /// Special cubic with a skew term for each pair.
  public static let fullCubic = ModelFamily(
    name: "full_cubic", summary: "special cubic with a skew term for each pair of domains",
    formula: "special_cubic + sum_{i<j} d_ij w_i w_j (w_i - w_j)", source: "Scheffe 1958"
  ) { count in
    specialCubic.terms(count) + pairs(count).map { ModelTerm(.skew, $0) }
  }
}
