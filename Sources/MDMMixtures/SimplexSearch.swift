import MDMNumerics

/// A search for the best mixture of any smooth function: a dense grid, then local refinement.
///
/// The result is not proven to be the best: `SimplexOptimum.exact` is false.
public enum SimplexSearch {
  /// The most grid points that are evaluated.
  public static let gridLimit = 20_000

  /// Maximises a function within bounds.
  ///
  /// Starts are the finest lattice of at most `gridLimit` points and 2000 Dirichlet draws; the 24
  /// best are refined by moving weight between pairs of domains in steps from 1/4 down to 1e-8.
  public static func maximum(
    bounds: SimplexBounds, seed: UInt64 = 0, function: ([Double]) -> Double
  ) throws(MixtureError) -> SimplexOptimum {
    let count = bounds.lower.count
    var degree = 1
    while degree < 60, Simplex.latticeSize(count, degree: degree + 1) <= gridLimit { degree += 1 }
    var starts = try Simplex.lattice(count, degree: degree)
    var stream = RandomStream(seed: seed, purpose: "simplex-search")
    for draw in 0..<2000 {
      starts.append(stream.dirichlet(count: count, concentration: [0.2, 1, 5][draw % 3]))
    }
    let room = 1 - bounds.lower.reduce(0, +)
    var scored: [(point: [Double], value: Double)] = []
    scored.reserveCapacity(starts.count)
    for start in starts {
      try MixtureError.checkInterruption()
      let inside = bounds.clipped(start.indices.map { bounds.lower[$0] + room * start[$0] })
      scored.append((inside, function(inside)))
    }
    scored.sort { $0.value > $1.value }
    var examined = scored.count
    var best = scored[0]
    for start in scored.prefix(24) {
      let refined = try refine(start, bounds, &examined, function)
      if refined.value > best.value { best = refined }
    }
    return SimplexOptimum(
      weights: best.point, value: best.value, exact: false,
      method: "lattice of degree \(degree) and local refinement, not proven", examined: examined)
  }

  private static func refine(
    _ start: (point: [Double], value: Double), _ bounds: SimplexBounds, _ examined: inout Int,
    _ function: ([Double]) -> Double
  ) throws(MixtureError) -> (point: [Double], value: Double) {
    var (point, value) = start
    var step = 0.25
    while step > 1e-8 {
      var moved = false
      for from in point.indices {
        try MixtureError.checkInterruption()
        for to in point.indices where to != from {
          let share = min(step, point[from] - bounds.lower[from], bounds.upper[to] - point[to])
          if share <= 0 { continue }
          let old = (point[from], point[to])
          point[from] = max(old.0 - share, bounds.lower[from])
          point[to] = min(old.1 + share, bounds.upper[to])
          let trial = function(point)
          examined += 1
          if trial > value + 1e-15 * abs(value) {
            value = trial
            moved = true
          } else {
            (point[from], point[to]) = old
          }
        }
      }
      if !moved { step /= 2 }
    }
    return (point, value)
  }
}
