import MDMNumerics

/// Branch and bound for the maximum of b'w + w'Qw within bounds.
///
/// On a box l <= w <= u the function is overestimated by y(w) + s sum_i (w_i - l_i)(u_i - w_i), s
/// the largest eigenvalue of Q among directions of sum 0 of the coordinates that are still free:
/// concave there, so any point x bounds its maximum by U(x) + max_z dU(x)'(z - x). The box with
/// the largest bound is halved where the overestimate is loosest.
/// Source: Androulakis, Maranas and Floudas, "alphaBB", J. Global Optim. 1995; the bound is
/// Frank-Wolfe's.
struct QuadraticBranching {
  private let function: SimplexQuadratic
  private let n: Int
  private let tolerance: Double
  private var shifts: [[Int]: Double] = [:]
  private(set) var best: [Double]
  private(set) var bestValue: Double
  private(set) var boxes = 0

  private struct Box {
    var lower: [Double]
    var upper: [Double]
    var bound: Double
    var split: Int
    var at: Double
  }

  init(_ function: SimplexQuadratic, bounds: SimplexBounds) {
    self.function = function
    n = function.linear.count
    best = bounds.clipped(bounds.lower)
    bestValue = function.value(best)
    let size = (function.linear + function.quadratic).reduce(0) { max($0, abs($1)) }
    tolerance = 1e-8 * max(size, 1e-300)
  }

  /// Searches; returns the proven upper bound, nil where `limit` boxes did not prove it.
  mutating func search(bounds: SimplexBounds, limit: Int) throws(MixtureError) -> Double? {
    var queue: [Box] = []
    if let root = bounded(bounds.lower, bounds.upper) { queue.append(root) }
    var highest = bestValue
    while let top = queue.indices.max(by: { queue[$0].bound < queue[$1].bound }) {
      try MixtureError.checkInterruption()
      let box = queue.remove(at: top)
      highest = max(bestValue, box.bound)
      if box.bound <= bestValue + tolerance { return highest }
      guard boxes < limit else { return nil }
      var (upper, lower) = (box.upper, box.lower)
      upper[box.split] = box.at
      lower[box.split] = box.at
      for half in [bounded(box.lower, upper), bounded(lower, box.upper)] {
        if let half, half.bound > bestValue + tolerance { queue.append(half) }
      }
      if queue.count > 4096 { queue.removeAll { $0.bound <= bestValue + tolerance } }
    }
    return bestValue
  }

  // The box tightened by the sum, with its bound; nil where it holds no mixture.
  private mutating func bounded(_ low: [Double], _ high: [Double]) -> Box? {
    boxes += 1
    var (lower, upper) = (low, high)
    for _ in 0..<2 {
      let (least, most) = (lower.reduce(0, +), upper.reduce(0, +))
      guard least <= 1 + 1e-12, most >= 1 - 1e-12 else { return nil }
      for i in 0..<n {
        let (l, u) = (lower[i], upper[i])
        upper[i] = max(min(u, 1 - (least - l)), l)
        lower[i] = min(max(l, 1 - (most - u)), upper[i])
      }
    }
    let free = (0..<n).filter { upper[$0] - lower[$0] > 1e-10 }
    let shift = self.shift(free)
    var point = lower
    fill(&point, upper)
    var problem = PairAscent(function, lower: lower, upper: upper, shift: shift, start: point)
    let bound = problem.climb(tolerance: tolerance)
    point = problem.point
    var original = PairAscent(function, lower: lower, upper: upper, shift: 0, start: point)
    _ = original.climb(tolerance: tolerance)
    let value = function.value(original.point)
    if value > bestValue {
      bestValue = value
      best = original.point
    }
    var split = free.first ?? 0
    var loosest = -1.0
    for i in free {
      let gap = (point[i] - lower[i]) * (upper[i] - point[i])
      if gap > loosest {
        loosest = gap
        split = i
      }
    }
    let width = upper[split] - lower[split]
    let at = min(max(point[split], lower[split] + 0.1 * width), upper[split] - 0.1 * width)
    return Box(lower: lower, upper: upper, bound: bound, split: split, at: at)
  }

