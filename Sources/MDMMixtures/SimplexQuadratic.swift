/// The function y(w) = b'w + w'Qw on the simplex, Q symmetric.
public struct SimplexQuadratic: Equatable, Sendable {
  /// The most active sets that `maximum` solves: 2^21.
  public static let limit = 1 << 21

  /// The linear part b.
  public let linear: [Double]
  /// The quadratic part Q, row by row.
  public let quadratic: [Double]

  /// A function from b and the rows of Q; Q is made symmetric.
  ///
  /// - Throws: `MixtureError.weightCount` where the sizes disagree.
  public init(linear: [Double], quadratic: [[Double]]) throws(MixtureError) {
    let n = linear.count
    guard n > 0 else { throw .noDomains }
    guard quadratic.count == n, quadratic.allSatisfy({ $0.count == n }) else {
      throw .weightCount(domains: n, weights: quadratic.count)
    }
    self.linear = linear
    self.quadratic = (0..<n * n).map { (quadratic[$0 / n][$0 % n] + quadratic[$0 % n][$0 / n]) / 2 }
  }

  /// A function from a model's terms, nil where one of them is no first power or product of two.
  public init?(domains: Int, terms: [ModelTerm], coefficients: [Double]) {
    var b = [Double](repeating: 0, count: domains)
    var q = [Double](repeating: 0, count: domains * domains)
    for (term, coefficient) in zip(terms, coefficients) {
      if term.isConstant {
        for i in b.indices { b[i] += coefficient }
        continue
      }
      guard term.shape == .product, term.factors.allSatisfy({ $0.power == 1 }),
        (1...2).contains(term.factors.count)
      else {
        return nil
      }
      let i = term.factors[0].domain
      if term.factors.count == 1 {
        b[i] += coefficient
      } else {
        let j = term.factors[1].domain
        q[i * domains + j] += coefficient / 2
        q[j * domains + i] += coefficient / 2
      }
    }
    linear = b
    quadratic = q
  }

  /// The value at a point.
  public func value(_ w: [Double]) -> Double {
    let n = linear.count
    var sum = 0.0
    for i in 0..<n {
      var row = linear[i]
      for j in 0..<n { row += quadratic[i * n + j] * w[j] }
      sum += w[i] * row
    }
    return sum
  }

  /// The values at many points that stand one after another.
  public func values(_ points: [Double]) -> [Double] {
    let n = linear.count
    let count = points.count / n
    // w'(b + Qw) with Q's upper triangle only.
    var upper = quadratic
    for i in 0..<n { for j in (i + 1)..<max(n, i + 1) { upper[i * n + j] *= 2 } }
    return [Double](unsafeUninitializedCapacity: count) { out, filled in
      points.withUnsafeBufferPointer { w in
        upper.withUnsafeBufferPointer { q in
          linear.withUnsafeBufferPointer { b in
            for point in 0..<count {
              let row = w.baseAddress! + point * n
              var sum = 0.0
              for i in 0..<n {
                var slope = b[i]
                for j in i..<n { slope += q[i * n + j] * row[j] }
                sum += row[i] * slope
              }
              out[point] = sum
            }
          }
        }
      }
      filled = count
    }
  }

