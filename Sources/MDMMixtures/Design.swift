import MDMNumerics

/// Which mixtures an experiment trains, and how often each.
public struct Design: Equatable, Sendable {
  /// A mixture and the number of its runs.
  public struct Point: Equatable, Sendable {
    /// The mixture.
    public let mixture: Mixture
    /// How many runs train it, with matched seeds.
    public let replicates: Int
  }

  /// One run of an experiment.
  public struct Run: Equatable, Sendable {
    /// The mixture.
    public let mixture: Mixture
    /// The position of its point in the design.
    public let point: Int
    /// The repetition, from 0: runs of one repetition share their seed.
    public let replicate: Int
  }

  /// The names of the domains.
  public let domains: [String]
  /// The mixtures, distinct, in the order in which they were planned.
  public let points: [Point]

  /// A design from mixtures; repeated ones become replicates.
  public init(
    _ mixtures: [Mixture], domains: [String], replicates: Int = 1
  ) throws(MixtureError) {
    guard replicates > 0 else {
      throw .badCount(what: "the number of replicates", count: replicates, allowed: "1 and above")
    }
    var order: [Mixture] = []
    var place: [[Int64]: Int] = [:]
    var counts: [Int] = []
    for mixture in mixtures {
      try mixture.expect(domains)
      if let index = place[mixture.key] {
        counts[index] += replicates
      } else {
        place[mixture.key] = order.count
        order.append(mixture)
        counts.append(replicates)
      }
    }
    self.domains = domains
    points = zip(order, counts).map { Point(mixture: $0, replicates: $1) }
  }

  /// The mixtures, each once.
  public var mixtures: [Mixture] { points.map(\.mixture) }

  /// Every run: the first repetition of all points, then the second, and so on.
  public var runs: [Run] {
    let most = points.map(\.replicates).max() ?? 0
    return (0..<most).flatMap { replicate in
      points.indices.filter { points[$0].replicates > replicate }.map {
        Run(mixture: points[$0].mixture, point: $0, replicate: replicate)
      }
    }
  }

  /// The same design with further runs of one mixture, such as equal weights.
  public func replicating(_ mixture: Mixture, times: Int) throws(MixtureError) -> Design {
    guard times >= 0 else {
      throw .badCount(what: "the number of replicates", count: times, allowed: "0 and above")
    }
    return try Design(
      runs.map(\.mixture) + [Mixture](repeating: mixture, count: times), domains: domains)
  }

  /// Two designs over the same domains in one.
  public func joined(_ other: Design) throws(MixtureError) -> Design {
    try Design(runs.map(\.mixture) + other.runs.map(\.mixture), domains: domains)
  }

  /// How well the design determines a model family.
  public func quality(
    for family: ModelFamily, bounds: SimplexBounds? = nil
  ) throws(MixtureError) -> DesignQuality {
    try DesignQuality(
      runs.map(\.mixture), family: family, domains: domains, bounds: bounds)
  }

  /// Deals the runs to blocks, such as seeds or machines, so that a difference between blocks is
  /// confused as little as may be with the model.
  ///
  /// Runs change blocks in pairs while sum_b n_b (m_b - m)'(F'F)^-1 (m_b - m) falls, where m_b is
  /// the mean row of a block's model matrix: to first order what blocks take of |F'F|.
  /// - Returns: One block a run, from 0.
  ///
  /// Source: Cook and Nachtsheim, "Computer-aided blocking of factorial and response surface
  /// designs", Technometrics 1989.
  public func blocks(_ count: Int, for family: ModelFamily = .linear) throws(MixtureError) -> [Int]
  {
    let mixtures = runs.map(\.mixture)
    guard count > 0, count <= mixtures.count else {
      throw .badCount(
        what: "the number of blocks", count: count, allowed: "1 to \(mixtures.count) (the runs)")
    }
    let matrix = family.matrix(mixtures.map(\.weights), domains: domains.count)
    var gram = matrix.gram
    for i in 0..<gram.rows { gram[i, i] += 1e-8 }
    guard let factor = CholeskyFactorization(gram) else {
      return mixtures.indices.map { $0 % count }
    }
    let rows = (0..<matrix.rows).map { factor.forward(matrix.row($0)) }
    var block = mixtures.indices.map { $0 % count }
    var sums = [[Double]](
      repeating: [Double](repeating: 0, count: matrix.columns), count: count)
    for (run, row) in rows.enumerated() {
      for k in row.indices { sums[block[run]][k] += row[k] }
    }
    let sizes = (0..<count).map { b in Double(block.count { $0 == b }) }
    for _ in 0..<50 {
      var moved = false
      for i in rows.indices {
        try MixtureError.checkInterruption()
        for j in 0..<i where block[i] != block[j] {
          let (a, b) = (block[i], block[j])
          var change = 0.0
          for k in rows[i].indices {
            let d = rows[j][k] - rows[i][k]
            change += d * (2 * sums[a][k] + d) / sizes[a] - d * (2 * sums[b][k] - d) / sizes[b]
          }
          guard change < -1e-12 else { continue }
          for k in rows[i].indices {
            let d = rows[j][k] - rows[i][k]
            sums[a][k] += d
            sums[b][k] -= d
          }
          block.swapAt(i, j)
          moved = true
        }
      }
      if !moved { break }
    }
    return block
  }
}
