extension DesignKind {
  /// The simplex-centroid design: the equal blends of all subsets (of at most `degree` domains).
  public static let centroid = DesignKind(
    name: "centroid", summary: "the equal blends of all subsets of at most `degree` domains",
    source: "Scheffe 1963; NIST/SEMATECH e-Handbook 5.5.4.3"
  ) { request throws(MixtureError) in
    if let degree = request.degree, degree < 1 {
      throw .badCount(what: "the largest blend", count: degree, allowed: "1 and above")
    }
    return try fixed(
      try Simplex.centroids(request.domains.count, parts: request.degree), request, "centroid")
  }
}
