import MDMNumerics

/// One outcome of runs by mixture and seed.
public struct SeedPanel: Sendable {
  /// One run.
  public struct Run: Sendable, Equatable {
    /// The position of its mixture.
    public let mixture: Int
    /// The position of its seed.
    public let seed: Int
    public let score: Double
  }

  /// What is measured.
  public let target: String
  /// Names of the mixtures, in the order in which they appear.
  public let mixtures: [String]
  /// The seeds in rising order.
  public let seeds: [Int64]
  public let runs: [Run]

  /// - Parameters:
  ///   - mixtures: the name of each run's mixture.
  ///   - seeds: each run's seed; runs of one seed are matched.
  ///   - scores: each run's outcome.
  /// - Throws: where a score is not finite, or lists have different lengths.
  public init(
    target: String, mixtures: [String], seeds: [Int64], scores: [Double]
  ) throws(EvidenceError) {
    guard mixtures.count == scores.count else {
      throw .lengths(what: "mixtures and scores", left: mixtures.count, right: scores.count)
    }
    guard seeds.count == scores.count else {
      throw .lengths(what: "seeds and scores", left: seeds.count, right: scores.count)
    }
    guard !scores.isEmpty else { throw .tooFew(what: "a comparison", found: 0, needed: 2) }
    for (index, score) in scores.enumerated() where !score.isFinite {
      throw .badScore(run: "\(mixtures[index]), seed \(seeds[index])", score: score)
    }
    var names: [String] = []
    var places: [String: Int] = [:]
    for name in mixtures where places[name] == nil {
      places[name] = names.count
      names.append(name)
    }
    let known = Set(seeds).sorted()
    let order = Dictionary(uniqueKeysWithValues: known.enumerated().map { ($1, $0) })
    self.target = target
    self.mixtures = names
    self.seeds = known
    runs = scores.indices.map {
      Run(mixture: places[mixtures[$0]] ?? 0, seed: order[seeds[$0]] ?? 0, score: scores[$0])
    }
  }

  /// The position of a mixture.
  public func position(_ name: String) throws(EvidenceError) -> Int {
    guard let place = mixtures.firstIndex(of: name) else {
      throw .unknownMixture(
        name, nearest: NearestName.find(name, in: mixtures), known: mixtures)
    }
    return place
  }

  /// The scores of a mixture in the order of the runs.
  public func scores(_ mixture: Int) -> [Double] {
    runs.filter { $0.mixture == mixture }.map(\.score)
  }

  /// Whether every mixture has every seed exactly once.
  public var isBalanced: Bool {
    runs.count == mixtures.count * seeds.count
      && Set(runs.map { $0.mixture * seeds.count + $0.seed }).count == runs.count
  }

  /// Whether seeds join mixtures: some seed was used for two of them.
  public var isMatched: Bool {
    Dictionary(grouping: runs, by: \.seed).values.contains { Set($0.map(\.mixture)).count > 1 }
  }

  /// Two mixtures' scores of the seeds that both have; a seed that one has twice counts by its mean.
  public struct Matched: Sendable, Equatable {
    public let seeds: [Int64]
    public let left: [Double]
    public let right: [Double]
    /// Seeds that only one of them has.
    public let unmatched: [Int64]

    /// The differences, left less right.
    public var differences: [Double] { zip(left, right).map { $0 - $1 } }
  }

  /// The runs of two mixtures, matched by seed.
  public func matched(_ left: Int, _ right: Int) -> Matched {
    func means(_ mixture: Int) -> [Int: Double] {
      Dictionary(grouping: runs.filter { $0.mixture == mixture }, by: \.seed)
        .mapValues { Statistics.mean($0.map(\.score)) }
    }
    let (a, b) = (means(left), means(right))
    let both = a.keys.filter { b[$0] != nil }.sorted()
    let single = Set(a.keys).symmetricDifference(b.keys).sorted()
    return Matched(
      seeds: both.map { seeds[$0] }, left: both.map { a[$0] ?? .nan },
      right: both.map { b[$0] ?? .nan }, unmatched: single.map { seeds[$0] })
  }

  /// The paired difference of two mixtures with its Student-t interval.
  ///
  /// - Throws: where they have fewer than two seeds in common, or one difference with all of them.
  public func difference(
    _ left: Int, _ right: Int, level: Double = 0.95
  ) throws(EvidenceError) -> Estimate {
    let pairs = try self.pairs(left, right)
    return try EvidenceError.judging("\(mixtures[left]) less \(mixtures[right])") {
      () throws(NumericsError) in
      try Inference.pairedDifference(pairs.left, pairs.right, level: level)
    }
  }

  private func seedCount(_ mixture: Int) -> Int {
    Set(runs.filter { $0.mixture == mixture }.map(\.seed)).count
  }

  /// The runs of two mixtures, matched by seed.
  ///
  /// - Throws: where they have fewer than two seeds in common.
  public func pairs(_ left: Int, _ right: Int) throws(EvidenceError) -> Matched {
    let pairs = matched(left, right)
    guard pairs.seeds.count > 1 else {
      throw .unmatched(
        left: mixtures[left], right: mixtures[right], matched: pairs.seeds.count,
        leftSeeds: seedCount(left), rightSeeds: seedCount(right))
    }
    return pairs
  }
}