  /// The exact maximum within bounds.
  ///
  /// Every active set that can hold a maximum is tried where they are few: a way to hold domains at
  /// their floor or cap, and the stationary point of the others, which solves a linear system.
  /// Two domains are free together only where moving weight between them is no convex direction,
  /// Q_ii + Q_jj - 2 Q_ij <= 0. Singular systems are skipped: along their flat direction the value
  /// is constant or grows up to a smaller face, which is tried as well. Where they
  /// are more than 100,000, or 30,000 beyond 12 domains, branch and bound.
  ///
  /// - Returns: The maximum; `exact` is false where neither way ended within its limit.
  ///
  /// Source: Bomze, "On standard quadratic optimization problems", J. Global Optim. 1998.
  public func maximum(bounds: SimplexBounds? = nil) throws(MixtureError) -> SimplexOptimum {
    let n = linear.count
    let bounds = bounds ?? SimplexBounds(count: n)
    guard bounds.lower.count == n else {
      throw .weightCount(domains: n, weights: bounds.lower.count)
    }
    if quadratic.allSatisfy({ $0 == 0 }) { return linearMaximum(bounds) }
    var search = Enumeration(function: self, bounds: bounds, limit: n <= 12 ? 100_000 : 30_000)
    try search.visit(0, left: 1 - bounds.lower.reduce(0, +))
    if search.isComplete { return search.optimum }
    var branching = QuadraticBranching(self, bounds: bounds)
    let bound = try branching.search(bounds: bounds, limit: 20_000)
    if bound == nil {
      search = Enumeration(function: self, bounds: bounds, limit: Self.limit)
      try search.visit(0, left: 1 - bounds.lower.reduce(0, +))
      if search.isComplete { return search.optimum }
    }
    // The stationary point of the active set that was found has the last digits right.
    search = Enumeration(function: self, bounds: bounds, limit: Self.limit)
    search.polish(branching.best)
    let value = max(branching.bestValue, search.bestValue)
    let weights = search.bestValue > branching.bestValue - 1e-12 ? search.best : branching.best
    let gap = bound.map { max($0 - value, 0) }
    return SimplexOptimum(
      weights: weights, value: self.value(weights), exact: bound != nil,
      method: gap.map {
        "branch and bound: \(branching.boxes) boxes prove that nothing is better by more than "
          + "\(max($0, 1e-12))"
      } ?? "branch and bound stopped after \(branching.boxes) boxes, not proven",
      examined: branching.boxes)
  }

  private func linearMaximum(_ bounds: SimplexBounds) -> SimplexOptimum {
    var weights = bounds.lower
    var left = 1 - weights.reduce(0, +)
    for i in linear.indices.sorted(by: { linear[$0] > linear[$1] }) where left > 0 {
      let share = min(left, bounds.upper[i] - weights[i])
      weights[i] += share
      left -= share
    }
    return SimplexOptimum(
      weights: weights, value: value(weights), exact: true,
      method: "best domains filled first", examined: 1)
  }
}

/// The walk over all active sets.
private struct Enumeration {
  let function: SimplexQuadratic
  let bounds: SimplexBounds
  let limit: Int
  var best: [Double]
  var bestValue = -Double.infinity
  var examined = 0
  private let n: Int
  private let capped: [Bool]
  private let apart: [Bool]  // pairs that are never free together
  private var fixed: [Double]  // floors, raised to caps where a domain is held there
  private var free: [Int] = []
  private var system: [Double]  // (k + 1) x (k + 2), the bordered system of one support

  init(function: SimplexQuadratic, bounds: SimplexBounds, limit: Int) {
    self.function = function
    self.bounds = bounds
    self.limit = limit
    let n = function.linear.count
    self.n = n
    let floors = bounds.lower.reduce(0, +)
    // A cap that the other floors already imply needs no state of its own.
    capped = (0..<n).map { bounds.upper[$0] < 1 - (floors - bounds.lower[$0]) - 1e-12 }
    let q = function.quadratic
    let size = q.reduce(0) { max($0, abs($1)) }
    apart = (0..<n * n).map { pair in
      let (i, j) = (pair / n, pair % n)
      return i != j && q[i * n + i] + q[j * n + j] - 2 * q[pair] > 1e-10 * size
    }
    fixed = bounds.lower
    best = bounds.clipped(bounds.lower)
    system = [Double](repeating: 0, count: (n + 1) * (n + 2))
  }

  var isComplete: Bool { examined < limit }

  var optimum: SimplexOptimum {
    SimplexOptimum(
      weights: best, value: bestValue, exact: true,
      method: "all \(examined) active sets that can hold a maximum were solved",
      examined: examined)
  }

