import MDMNumerics

/// The maximum of sum_i b_i w_i + g_i sqrt(w_i) within bounds, by branch and bound.
///
/// With all g_i >= 0 the function is concave and one multiplier solves it. A term with g_i < 0 is
/// convex: on a box it is overestimated by its secant, and the box is halved where that is loosest.
struct SeparableMaximum {
  let linear: [Double]
  let roots: [Double]
  private let n: Int
  private var best: [Double] = []
  private var bestValue = -Double.infinity
  private var boxes = 0

  init(linear: [Double], roots: [Double]) {
    self.linear = linear
    self.roots = roots
    n = linear.count
  }

  /// The function of a law, nil where a term is neither w_i nor sqrt(w_i).
  init?(domains: Int, terms: [ModelTerm], coefficients: [Double]) {
    var linear = [Double](repeating: 0, count: domains)
    var roots = linear
    for (term, coefficient) in zip(terms, coefficients) {
      guard term.shape == .product, term.factors.count == 1 else { return nil }
      switch term.factors[0].power {
      case 1: linear[term.factors[0].domain] += coefficient
      case 0.5: roots[term.factors[0].domain] += coefficient
      default: return nil
      }
    }
    self.init(linear: linear, roots: roots)
  }

  private func value(_ w: [Double]) -> Double {
    w.indices.reduce(0) { $0 + linear[$1] * w[$1] + roots[$1] * w[$1].squareRoot() }
  }

  /// Searches; not exact where `limit` boxes did not prove the maximum.
  mutating func maximum(
    bounds: SimplexBounds, limit: Int = 20_000
  ) throws(MixtureError) -> SimplexOptimum {
    let size = (linear + roots).reduce(0) { max($0, abs($1)) }
    let tolerance = 1e-9 * max(size, 1e-300)
    var queue: [(lower: [Double], upper: [Double], bound: Double, point: [Double])] = []
    func push(_ lower: [Double], _ upper: [Double]) {
      guard lower.reduce(0, +) <= 1 + 1e-12, upper.reduce(0, +) >= 1 - 1e-12 else { return }
      boxes += 1
      let (point, bound) = relaxed(lower, upper)
      let value = value(point)
      if value > bestValue {
        bestValue = value
        best = point
      }
      if bound > bestValue + tolerance { queue.append((lower, upper, bound, point)) }
    }
    push(bounds.lower, bounds.upper)
    var proven = true
    while let top = queue.indices.max(by: { queue[$0].bound < queue[$1].bound }) {
      try MixtureError.checkInterruption()
      let box = queue.remove(at: top)
      if box.bound <= bestValue + tolerance { break }
      guard boxes < limit else {
        proven = false
        break
      }
      var split = 0
      var loosest = -1.0
      for i in 0..<n where roots[i] < 0 {
        let gap =
          secant(i, box.lower[i], box.upper[i], box.point[i]) - roots[i] * box.point[i].squareRoot()
        if gap > loosest {
          loosest = gap
          split = i
        }
      }
      let (l, u) = (box.lower[split], box.upper[split])
      let at = min(max(box.point[split], l + 0.05 * (u - l)), u - 0.05 * (u - l))
      var (upper, lower) = (box.upper, box.lower)
      upper[split] = at
      lower[split] = at
      push(box.lower, upper)
      push(lower, box.upper)
    }
    return SimplexOptimum(
      weights: best, value: bestValue, exact: proven,
      method: proven
        ? "branch and bound, proven by \(boxes) boxes" : "branch and bound stopped, not proven",
      examined: boxes)
  }

  private func secant(_ i: Int, _ l: Double, _ u: Double, _ w: Double) -> Double {
    let (a, b) = (l.squareRoot(), u.squareRoot())
    return roots[i] * (a + (u > l ? (w - l) / (a + b) : 0))
  }

  // The maximum of the overestimate: every w_i(m) has slope m, and m makes the sum 1.
  private func relaxed(_ lower: [Double], _ upper: [Double]) -> ([Double], Double) {
    let slopes = (0..<n).map { i in
      roots[i] < 0 ? roots[i] / max(lower[i].squareRoot() + upper[i].squareRoot(), 1e-300) : 0
    }
    func weights(_ m: Double) -> [Double] {
      (0..<n).map { i in
        let slope = linear[i] + slopes[i] - m
        if roots[i] <= 0 { return slope > 0 ? upper[i] : lower[i] }
        if slope >= 0 { return upper[i] }
        let root = roots[i] / (-2 * slope)
        return min(max(root * root, lower[i]), upper[i])
      }
    }
    var low = -1.0
    while weights(low).reduce(0, +) < 1, low > -1e15 { low *= 4 }
    var high = 1.0
    while weights(high).reduce(0, +) > 1, high < 1e15 { high *= 4 }
    for _ in 0..<200 where high - low > 1e-15 * max(abs(low), abs(high), 1e-3) {
      let middle = (low + high) / 2
      if weights(middle).reduce(0, +) > 1 { low = middle } else { high = middle }
    }
    // Linear terms jump at the multiplier: between the two sides lies the sum of 1.
    let (more, less) = (weights(low), weights(high))
    let (a, b) = (more.reduce(0, +), less.reduce(0, +))
    let share = a > b ? min(max((1 - b) / (a - b), 0), 1) : 0
    var point = zip(more, less).map { $1 + share * ($0 - $1) }
    let left = 1 - point.reduce(0, +)
    if let place = point.indices.first(where: {
      point[$0] + left >= lower[$0] && point[$0] + left <= upper[$0]
    }) {
      point[place] += left
    }
    var sum = 0.0
    for i in 0..<n {
      sum += linear[i] * point[i]
      sum +=
        roots[i] < 0
        ? secant(i, lower[i], upper[i], point[i]) : roots[i] * max(point[i], 0).squareRoot()
    }
    // Weak duality bounds it from above whatever the rounding: max_w U(w) - m (sum w - 1).
    let m = (low + high) / 2
    let dual = weights(m)
    var bound = m
    for i in 0..<n {
      bound += (linear[i] - m) * dual[i]
      bound +=
        roots[i] < 0 ? secant(i, lower[i], upper[i], dual[i]) : roots[i] * dual[i].squareRoot()
    }
    return (point.map { max($0, 0) }, max(bound, sum))
  }
}
