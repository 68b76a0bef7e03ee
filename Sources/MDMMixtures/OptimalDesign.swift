import Glibc
import MDMNumerics

/// Point exchange: every run in turn is replaced by the candidate that improves a criterion most.
///
/// Source: Fedorov 1972; Cook and Nachtsheim, "A comparison of algorithms for constructing exact
/// D-optimal designs", Technometrics 1980 (the modified exchange).
public enum OptimalDesign {
  /// What a design is chosen for.
  public enum Criterion: Equatable, Sendable {
    /// D: the greatest |F'F|.
    case determinant
    /// I: the least tr((F'F)^-1 M).
    case averageVariance
    /// G: the least greatest f'(F'F)^-1 f over the candidates.
    case maximumVariance
  }

  /// Chooses runs from the equal blends and a lattice of the simplex.
  ///
  /// - Parameters:
  ///   - runs: How many runs to choose; they may repeat a mixture.
  ///   - existing: Mixtures that are already run: the choice completes them.
  ///   - bounds: Floors and caps of the weights.
  ///   - prior: The ridge penalty of a fit to the existing runs, known beside them.
  ///   - starts: Random starts; nil for 1 to 80, fewer for many terms.
  /// - Returns: The new runs only.
  /// - Throws: `MixtureError.badCount` where new and existing runs are fewer than the terms.
  public static func exchange(
    domains: [String], runs: Int, family: ModelFamily, criterion: Criterion,
    existing: [Mixture] = [], bounds: SimplexBounds? = nil, prior: Double = 0,
    starts: Int? = nil, seed: UInt64 = 0
  ) throws(MixtureError) -> [Mixture] {
    let count = domains.count
    for mixture in existing { try mixture.expect(domains) }
    let terms = family.terms(count).count
    guard family.hasTerms else {
      throw .unknownName(
        kind: "model with terms", name: family.name, nearest: nil,
        known: ModelFamily.all.filter(\.hasTerms).map(\.name))
    }
    guard runs > 0, runs + existing.count >= terms || prior > 0 else {
      throw .badCount(
        what: "the number of runs for the \(terms) terms of the \(family.name) family",
        count: runs, allowed: "\(max(terms - existing.count, 1)) and above")
    }
    guard terms <= 200 else {
      throw .tooLarge(what: "the search for an optimal design", size: terms, limit: 200)
    }
    let candidates = try self.candidates(count, bounds: bounds)
    let exchange = Exchange(
      rows: family.matrix(candidates, domains: count),
      fixed: family.matrix(existing.map(\.weights), domains: count),
      moments: try DesignQuality.moments(family, domains: count, bounds: bounds),
      criterion: criterion, jitter: max(prior, 1e-7))
    let tries =
      starts ?? max(1, min(criterion == .maximumVariance ? 12 : 80, 40_000 / (terms * terms)))
    var best: (loss: Double, chosen: [Int])?
    for start in 0..<max(tries, 1) {
      var stream = RandomStream(seed: seed, purpose: "optimal-design", index: start)
      var chosen = (0..<runs).map { _ in stream.integer(below: candidates.count) }
      // D-optimal designs are nearly G-optimal, random ones are far from it.
      if criterion == .maximumVariance {
        chosen = try exchange.with(.determinant).improve(chosen).chosen
      }
      let result = try exchange.improve(chosen)
      if result.loss < best?.loss ?? .infinity { best = result }
    }
    return (best?.chosen ?? []).sorted().map { Mixture(trusted: domains, candidates[$0]) }
  }

  /// The candidates: all equal blends up to seven domains, else those of as many domains (three at
  /// most) as keep the list below 5000, and the lattice of degree 4 up to eight domains.
  ///
  /// Under bounds: the corners, the midpoints between them, the mean of all and even draws.
  public static func candidates(
    _ count: Int, bounds: SimplexBounds? = nil
  ) throws(MixtureError) -> [[Double]] {
    if let bounds, !bounds.isWhole {
      let corners = bounds.corners(atMost: 400)
      var result = corners
      for i in corners.indices where corners.count <= 60 {
        for j in 0..<i { result.append(zip(corners[i], corners[j]).map { ($0 + $1) / 2 }) }
      }
      result.append(
        (0..<count).map { i in corners.reduce(0) { $0 + $1[i] } / Double(corners.count) })
      return result + bounds.draws(200)
    }
    var parts = count <= 7 ? count : 3
    while count > 7, parts > 1, Simplex.latticeSize(count - parts + 1, degree: parts) > 4000 {
      parts -= 1
    }
    var result = try Simplex.centroids(count, parts: parts)
    if count <= 8 {
      let known = Set(result)
      result += try Simplex.lattice(count, degree: 4).filter { !known.contains($0) }
    }
    return result
  }
}

