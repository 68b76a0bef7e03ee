extension DesignKind {
  /// The corners of what caps and floors leave of the simplex, and their mean.
  public static let extremeVertices = DesignKind(
    name: "extreme-vertices", summary: "the corners that caps and floors leave, and their mean",
    source: "McLean and Anderson, \"Extreme vertices design of mixture experiments\", 1966"
  ) { request throws(MixtureError) in
    let q = request.domains.count
    let corners = try (request.bounds ?? SimplexBounds(count: q)).vertices()
    let mean = (0..<q).map { i in corners.reduce(0) { $0 + $1[i] } / Double(corners.count) }
    var points = corners
    if !corners.contains(where: { zip($0, mean).allSatisfy { abs($0 - $1) < 1e-9 } }) {
      points.append(mean)
    }
    if let runs = request.runs, runs != points.count {
      throw .badCount(
        what: "the number of runs of an extreme-vertices design", count: runs,
        allowed: "\(points.count)")
    }
    return points.map { Mixture(trusted: request.domains, $0) }
  }
}
