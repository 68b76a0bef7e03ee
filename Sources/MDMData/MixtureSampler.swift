import MDMNumerics

/// Draws training prompts: first a domain by its weight, then an unseen example of it.
///
/// Every draw depends only on the seed, the step and the domain's own name and count, so that a
/// domain of weight 0 changes nothing and a sampler continues exactly from its counts.
///
/// Source: two-stage sampling of arXiv 2505.24871, section 4; spread domains after Tijdeman,
/// "The chairman assignment problem", Discrete Mathematics 32 (1980).
public struct MixtureSampler: Sendable {
  /// How the domain of a step is chosen.
  public enum Schedule: String, Sendable, CaseIterable {
    /// Independent draws, as in the paper.
    case independent
    /// Each domain's count stays within 1 of its weight times the number of steps, at every step.
    case spread
  }

  /// What happens once every example of a domain has been drawn.
  public enum Exhaustion: String, Sendable, CaseIterable {
    /// Its examples come again in a new order.
    case reshuffle
    /// The sampler ends, as the paper's training does.
    case stop
  }

  /// One drawn prompt.
  public struct Draw: Sendable, Equatable {
    /// The domain's place among the sampler's domains.
    public let domain: Int
    /// The example's place in the domain's dataset.
    public let index: Int
    /// How often the whole domain had been drawn before.
    public let epoch: Int
  }

  /// One domain of a mixture.
  public struct Domain: Sendable, Equatable {
    public let name: String
    /// The number of its examples.
    public let count: Int
    /// Its weight, not negative; the sampler divides by the sum.
    public let weight: Double

    public init(name: String, count: Int, weight: Double) {
      self.name = name
      self.count = count
      self.weight = weight
    }
  }

  public let seed: UInt64
  public let domains: [Domain]
  public let schedule: Schedule
  public let exhaustion: Exhaustion
  /// How often a domain's examples may be drawn each; then its share goes to the others. Nil for no limit.
  public let passes: Double?
  /// How many prompts of each domain have been drawn; hand it to `init` to continue.
  public private(set) var drawn: [Int]
  /// The normalised weights.
  public private(set) var weights: [Double]

  private let tieBreak: [UInt64]
  private var order: [(epoch: Int, places: [Int])]

  /// A sampler over domains.
  ///
  /// - Parameter drawn: The counts of an earlier sampler that this one continues.
  /// - Throws: `DataError.badMixture` where a weight is negative or not finite, all are 0, a
  ///   domain with weight has no examples, `passes` is not above 0 or the counts do not fit.
  public init(
    domains: [Domain], seed: UInt64, schedule: Schedule = .independent,
    exhaustion: Exhaustion = .reshuffle, passes: Double? = nil, drawn: [Int]? = nil
  ) throws(DataError) {
    if let passes, !(passes > 0) { throw .badMixture(reason: "\(passes) passes are none") }
    for domain in domains {
      guard domain.weight.isFinite, domain.weight >= 0 else {
        throw .badMixture(reason: "the weight of `\(domain.name)` is \(domain.weight)")
      }
      guard domain.weight == 0 || domain.count > 0 else {
        throw .badMixture(reason: "`\(domain.name)` has a weight but no examples")
      }
    }
    let total = domains.reduce(0) { $0 + $1.weight }
    guard total > 0, total.isFinite else {
      throw .badMixture(reason: "no domain has a weight above 0")
    }
    let start = drawn ?? [Int](repeating: 0, count: domains.count)
    guard start.count == domains.count, start.allSatisfy({ $0 >= 0 }) else {
      throw .badMixture(reason: "\(start.count) counts do not fit \(domains.count) domains")
    }
    self.domains = domains
    self.seed = seed
    self.schedule = schedule
    self.exhaustion = exhaustion
    self.passes = passes
    self.drawn = start
    weights = domains.map { $0.weight / total }
    tieBreak = domains.map {
      var stream = RandomStream(seed: seed, purpose: "mixture tie", domain: $0.name)
      return stream.next()
    }
    order = domains.map { _ in (-1, []) }
  }

