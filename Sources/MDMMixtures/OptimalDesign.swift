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
  }

  /// Chooses runs from the equal blends and a lattice of the simplex.
  ///
  /// - Parameters:
  ///   - runs: How many runs to choose; they may repeat a mixture.
  ///   - existing: Mixtures that are already run: the choice completes them.
  ///   - starts: Random starts; nil for 1 to 80, fewer for many terms.
  /// - Returns: The new runs only.
  /// - Throws: `MixtureError.badCount` where new and existing runs are fewer than the terms.
  public static func exchange(
    domains: [String], runs: Int, family: ModelFamily, criterion: Criterion,
    existing: [Mixture] = [], starts: Int? = nil, seed: UInt64 = 0
  ) throws(MixtureError) -> [Mixture] {
    let count = domains.count
    for mixture in existing { try mixture.expect(domains) }
    let terms = family.terms(count).count
    guard runs > 0, runs + existing.count >= terms else {
      throw .badCount(
        what: "the number of runs for the \(terms) terms of the \(family.name) family",
        count: runs, allowed: "\(max(terms - existing.count, 1)) and above")
    }
    guard terms <= 200 else {
      throw .tooLarge(what: "the search for an optimal design", size: terms, limit: 200)
    }
    let candidates = try self.candidates(count)
    let exchange = Exchange(
      rows: family.matrix(candidates, domains: count),
      fixed: family.matrix(existing.map(\.weights), domains: count),
      moments: DesignQuality.moments(family, domains: count), criterion: criterion)
    let tries = starts ?? max(1, min(80, 40_000 / (terms * terms)))
    var best: (loss: Double, chosen: [Int])?
    for start in 0..<max(tries, 1) {
      var stream = RandomStream(seed: seed, purpose: "optimal-design", index: start)
      let result = exchange.improve((0..<runs).map { _ in stream.integer(below: candidates.count) })
      if result.loss < best?.loss ?? .infinity { best = result }
    }
    return (best?.chosen ?? []).sorted().map { Mixture(trusted: domains, candidates[$0]) }
  }

  /// The candidates: all equal blends up to seven domains, else those of as many domains (three at
  /// most) as keep the list below 5000, and the lattice of degree 4 up to eight domains.
  public static func candidates(_ count: Int) throws(MixtureError) -> [[Double]] {
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
  // Keeps F'F invertible while a run is taken out; far below what a run contributes.
  private let jitter = 1e-7

  init(rows: Matrix, fixed: Matrix, moments: Matrix, criterion: OptimalDesign.Criterion) {
    self.rows = rows
    self.fixed = fixed
    self.moments = moments
    self.criterion = criterion
  }

  func improve(_ start: [Int]) -> (loss: Double, chosen: [Int]) {
    var chosen = start
    var information =
      fixed.rows == 0 ? Matrix(rows: rows.columns, columns: rows.columns) : fixed.gram
    for i in 0..<rows.columns { information[i, i] += jitter }
    for index in chosen { add(rows.row(index), 1, &information) }
    for _ in 0..<50 {
      var moved = false
      for slot in chosen.indices {
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
    }
  }

  // What each candidate adds: log|A + ff'| grows with f'A^-1 f, and tr((A + ff')^-1 M) falls by
  // f'A^-1 M A^-1 f / (1 + f'A^-1 f).
  private func gains(_ factor: CholeskyFactorization) -> [Double] {
    let inverse = factor.inverse
    let left = rows.times(inverse)
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

  private func add(_ row: [Double], _ sign: Double, _ matrix: inout Matrix) {
    for i in row.indices where row[i] != 0 {
      for j in row.indices { matrix[i, j] += sign * row[i] * row[j] }
    }
  }
}
