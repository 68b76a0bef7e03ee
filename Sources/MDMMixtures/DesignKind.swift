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
    /// Floors and caps; none for the whole simplex.
    public let bounds: SimplexBounds?
    /// A mixture that is run several times, so that the runs measure their own noise.
    public let replicated: Mixture?
    /// How often it is run beside the kind's own points.
    public let replicates: Int
    /// The ridge penalty of a fit that an optimal design continues: what is known already.
    public let prior: Double

    /// A request; only the domains have no default.
    public init(
      domains: [String], runs: Int? = nil, family: ModelFamily = .quadratic, degree: Int? = nil,
      concentration: Double = 1, existing: [Mixture] = [], seed: UInt64 = 0,
      bounds: SimplexBounds? = nil, replicated: Mixture? = nil, replicates: Int = 3,
      prior: Double = 0
    ) {
      self.bounds = bounds
      self.replicated = replicated
      self.replicates = replicates
      self.prior = prior
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
  // Whether it counts the existing runs in.
  private let completes: Bool
  private let body: @Sendable (Request) throws(MixtureError) -> [Mixture]

  init(
    name: String, summary: String, source: String, completes: Bool = false,
    body: @escaping @Sendable (Request) throws(MixtureError) -> [Mixture]
  ) {
    self.name = name
    self.summary = summary
    self.source = source
    self.completes = completes
    self.body = body
  }

  /// Every kind, sorted by name.
  public static let all: [DesignKind] = [
    .axial, .centroid, .dOptimal, .dirichlet, .excludeOne, .extremeVertices, .gOptimal, .iOptimal,
    .lattice, .seeds, .singles, .uniform,
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
    let count = request.domains.count
    guard count > 0 else { throw .noDomains }
    if let bounds = request.bounds, bounds.lower.count != count {
      throw .weightCount(domains: count, weights: bounds.lower.count)
    }
    guard let replicated = request.replicated else {
      return try Design(try body(request), domains: request.domains)
    }
    try replicated.expect(request.domains)
    guard request.replicates > 0, request.runs.map({ $0 > request.replicates }) ?? true else {
      throw .badCount(
        what: "the number of replicates", count: request.replicates,
        allowed: request.runs.map { "1 to \($0 - 1), less than the runs" } ?? "1 and above")
    }
    let extra = [Mixture](repeating: replicated, count: request.replicates)
    let own = try body(
      Request(
        domains: request.domains, runs: request.runs.map { $0 - request.replicates },
        family: request.family, degree: request.degree, concentration: request.concentration,
        existing: completes ? request.existing + extra : request.existing, seed: request.seed,
        bounds: request.bounds, prior: request.prior))
    return try Design(own + extra, domains: request.domains)
  }

  // The points of a fixed design, shrunk into the floors; what lies beyond a cap is left out.
  // Another number of runs than it has is refused.
  static func fixed(
    _ points: [[Double]], _ request: Request, _ what: String
  ) throws(MixtureError) -> [Mixture] {
    var result: [Mixture] = []
    let floors = request.bounds?.lower.reduce(0, +) ?? 0
    for point in points {
      let mixture = try Mixture.renormalised(domains: request.domains, weights: point)
      guard let bounds = request.bounds else {
        result.append(mixture)
        continue
      }
      let inside = zip(mixture.weights, bounds.lower).map { $1 + (1 - floors) * $0 }
      if bounds.contains(inside) { result.append(Mixture(trusted: request.domains, inside)) }
    }
    guard !result.isEmpty else {
      throw .infeasibleBounds(
        reason: "no point of the \(what) design is left; the kinds extreme-vertices, d-, i- and "
          + "g-optimal are made for caps")
    }
    if let runs = request.runs, runs != result.count {
      throw .badCount(
        what: "the number of runs of a \(what) design", count: runs, allowed: "\(result.count)")
    }
    return result
  }
}