  /// A sampler over datasets and their weights, in order.
  public init(
    datasets: [Dataset], weights: [Double], seed: UInt64, schedule: Schedule = .independent,
    exhaustion: Exhaustion = .reshuffle, passes: Double? = nil, drawn: [Int]? = nil
  ) throws(DataError) {
    guard datasets.count == weights.count else {
      throw .badMixture(reason: "\(weights.count) weights for \(datasets.count) datasets")
    }
    try self.init(
      domains: zip(datasets, weights).map {
        Domain(name: $0.domain, count: $0.count, weight: $1)
      }, seed: seed, schedule: schedule, exhaustion: exhaustion, passes: passes, drawn: drawn)
  }

  /// The number of draws so far.
  public var step: Int { drawn.reduce(0, +) }

  /// Other weights from the next draw on; under `.spread` counts are then no longer bound by weights.
  ///
  /// - Parameter next: One weight a domain, 0 for those that the sampler never draws.
  public mutating func reweigh(_ next: [Double]) {
    precondition(next.count == weights.count, "an invariant of the callers")
    let total = next.reduce(0, +)
    weights = next.map { $0 / total }
  }

  /// The next prompt; nil once a chosen domain is exhausted under `.stop`, or all have had their passes.
  public mutating func next() -> Draw? {
    let open = weights.indices.filter { weights[$0] > 0 && !isSpent($0) }
    guard let first = open.first else { return nil }
    let domain =
      open.count == 1
      ? first : schedule == .spread ? spreadDomain(open) : independentDomain(open)
    let count = domains[domain].count
    let epoch = drawn[domain] / count
    if epoch > 0, exhaustion == .stop { return nil }
    if order[domain].epoch != epoch {
      var stream = RandomStream(
        seed: seed, purpose: "order", domain: domains[domain].name, index: epoch)
      order[domain] = (epoch, stream.shuffled(Array(0..<count)))
    }
    let index = order[domain].places[drawn[domain] % count]
    drawn[domain] += 1
    return Draw(domain: domain, index: index, epoch: epoch)
  }

  /// The prompts that the next calls of `next` give, without drawing them.
  public func upcoming(_ count: Int) -> [Draw] {
    var copy = self
    var draws: [Draw] = []
    while draws.count < count, let draw = copy.next() { draws.append(draw) }
    return draws
  }

  private func isSpent(_ domain: Int) -> Bool {
    passes.map { Double(drawn[domain]) >= $0 * Double(domains[domain].count) } ?? false
  }

  private func independentDomain(_ open: [Int]) -> Int {
    var stream = RandomStream(seed: seed, purpose: "domain", index: step)
    var rest = stream.uniform()
    if passes != nil { rest *= open.reduce(0) { $0 + weights[$1] } }
    for i in open {
      if rest < weights[i] { return i }
      rest -= weights[i]
    }
    return open[open.count - 1]  // rounding can leave a rest after the last domain
  }

  // Tijdeman: among the domains that may take step n without exceeding w n by more than
  // 1 - 1/(2m - 2), the one whose count falls short soonest. All counts stay within that bound.
  private func spreadDomain(_ active: [Int]) -> Int {
    let slack = 1 / Double(2 * active.count - 2)
    // Once a domain has had its passes the others share what they draw by their own weights.
    let isWhole = active.count == weights.count { $0 > 0 }
    let share = isWhole ? 1 : active.reduce(0) { $0 + weights[$1] }
    let n = Double(isWhole ? step + 1 : active.reduce(1) { $0 + drawn[$1] })
    func ahead(_ i: Int) -> Double { weights[i] / share * n - Double(drawn[i]) }
    var best = -1
    var bestDeadline = Double.infinity
    for i in active {
      let ahead = ahead(i)
      guard ahead >= slack - 1e-9 else { continue }
      let deadline = (1 - slack - ahead) / (weights[i] / share)
      let isTie = abs(deadline - bestDeadline) < 1e-9
      if best < 0 || (isTie ? tieBreak[i] < tieBreak[best] : deadline < bestDeadline) {
        (best, bestDeadline) = (i, deadline)
      }
    }
    if best >= 0 { return best }
    // Counts handed to `init` can lie outside the bound: then the furthest behind goes first.
    return active.max { ahead($0) < ahead($1) } ?? active[0]
  }
}
