/// A way to choose the mixtures of an experiment.
///
/// Adding a kind is adding a file under `Designs` and its name to `all`.
public struct DesignKind: Sendable {
  /// What a kind is asked for.
  public struct Request: Sendable {
    /// The names of the domains.
    public let domains: [String]
    /// The number of runs; nil for the kind's own.
    public let runs: Int?
    /// The model that the design serves, where it matters.
    public let family: ModelFamily
    /// The degree of a lattice, or the largest blend of a centroid design; nil for the kind's own.
    public let degree: Int?
    /// The concentration of Dirichlet draws.
    public let concentration: Double
    /// Mixtures that are already run, which an optimal design adds to.
    public let existing: [Mixture]
    /// The seed of random designs and of the starts of optimal ones.
    public let seed: UInt64

    /// A request; only the domains have no default.
    public init(
      domains: [String], runs: Int? = nil, family: ModelFamily = .quadratic, degree: Int? = nil,
      concentration: Double = 1, existing: [Mixture] = [], seed: UInt64 = 0
    ) {
      self.domains = domains
      self.runs = runs
      self.family = family
      self.degree = degree
      self.concentration = concentration
      self.existing = existing
      self.seed = seed
    }
  }

  /// The name in scripts.
  public let name: String
  /// What it is, in a sentence.
  public let summary: String
  /// Where it comes from.
  public let source: String
  private let body: @Sendable (Request) throws(MixtureError) -> [Mixture]

  init(
    name: String, summary: String, source: String,
    body: @escaping @Sendable (Request) throws(MixtureError) -> [Mixture]
  ) {
    self.name = name
    self.summary = summary
    self.source = source
    self.body = body
  }

  /// Every kind, sorted by name.
  public static let all: [DesignKind] = [
    .centroid, .dOptimal, .dirichlet, .excludeOne, .iOptimal, .lattice, .seeds, .singles, .uniform,
  ]

  /// The kind of a name; spaces and underscores count as hyphens.
  ///
  /// - Throws: `MixtureError.unknownName` with the nearest name.
  public static func named(_ name: String) throws(MixtureError) -> DesignKind {
    let key = String(name.lowercased().map { $0 == " " || $0 == "_" ? "-" : $0 })
    if let kind = all.first(where: { $0.name == key }) { return kind }
    let known = all.map(\.name)
    throw .unknownName(
      kind: "design", name: name, nearest: NearestName.find(key, in: known), known: known)
  }

  /// Plans a design.
  ///
  /// - Throws: `MixtureError` for a request that the kind cannot serve, such as a number of runs
  ///   other than a fixed design has.
  public func plan(_ request: Request) throws(MixtureError) -> Design {
    guard !request.domains.isEmpty else { throw .noDomains }
    return try Design(try body(request), domains: request.domains)
  }

  // The points of a fixed design; another number of runs than it has is refused.
  static func fixed(
    _ points: [[Double]], _ request: Request, _ what: String
  ) throws(MixtureError) -> [Mixture] {
    if let runs = request.runs, runs != points.count {
      throw .badCount(
        what: "the number of runs of a \(what) design", count: runs, allowed: "\(points.count)")
    }
    var result: [Mixture] = []
    for point in points {
      result.append(try .renormalised(domains: request.domains, weights: point))
    }
    return result
  }
}
