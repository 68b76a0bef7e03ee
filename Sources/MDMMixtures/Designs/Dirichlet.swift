import MDMNumerics

extension DesignKind {
  /// Random mixtures; a concentration of 1 is uniform on the simplex.
  public static let dirichlet = DesignKind(
    name: "dirichlet", summary: "random mixtures, uniform on the simplex at concentration 1",
    source: "RegMix (arXiv 2407.01492) samples its pilots so"
  ) { request throws(MixtureError) in
    let runs = request.runs ?? 3 * (request.domains.count + 1)  // Olmix's advice
    guard runs > 0 else {
      throw .badCount(what: "the number of runs", count: runs, allowed: "1 and above")
    }
    guard request.concentration > 0, request.concentration.isFinite else {
      throw .numerics(
        .outOfRange(what: "the concentration", value: request.concentration, allowed: "above 0"))
    }
    var result: [Mixture] = []
    let bounds = request.bounds
    let floors = bounds?.lower.reduce(0, +) ?? 0
    for index in 0..<runs {
      // A stream each: further runs leave the first ones as they are.
      var stream = RandomStream(seed: request.seed, purpose: "dirichlet-design", index: index)
      var point: [Double] = []
      for _ in 0..<1000 {
        point = stream.dirichlet(
          count: request.domains.count, concentration: request.concentration)
        guard let bounds else { break }
        point = zip(point, bounds.lower).map { $1 + (1 - floors) * $0 }
        if bounds.contains(point) { break }
      }
      if let bounds, !bounds.contains(point) { point = bounds.clipped(point) }
      result.append(Mixture(trusted: request.domains, point))
    }
    return result
  }
}
