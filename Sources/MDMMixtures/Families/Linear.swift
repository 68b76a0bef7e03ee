extension ModelFamily {
  /// Each domain adds in proportion to its weight; its maximum is always a vertex.
  public static let linear = ModelFamily(
    name: "linear", summary: "each domain adds in proportion to its weight",
    formula: "y = sum_i b_i w_i", source: "Scheffe 1958"
  ) { count in (0..<count).map { ModelTerm($0) } }
}
