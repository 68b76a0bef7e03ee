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
  public func quality(for family: ModelFamily) throws(MixtureError) -> DesignQuality {
    try DesignQuality(runs.map(\.mixture), family: family, domains: domains)
  }
}
