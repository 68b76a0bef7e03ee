/// A weighted mean of benchmark scores.
public struct Aggregate: Equatable, Sendable {
  /// A benchmark and its weight, such as its number of test items.
  public struct Part: Equatable, Sendable {
    /// The name of the benchmark.
    public let benchmark: String
    /// Its weight in the mean.
    public let weight: Double
  }

  /// The name in scripts and records.
  public let name: String
  /// What it averages.
  public let parts: [Part]

  /// The mean of several benchmarks, each weighted by its number of test items.
  public init(
    name: String, weights: [(benchmark: String, weight: Double)]
  ) throws(MixtureError) {
    guard !weights.isEmpty else { throw .noDomains }
    for part in weights {
      guard part.weight.isFinite, part.weight > 0 else {
        throw .badWeight(domain: part.benchmark, weight: part.weight)
      }
      guard weights.count(where: { $0.benchmark == part.benchmark }) == 1 else {
        throw .repeatedDomain(part.benchmark)
      }
    }
    self.init(name, weights.map { Part(benchmark: $0.benchmark, weight: $0.weight) })
  }

  private init(_ name: String, _ parts: [Part]) {
    self.name = name
    self.parts = parts
  }

  /// The paper's In-Score: LISA 3397, SAT 1928, ScienceQA 2017 items, over 7342.
  ///
  /// Source: MoDoMoDo (arXiv 2505.24871), section 4 and table 2; the counts reproduce all rows.
  public static let inScore = Aggregate(
    "in_score",
    [
      Part(benchmark: "LISA", weight: 3397), Part(benchmark: "SAT", weight: 1928),
      Part(benchmark: "ScienceQA", weight: 2017),
    ])

  /// The paper's Out-Score: ChartQA 2500, InfoVQA 2801, MathVista 1000, MMMU 900 items, over 7201.
  ///
  /// Source: MoDoMoDo (arXiv 2505.24871), section 4 and table 2; the counts reproduce all rows.
  public static let outScore = Aggregate(
    "out_score",
    [
      Part(benchmark: "ChartQA", weight: 2500), Part(benchmark: "InfoVQA", weight: 2801),
      Part(benchmark: "MathVista", weight: 1000), Part(benchmark: "MMMU", weight: 900),
    ])

  /// The same benchmarks, counted alike.
  public func unweighted() -> Aggregate {
    Aggregate(name, parts.map { Part(benchmark: $0.benchmark, weight: 1) })
  }

  /// The weighted mean of the scores.
  ///
  /// - Throws: `MixtureError.missingBenchmark` where one of the parts has no score.
  public func score(_ scores: [String: Double]) throws(MixtureError) -> Double {
    var sum = 0.0
    var total = 0.0
    for part in parts {
      guard let score = scores[part.benchmark] else {
        throw .missingBenchmark(
          aggregate: name, benchmark: part.benchmark, given: scores.keys.sorted())
      }
      sum += part.weight * score
      total += part.weight
    }
    return sum / total
  }
}
