import MDMNumerics

/// Floors and caps of the weights: the part {l <= w <= u} of the simplex.
public struct SimplexBounds: Equatable, Sendable {
  /// The least weight of each domain.
  public let lower: [Double]
  /// The greatest weight of each domain.
  public let upper: [Double]

  /// The whole simplex.
  public init(count: Int) {
    lower = [Double](repeating: 0, count: count)
    upper = [Double](repeating: 1, count: count)
  }

  /// Floors and caps, such as a cap of dataset size / planned draws against repetition.
  ///
  /// - Throws: `MixtureError.infeasibleBounds` where no mixture lies within them.
  public init(lower: [Double], upper: [Double]) throws(MixtureError) {
    guard lower.count == upper.count else {
      throw .weightCount(domains: lower.count, weights: upper.count)
    }
    for (low, high) in zip(lower, upper) {
      guard low.isFinite, high.isFinite, low >= 0, high <= 1, low <= high else {
        throw .infeasibleBounds(reason: "a floor of \(low) and a cap of \(high)")
      }
    }
    let least = lower.reduce(0, +)
    let most = upper.reduce(0, +)
    guard least <= 1 + 1e-12 else {
      throw .infeasibleBounds(reason: "the floors sum to \(Self.rounded(least)), more than 1")
    }
    guard most >= 1 - 1e-12 else {
      throw .infeasibleBounds(reason: "the caps sum to \(Self.rounded(most)), less than 1")
    }
    self.lower = lower
    self.upper = upper
  }

  // Without the digits that summing made.
  private static func rounded(_ sum: Double) -> Double {
    abs(sum) < 1e6 ? (sum * 1e9).rounded() / 1e9 : sum
  }

  /// Caps that keep datasets from being repeated too often: w_i <= epochs size_i / draws.
  ///
  /// - Parameters:
  ///   - sizes: The number of examples of each domain.
  ///   - draws: The number of examples that a run draws in all.
  ///   - epochs: How often an example may be seen.
  /// - Throws: `MixtureError.infeasibleBounds` where all data is too little for the draws, and for
  ///   counts below 1.
  public static func repetition(
    sizes: [Int], draws: Int, epochs: Double = 1
  ) throws(MixtureError) -> SimplexBounds {
    guard draws > 0 else {
      throw .badCount(what: "the number of draws", count: draws, allowed: "1 and above")
    }
    guard epochs > 0, epochs.isFinite else {
      throw .numerics(
        .outOfRange(what: "how often an example may be drawn", value: epochs, allowed: "above 0"))
    }
    return try SimplexBounds(
      lower: [Double](repeating: 0, count: sizes.count),
      upper: sizes.map { min(1, epochs * Double($0) / Double(draws)) })
  }

  /// Whether a point lies within the bounds.
  public func contains(_ weights: [Double], tolerance: Double = 1e-9) -> Bool {
    weights.count == lower.count
      && weights.indices.allSatisfy {
        weights[$0] >= lower[$0] - tolerance && weights[$0] <= upper[$0] + tolerance
      }
  }

  /// A mixture within the bounds near a point: clipped, then filled or emptied in proportion to
  /// the room that is left.
  public func clipped(_ weights: [Double]) -> [Double] {
    var result = weights.indices.map { min(max(weights[$0], lower[$0]), upper[$0]) }
    let gap = 1 - result.reduce(0, +)
    let room = result.indices.map { gap > 0 ? upper[$0] - result[$0] : result[$0] - lower[$0] }
    let total = room.reduce(0, +)
    if total > 0 {
      for i in result.indices { result[i] += gap * room[i] / total }
    }
    return result
  }

  /// Whether nothing is bounded.
  public var isWhole: Bool {
    lower.allSatisfy { $0 == 0 } && upper.allSatisfy { $0 >= 1 }
  }

  /// The corners of the polytope: all domains but one at a floor or cap.
  ///
  /// - Throws: `MixtureError.tooLarge` past 2^18 combinations.
  ///
  /// Source: McLean and Anderson 1966.
  public func vertices() throws(MixtureError) -> [[Double]] {
    let q = lower.count
    let floors = lower.reduce(0, +)
    // A cap that the floors imply is met nowhere else than at a vertex of the others' floors.
    let effective = (0..<q).map { min(upper[$0], 1 - (floors - lower[$0])) }
    let size = q < 40 ? q << max(q - 1, 0) : Int.max
    guard size <= 1 << 20 else {
      throw .tooLarge(what: "the list of corners", size: size, limit: 1 << 20)
    }
    var seen: Set<[Int64]> = []
    var result: [[Double]] = []
    for free in 0..<q {
      for choice in 0..<(1 << (q - 1)) {
        var point = lower
        var bit = 0
        var rest = 1.0
        for i in 0..<q where i != free {
          if choice >> bit & 1 == 1 { point[i] = effective[i] }
          rest -= point[i]
          bit += 1
        }
        guard rest >= lower[free] - 1e-12, rest <= upper[free] + 1e-12 else { continue }
        point[free] = min(max(rest, lower[free]), upper[free])
        if seen.insert(point.map { Int64(($0 * 1e9).rounded()) }).inserted { result.append(point) }
      }
    }
    return result
  }

  /// The corners, or as many random ones as that where they are too many to be listed.
  ///
  /// A random corner raises the domains from their floors to their caps in a random order.
  public func corners(atMost count: Int) -> [[Double]] {
    if let all = try? vertices(), all.count <= count { return all }
    var stream = RandomStream(seed: 0, purpose: "simplex-corners")
    var result: [[Double]] = []
    var seen: Set<[Int64]> = []
    for _ in 0..<4 * count where result.count < count {
      var point = lower
      var left = 1 - lower.reduce(0, +)
      for i in stream.shuffled(Array(lower.indices)) where left > 0 {
        let share = min(left, upper[i] - lower[i])
        point[i] += share
        left -= share
      }
      if seen.insert(point.map { Int64(($0 * 1e9).rounded()) }).inserted { result.append(point) }
    }
    return result
  }

  /// Points spread evenly over the polytope, the same for the same seed.
  ///
  /// By rejection from the simplex above the floors; where too few of its points lie within the
  /// caps, by hit-and-run along exchanges between two domains.
  public func draws(_ count: Int, seed: UInt64 = 0) -> [[Double]] {
    let q = lower.count
    let room = 1 - lower.reduce(0, +)
    var stream = RandomStream(seed: seed, purpose: "simplex-bounds")
    var result: [[Double]] = []
    for _ in 0..<count * 20 where result.count < count {
      let point = zip(lower, stream.dirichlet(count: q)).map { $0 + room * $1 }
      if contains(point, tolerance: 0) { result.append(point) }
    }
    guard result.count < count, q > 1 else { return result }
    var point = clipped(lower)
    result.removeAll()
    for step in 0..<count * 4 * q {
      let from = stream.integer(below: q)
      let to = (from + 1 + stream.integer(below: q - 1)) % q
      let most = min(point[from] - lower[from], upper[to] - point[to])
      let least = -min(point[to] - lower[to], upper[from] - point[from])
      let share = least + stream.uniform() * (most - least)
      point[from] -= share
      point[to] += share
      if step % (4 * q) == 4 * q - 1 { result.append(point) }
    }
    return result
  }
}
