/// Training domains and benchmarks that belong together.
public struct Suite: Sendable, CustomStringConvertible {
  public let name: String
  /// The prompts of the training domains; a mixture weighs these.
  public let train: [Dataset]
  /// The test splits of the training domains, in the same order where a domain has one.
  public let tests: [Dataset]
  /// Held-out sets of domains that are never trained on.
  public let benchmarks: [Dataset]
  /// Pairs of the training domains for the supervised warm-up.
  public let warmup: [Dataset]
  /// Caption skills for the supervised warm-up.
  public let captions: [Dataset]

  public init(
    name: String, train: [Dataset], tests: [Dataset] = [], benchmarks: [Dataset] = [],
    warmup: [Dataset] = [], captions: [Dataset] = []
  ) {
    self.name = name
    self.train = train
    self.tests = tests
    self.benchmarks = benchmarks
    self.warmup = warmup
    self.captions = captions
  }

  /// A suite of datasets by their splits: a test set of a domain without training examples is a
  /// benchmark.
  public init(name: String, datasets: [Dataset]) {
    let train = datasets.filter { $0.split == .train }
    let tests = datasets.filter { $0.split == .test }
    let trained = Set(train.map(\.domain))
    self.init(
      name: name, train: train, tests: tests.filter { trained.contains($0.domain) },
      benchmarks: tests.filter { !trained.contains($0.domain) },
      warmup: datasets.filter { $0.split == .warmup })
  }

  /// The names that `named` knows.
  public static let names = ["mini"]

  /// The test domains of the paper's In-Score, weighted by their counts.
  public static let inScoreDomains = ["lisa", "sat", "scienceqa"]

  /// The procedural suite `mini`: five training domains and four benchmarks of 64 x 64 pictures.
  ///
  /// - Parameters:
  ///   - seed: Decides every picture and question.
  ///   - warmupCount: Examples in each warm-up and caption set.
  public static func mini(seed: UInt64 = 0, warmupCount: Int = 100_000) -> Suite {
    MiniSuite.suite(seed: seed, warmupCount: warmupCount)
  }

  /// The suite `mini` at a level of difficulty of `MiniLevel.all`.
  public static func mini(level: Int, seed: UInt64 = 0, warmupCount: Int = 100_000) -> Suite {
    MiniLevel.suite(level: level, seed: seed, warmupCount: warmupCount)
  }

  /// A suite by name; nil where `names` does not hold it.
  public static func named(_ name: String, seed: UInt64 = 0, level: Int? = nil) -> Suite? {
    guard name == "mini" else { return nil }
    return level.map { mini(level: $0, seed: seed) } ?? mini(seed: seed)
  }

  /// All datasets, each name once.
  public var datasets: [Dataset] { train + tests + benchmarks + warmup + captions }

  /// The dataset of a name: `coco`, `coco/test`, `chartqa`, `caption_bars`.
  ///
  /// A name without a split also finds the only dataset of its domain.
  public func dataset(_ name: String) -> Dataset? {
    datasets.first { $0.name == name }
      ?? (tests + benchmarks + captions).first {
        $0.domain == name
      }
  }

  /// A hash of all its datasets' fingerprints.
  public var fingerprint: String {
    var hash = ContentHash()
    for dataset in datasets {
      hash.update(dataset.name)
      hash.update(dataset.fingerprint)
    }
    return hash.hexadecimal
  }

  /// `mini: 5 training domains, 4 benchmarks`.
  public var description: String {
    "\(name): \(train.count) training domains, \(benchmarks.count) benchmarks"
  }
}