  private func fill(_ point: inout [Double], _ upper: [Double]) {
    let left = 1 - point.reduce(0, +)
    let room = zip(upper, point).reduce(0) { $0 + $1.0 - $1.1 }
    guard room > 0 else { return }
    for i in point.indices { point[i] += left * (upper[i] - point[i]) / room }
  }

  // The largest eigenvalue of Q among directions of sum 0 of some coordinates, at least 0.
  private mutating func shift(_ free: [Int]) -> Double {
    if let known = shifts[free] { return known }
    let k = free.count
    var matrix = Matrix(rows: k, columns: k)
    var means = [Double](repeating: 0, count: k)
    var whole = 0.0
    for a in 0..<k {
      for b in 0..<k {
        matrix[a, b] = function.quadratic[free[a] * n + free[b]]
        means[a] += matrix[a, b] / Double(k)
      }
      whole += means[a] / Double(k)
    }
    for a in 0..<k { for b in 0..<k { matrix[a, b] += whole - means[a] - means[b] } }
    let value = k < 2 ? 0 : max(SymmetricEigen(matrix).values[0], 0)
    // A hair more, so that rounding leaves the overestimate concave.
    shifts[free] = value == 0 ? 0 : value * (1 + 1e-9)
    return shifts[free] ?? 0
  }
}

/// Climbs a quadratic within a box on the simplex by moving weight between two coordinates.
///
/// The pair with the steepest gain is moved to the best point of its segment. For a concave
/// function `climb` returns a bound of its maximum: the value and the Frank-Wolfe gap.
struct PairAscent {
  private let n: Int
  private let lower: [Double]
  private let upper: [Double]
  private let shift: Double
  private let quadratic: [Double]
  private(set) var point: [Double]
  private var gradient: [Double]
  private var value: Double

  init(
    _ function: SimplexQuadratic, lower: [Double], upper: [Double], shift: Double, start: [Double]
  ) {
    n = start.count
    self.lower = lower
    self.upper = upper
    self.shift = shift
    quadratic = function.quadratic
    point = start
    gradient = function.linear
    value = function.value(start)
    for i in 0..<n {
      for j in 0..<n { gradient[i] += 2 * quadratic[i * n + j] * point[j] }
      gradient[i] += shift * (lower[i] + upper[i] - 2 * point[i])
      value += shift * (point[i] - lower[i]) * (upper[i] - point[i])
    }
  }

  mutating func climb(tolerance: Double) -> Double {
    for step in 0..<200 * n {
      var (up, down) = (-1, -1)
      for i in 0..<n {
        if point[i] < upper[i] - 1e-13, up < 0 || gradient[i] > gradient[up] { up = i }
        if point[i] > lower[i] + 1e-13, down < 0 || gradient[i] < gradient[down] { down = i }
      }
      guard up >= 0, down >= 0, up != down else { break }
      let slope = gradient[up] - gradient[down]
      if slope <= 1e-14 { break }
      if step % 32 == 31, gap <= 0.1 * tolerance { break }
      let curvature =
        quadratic[up * n + up] + quadratic[down * n + down] - 2 * quadratic[up * n + down]
        - 2 * shift
      let most = min(upper[up] - point[up], point[down] - lower[down])
      let move = curvature < 0 ? min(most, slope / (-2 * curvature)) : most
      value += move * (slope + curvature * move)
      point[up] = min(point[up] + move, upper[up])
      point[down] = max(point[down] - move, lower[down])
      for i in 0..<n {
        gradient[i] += 2 * move * (quadratic[i * n + up] - quadratic[i * n + down])
      }
      gradient[up] -= 2 * shift * move
      gradient[down] += 2 * shift * move
    }
    return value + gap
  }

  // max over the box of gradient'(z - point): weights are filled in the order of the gradient.
  private var gap: Double {
    var left = 1 - lower.reduce(0, +)
    var sum = 0.0
    for i in 0..<n { sum += gradient[i] * (lower[i] - point[i]) }
    for i in (0..<n).sorted(by: { gradient[$0] > gradient[$1] }) where left > 0 {
      let share = min(left, upper[i] - lower[i])
      sum += gradient[i] * share
      left -= share
    }
    return max(sum, 0)
  }
}