  // `left`: what floors and caps held so far leave of the total weight 1.
  mutating func visit(_ domain: Int, left: Double) throws(MixtureError) {
    guard left >= -1e-12, examined < limit else { return }
    if domain == n {
      if examined & 0xFFF == 0 { try MixtureError.checkInterruption() }
      solve(left)
      return
    }
    try visit(domain + 1, left: left)
    if !free.contains(where: { apart[$0 * n + domain] }) {
      free.append(domain)
      try visit(domain + 1, left: left)
      free.removeLast()
    }
    if capped[domain] {
      fixed[domain] = bounds.upper[domain]
      try visit(domain + 1, left: left - (bounds.upper[domain] - bounds.lower[domain]))
      fixed[domain] = bounds.lower[domain]
    }
  }

  // The stationary point of the active set that a point is near.
  mutating func polish(_ point: [Double]) {
    var left = 1.0
    for i in 0..<n {
      let (l, u) = (bounds.lower[i], bounds.upper[i])
      fixed[i] = u - point[i] < 1e-6 && point[i] - l > 1e-6 ? u : l
      if point[i] - l > 1e-6, u - point[i] > 1e-6 { free.append(i) }
      left -= fixed[i]
    }
    solve(left)
  }

  private mutating func solve(_ left: Double) {
    let k = free.count
    examined += 1
    if k == 0 {
      if abs(left) <= 1e-12 { offer(fixed) }
      return
    }
    // [2Q_TT -1; 1' 0] [z; lambda] = [-(b + 2Q fixed)_T; left] for w_T = fixed_T + z.
    let width = k + 2
    let count = n
    let solved = system.withUnsafeMutableBufferPointer { a -> Bool in
      for (r, i) in free.enumerated() {
        var slope = function.linear[i]
        for j in 0..<count { slope += 2 * function.quadratic[i * count + j] * fixed[j] }
        for (c, j) in free.enumerated() {
          a[r * width + c] = 2 * function.quadratic[i * count + j]
        }
        a[r * width + k] = -1
        a[r * width + k + 1] = -slope
        a[k * width + r] = 1
      }
      a[k * width + k] = 0
      a[k * width + k + 1] = left
      return Self.eliminate(a, k + 1, width)
    }
    guard solved else { return }
    var point = fixed
    for (r, i) in free.enumerated() {
      let weight = fixed[i] + system[r * width + k + 1]
      guard weight >= bounds.lower[i] - 1e-12, weight <= bounds.upper[i] + 1e-12 else { return }
      point[i] = min(max(weight, bounds.lower[i]), bounds.upper[i])
    }
    offer(point)
  }

  private mutating func offer(_ point: [Double]) {
    let value = function.value(point)
    if value > bestValue {
      bestValue = value
      best = point
    }
  }

  // Gauss-Jordan with partial pivoting; the solution stands in the last column.
  private static func eliminate(
    _ a: UnsafeMutableBufferPointer<Double>, _ size: Int, _ width: Int
  ) -> Bool {
    var scale = 0.0
    for i in 0..<size {
      for j in 0..<size { scale = max(scale, abs(a[i * width + j])) }
    }
    for k in 0..<size {
      var pivot = k
      for i in k..<size where abs(a[i * width + k]) > abs(a[pivot * width + k]) { pivot = i }
      guard abs(a[pivot * width + k]) > 1e-13 * scale else { return false }
      if pivot != k {
        for j in k..<width { a.swapAt(k * width + j, pivot * width + j) }
      }
      let inverse = 1 / a[k * width + k]
      for i in 0..<size where i != k {
        let factor = a[i * width + k] * inverse
        if factor == 0 { continue }
        for j in k..<width { a[i * width + j] -= factor * a[k * width + j] }
      }
      for j in k..<width { a[k * width + j] *= inverse }
    }
    return true
  }
}
