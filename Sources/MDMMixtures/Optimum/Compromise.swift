import Glibc
import MDMNumerics

/// The best mixture for several outcomes, or for one near a prior mixture.
public struct Compromise: Sendable {
  /// How outcomes are weighed against each other.
  public enum Rule: Equatable, Sendable {
    /// The sum of the outcomes times their weights.
    case weighted
    /// The least of the outcomes, each less its level at equal weights, times its weight.
    case worstCase
  }

  /// One law each outcome, over the same domains.
  public let laws: [Surrogate]
  /// Their weights; negative for outcomes that should be small.
  public let weights: [Double]
  /// How they are weighed.
  public let rule: Rule
  /// A mixture to stay near.
  public let prior: Mixture?
  /// How much a unit of KL(w | prior), in nats, costs in units of the objective.
  public let strength: Double
  private let levels: [Double]

  /// An objective.
  ///
  /// - Throws: `MixtureError.differentDomains`, `MixtureError.badCount` for no laws or not one
  ///   weight each, `MixtureError.infeasibleBounds` for a negative strength.
  public init(
    _ laws: [Surrogate], weights: [Double]? = nil, rule: Rule = .weighted, prior: Mixture? = nil,
    strength: Double = 0
  ) throws(MixtureError) {
    guard let first = laws.first else {
      throw .badCount(what: "the number of laws", count: 0, allowed: "1 and above")
    }
    for law in laws where law.domains != first.domains {
      throw .differentDomains(expected: first.domains, found: law.domains)
    }
    try prior?.expect(first.domains)
    let weights = weights ?? [Double](repeating: 1, count: laws.count)
    guard weights.count == laws.count else {
      throw .badCount(
        what: "the number of weights", count: weights.count, allowed: "\(laws.count), one a law")
    }
    if let bad = weights.first(where: { !$0.isFinite }) {
      throw .numerics(.outOfRange(what: "the weight of a law", value: bad, allowed: "finite"))
    }
    guard strength >= 0, strength.isFinite else {
      throw .numerics(
        .outOfRange(what: "the cost of a nat", value: strength, allowed: "0 and above"))
    }
    self.laws = laws
    self.weights = weights
    self.rule = rule
    self.prior = prior
    self.strength = prior == nil ? 0 : strength
    let q = first.domains.count
    let uniform = [Double](repeating: 1 / Double(q), count: q)
    levels = laws.map { $0.value(uniform) }
  }

  /// The objective at a point.
  public func value(_ point: [Double]) -> Double { combined(point, softness: 0) - cost(point) }

  private func combined(_ point: [Double], softness: Double) -> Double {
    switch rule {
    case .weighted: return zip(laws, weights).reduce(0) { $0 + $1.1 * $1.0.value(point) }
    case .worstCase:
      let parts = laws.indices.map { weights[$0] * (laws[$0].value(point) - levels[$0]) }
      guard let least = parts.min(), softness > 0 else { return parts.min() ?? 0 }
      return least - softness * log(parts.reduce(0) { $0 + exp((least - $1) / softness) })
    }
  }

  private func cost(_ point: [Double]) -> Double {
    guard strength > 0, let prior else { return 0 }
    var sum = 0.0
    for (w, p) in zip(point, prior.weights) where w > 0 {
      if p == 0 { return .infinity }
      sum += w * log(w / p)
    }
    return strength * sum
  }

