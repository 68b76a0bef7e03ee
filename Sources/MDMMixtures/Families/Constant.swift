extension ModelFamily {
  /// The mean of all runs: what every other model has to beat.
  public static let constant = ModelFamily(
    name: "constant", summary: "the mean of all runs, which every other model has to beat",
    formula: "y = b", source: "the baseline of every comparison of models"
  ) { _ in [ModelTerm()] }
}
