extension DesignKind {
  /// The runs that make the average variance of predictions over the simplex least.
  public static let iOptimal = DesignKind(
    name: "i-optimal", summary: "least average variance of predictions over the simplex",
    source: "Goos, Jones and Syafitri, \"I-optimal design of mixture experiments\", JASA 2016",
    completes: true
  ) { request throws(MixtureError) in try optimal(.averageVariance, request) }

  /// The runs that make the joint confidence region of the coefficients least.
  public static let dOptimal = DesignKind(
    name: "d-optimal", summary: "least joint confidence region of the model's coefficients",
    source: "Fedorov, \"Theory of optimal experiments\", 1972", completes: true
  ) { request throws(MixtureError) in try optimal(.determinant, request) }

  /// The runs that make the greatest variance of predictions least.
  public static let gOptimal = DesignKind(
    name: "g-optimal", summary: "least greatest variance of predictions",
    source: "Kiefer and Wolfowitz, Canadian J. Math. 1960; Atkinson et al. 2007", completes: true
  ) { request throws(MixtureError) in try optimal(.maximumVariance, request) }

  private static func optimal(
    _ criterion: OptimalDesign.Criterion, _ request: Request
  ) throws(MixtureError) -> [Mixture] {
    let terms = request.family.terms(request.domains.count).count
    let runs = request.runs ?? max(terms + request.domains.count + 1 - request.existing.count, 1)
    return try OptimalDesign.exchange(
      domains: request.domains, runs: runs, family: request.family, criterion: criterion,
      existing: request.existing, bounds: request.bounds, prior: request.prior, seed: request.seed)
  }
}
