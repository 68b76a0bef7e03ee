extension DesignKind {
  /// Halfway between equal weights and each vertex, and equal weights.
  public static let axial = DesignKind(
    name: "axial", summary: "halfway between equal weights and each single domain, and the former",
    source: "Cornell, \"Experiments with mixtures\", 2002, section 2.14"
  ) { request throws(MixtureError) in
    let q = request.domains.count
    let near = (0..<q).map { i in
      (0..<q).map { ($0 == i ? Double(q + 1) : 1) / Double(2 * q) }
    }
    return try fixed(
      (q == 1 ? [] : near) + [[Double](repeating: 1 / Double(q), count: q)], request, "axial")
  }
}
