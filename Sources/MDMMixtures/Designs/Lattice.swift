extension DesignKind {
  /// The {q, m} simplex-lattice: all weights that are multiples of 1/m (`degree`, 2 by default).
  public static let lattice = DesignKind(
    name: "lattice", summary: "all weights that are multiples of 1/degree",
    source: "Scheffe 1958; NIST/SEMATECH e-Handbook 5.5.4.2"
  ) { request throws(MixtureError) in
    try fixed(
      try Simplex.lattice(request.domains.count, degree: request.degree ?? 2), request, "lattice")
  }
}
