import MDMNumerics

/// The mixtures that a fit cannot tell from its best one.
public struct NearOptimum: Sendable {
  /// The least weight of each domain among them.
  public let lower: [Double]
  /// The greatest weight of each domain among them.
  public let upper: [Double]
  /// Their share of all mixtures within the bounds, from even draws.
  public let share: Double
  /// Some of them, spread out.
  public let examples: [Mixture]
  /// How much worse than the best a mixture may be predicted; nil where the standard error of the
  /// difference decides.
  public let tolerance: Double?

  /// Looks for them.
  ///
  /// A mixture belongs to the region where its predicted score is within `tolerance` of the
  /// best's, or, without one, where the difference is less than its one-sided 90% limit.
  /// The ranges come from line searches from the best mixture along 400 directions.
  public init(
    _ law: Surrogate, around best: Mixture, sign: Double = 1, bounds: SimplexBounds? = nil,
    tolerance: Double? = nil, seed: UInt64 = 0
  ) throws(MixtureError) {
    try best.expect(law.domains)
    if let tolerance, !(tolerance >= 0) {
      throw .numerics(
        .outOfRange(what: "the tolerance", value: tolerance, allowed: "0 and above"))
    }
    let q = law.domains.count
    let bounds = bounds ?? SimplexBounds(count: q)
    let top = sign * law.value(best.weights)
    let t = Distribution.studentTQuantile(0.9, degreesOfFreedom: law.degreesOfFreedom)
    func isNear(_ point: [Double]) -> Bool {
      let loss = top - sign * law.value(point)
      return loss <= (tolerance ?? t * law.standardError(best.weights, minus: point)) + 1e-12
    }
    let draws = bounds.draws(2000, seed: seed)
    var near = 0
    for point in draws {
      try MixtureError.checkInterruption()
      if isNear(point) { near += 1 }
    }
    share = Double(near) / Double(max(draws.count, 1))
    var lower = best.weights
    var upper = best.weights
    var ends: [[Double]] = []
    let corners = (try? bounds.vertices()).map { Array($0.prefix(200)) } ?? []
    for end in corners + draws.prefix(200) {
      try MixtureError.checkInterruption()
      func between(_ share: Double) -> [Double] {
        zip(best.weights, end).map { $0 + share * ($1 - $0) }
      }
      var (inside, outside) = (0.0, 1.0)
      if isNear(end) {
        inside = 1
      } else {
        for _ in 0..<20 {
          let middle = (inside + outside) / 2
          if isNear(between(middle)) { inside = middle } else { outside = middle }
        }
      }
      let reached = between(inside)
      for i in 0..<q {
        lower[i] = min(lower[i], reached[i])
        upper[i] = max(upper[i], reached[i])
      }
      ends.append(reached)
    }
    self.lower = lower
    self.upper = upper
    self.tolerance = tolerance
    // Farthest-point sampling: each example is the one least like those before.
    var examples = [best.weights]
    while examples.count < min(6, ends.count + 1) {
      var farthest: (point: [Double], distance: Double)?
      for point in ends {
        let distance =
          examples.map { known in
            zip(known, point).reduce(0) { $0 + abs($1.0 - $1.1) }
          }.min() ?? 0
        if distance > farthest?.distance ?? 1e-6 { farthest = (point, distance) }
      }
      guard let farthest else { break }
      examples.append(farthest.point)
    }
    self.examples = examples.map { Mixture(trusted: law.domains, $0) }
  }
}