  /// The best mixture; exact for weighted sums of laws that are linear or quadratic together, and
  /// for linear ones with a prior and no bounds: w_i proportional to prior_i exp(b_i / strength).
  public func maximum(bounds: SimplexBounds? = nil) throws(MixtureError) -> SimplexOptimum {
    let q = laws[0].domains.count
    var bounds = bounds ?? SimplexBounds(count: q)
    if strength > 0, let prior {
      // Where the prior is 0 the cost is infinite.
      bounds = try SimplexBounds(
        lower: bounds.lower,
        upper: zip(bounds.upper, prior.weights).map { $1 == 0 ? 0 : $0 })
    }
    if rule == .weighted || laws.count == 1,
      weights.allSatisfy({ rule == .weighted || $0 > 0 }), let sum = polynomial(q)
    {
      if strength == 0 { return try sum.maximum(bounds: bounds) }
      if sum.quadratic.allSatisfy({ $0 == 0 }), bounds.isWhole, let prior {
        let top = sum.linear.max() ?? 0
        let parts = zip(prior.weights, sum.linear).map { $0 * exp(($1 - top) / strength) }
        let total = parts.reduce(0, +)
        let point = parts.map { $0 / total }
        return SimplexOptimum(
          weights: point, value: value(point), exact: true,
          method: "prior times exp(slope / strength)", examined: 1)
      }
    }
    guard rule == .worstCase else {
      return try SimplexSearch.maximum(bounds: bounds) { value($0) }
    }
    // The least of several has kinks, where moves between two domains stall: a soft one first.
    var best: SimplexOptimum?
    for softness in [0.1, 0.01, 0.001] {
      let spread = levels.reduce(1e-12) { max($0, abs($1)) } * softness
      let found = try SimplexSearch.maximum(bounds: bounds) {
        combined($0, softness: spread) - cost($0)
      }
      let reached = value(found.weights)
      if reached > best?.value ?? -.infinity {
        best = SimplexOptimum(
          weights: found.weights, value: reached, exact: false, method: found.method,
          examined: found.examined)
      }
    }
    if let best { return best }
    return try SimplexSearch.maximum(bounds: bounds) { value($0) }
  }

  private func polynomial(_ q: Int) -> SimplexQuadratic? {
    guard laws.allSatisfy({ $0.model == nil }) else { return nil }
    return SimplexQuadratic(
      domains: q, terms: laws.flatMap(\.terms),
      coefficients: zip(laws, weights).flatMap { law, weight in
        law.coefficients.map { weight * $0 }
      })
  }

  /// Mixtures of which none is better in every outcome than another one found.
  ///
  /// Candidates are a lattice, even draws and the best mixtures of weighted sums.
  public func front(
    bounds: SimplexBounds? = nil, limit: Int = 40
  ) throws(MixtureError) -> [(mixture: Mixture, values: [Double])] {
    let q = laws[0].domains.count
    let bounds = bounds ?? SimplexBounds(count: q)
    var degree = 1
    while degree < 20, Simplex.latticeSize(q, degree: degree + 1) <= 3000 { degree += 1 }
    var points = try Simplex.lattice(q, degree: degree).filter { bounds.contains($0) }
    points += bounds.draws(2000)
    let shares = try Simplex.lattice(laws.count, degree: laws.count == 2 ? 20 : 6)
    for share in shares.prefix(200) {
      let sum = try Compromise(laws, weights: zip(share, weights).map { ($0 + 1e-6) * $1 })
      points.append(try sum.maximum(bounds: bounds).weights)
    }
    var values: [[Double]] = []
    for point in points {
      try MixtureError.checkInterruption()
      values.append(laws.map { $0.value(point) })
    }
    let signed = values.map { zip($0, weights).map { $0 * ($1 < 0 ? -1 : 1) } }
    // Sorted by the first outcome, so that only earlier points can be better in all.
    let order = points.indices.sorted { a, b in
      for (x, y) in zip(signed[a], signed[b]) where x != y { return x > y }
      return false
    }
    var kept: [Int] = []
    for index in order {
      let isBeaten = kept.contains { better in
        zip(signed[better], signed[index]).allSatisfy { $0 >= $1 }
      }
      if !isBeaten { kept.append(index) }
    }
    if kept.count > limit {
      kept = (0..<limit).map { kept[$0 * (kept.count - 1) / (limit - 1)] }
    }
    return kept.map { (Mixture(trusted: laws[0].domains, points[$0]), values[$0]) }
  }
}