/// One exchange problem.
private struct Exchange {
  let rows: Matrix  // (candidates, terms)
  let fixed: Matrix  // (existing runs, terms)
  let moments: Matrix  // (terms, terms)
  let criterion: OptimalDesign.Criterion
  // Keeps F'F invertible while a run is taken out: far below what a run contributes, or a prior.
  let jitter: Double

  func with(_ criterion: OptimalDesign.Criterion) -> Exchange {
    Exchange(rows: rows, fixed: fixed, moments: moments, criterion: criterion, jitter: jitter)
  }

  func improve(_ start: [Int]) throws(MixtureError) -> (loss: Double, chosen: [Int]) {
    var chosen = start
    var information =
      fixed.rows == 0 ? Matrix(rows: rows.columns, columns: rows.columns) : fixed.gram
    for i in 0..<rows.columns { information[i, i] += jitter }
    for index in chosen { add(rows.row(index), 1, &information) }
    for _ in 0..<50 {
      var moved = false
      for slot in chosen.indices {
        try MixtureError.checkInterruption()
        add(rows.row(chosen[slot]), -1, &information)
        guard let factor = CholeskyFactorization(information) else {
          add(rows.row(chosen[slot]), 1, &information)
          continue
        }
        let gains = self.gains(factor)
        var best = chosen[slot]
        for index in gains.indices where gains[index] > gains[best] * (1 + 1e-9) { best = index }
        if best != chosen[slot] {
          chosen[slot] = best
          moved = true
        }
        add(rows.row(best), 1, &information)
      }
      if !moved { break }
    }
    guard let factor = CholeskyFactorization(information) else { return (.infinity, chosen) }
    switch criterion {
    case .determinant: return (-factor.logDeterminant, chosen)
    case .averageVariance:
      return (zip(factor.inverse.values, moments.values).reduce(0) { $0 + $1.0 * $1.1 }, chosen)
    case .maximumVariance:
      let left = rows.times(factor.inverse)
      let variances = (0..<rows.rows).map { i in
        (0..<rows.columns).reduce(0.0) { $0 + left[i, $1] * rows[i, $1] }
      }
      return (variances.max() ?? .infinity, chosen)
    }
  }

  // What each candidate adds: log|A + ff'| grows with f'A^-1 f, and tr((A + ff')^-1 M) falls by
  // f'A^-1 M A^-1 f / (1 + f'A^-1 f).
  private func gains(_ factor: CholeskyFactorization) -> [Double] {
    let inverse = factor.inverse
    let left = rows.times(inverse)
    if criterion == .maximumVariance { return reliefs(left) }
    let weighted = criterion == .averageVariance ? left.times(moments) : left
    return (0..<rows.rows).map { i in
      var leverage = 0.0
      var drop = 0.0
      for k in 0..<rows.columns {
        leverage += left[i, k] * rows[i, k]
        drop += weighted[i, k] * left[i, k]
      }
      return criterion == .determinant ? leverage : drop / (1 + leverage)
    }
  }

  // How little the greatest variance becomes with each candidate, inverted: adding c lowers that
  // at x by (f_x' A^-1 f_c)^2 / (1 + f_c' A^-1 f_c).
  private func reliefs(_ left: Matrix) -> [Double] {
    let cross = left.times(rows.transposed)
    let n = rows.rows
    return (0..<n).map { c in
      let scale = 1 / (1 + cross.values[c * n + c])
      var greatest = 0.0
      for x in 0..<n {
        let shared = cross.values[x * n + c]
        greatest = max(greatest, cross.values[x * n + x] - shared * shared * scale)
      }
      return 1 / max(greatest, 1e-300)
    }
  }

  private func add(_ row: [Double], _ sign: Double, _ matrix: inout Matrix) {
    for i in row.indices where row[i] != 0 {
      for j in row.indices { matrix[i, j] += sign * row[i] * row[j] }
    }
  }
}
