import MDMNumerics

/// The mean of scores of the same items with several seeds, with an interval that says what it is
/// meant to hold for.
///
/// For paired comparisons the rows are differences of the items' scores with one seed.
public enum CrossedMean {
  /// What the interval generalises to.
  public enum Scope: String, CaseIterable, Sendable {
    /// Other seeds on these very items: Student's t over the seeds' means.
    case fixedItems = "fixed"
    /// Other seeds and other items of the kind: a two-way random model.
    case randomItems = "random"
  }

  /// The mean and its interval.
  ///
  /// - Parameter rows: a row a seed, each with the scores of the same items.
  ///
  /// Numerics: with random items the variance of the mean is (MS seeds + MS items - MS rest) / (S I),
  /// its degrees of freedom are Satterthwaite's; parts that come out negative are 0.
  ///
  /// Source: Satterthwaite, "An approximate distribution of estimates of variance components",
  /// Biometrics Bulletin 1946.
  public static func interval(
    _ rows: [[Double]], scope: Scope, level: Double = 0.95
  ) throws(EvidenceError) -> Estimate {
    guard rows.count > 1 else {
      throw .tooFew(what: "an interval over seeds", found: rows.count, needed: 2)
    }
    for (index, row) in rows.enumerated() {
      guard row.count == rows[0].count else {
        throw .lengths(what: "the items of seeds", left: rows[0].count, right: row.count)
      }
      if let item = row.firstIndex(where: { !$0.isFinite }) {
        throw .badScore(run: "item \(item + 1) of seed \(index + 1)", score: row[item])
      }
    }
    let bySeed = rows.map(Statistics.mean)
    let (s, i) = (Double(rows.count), Double(rows[0].count))
    guard scope == .randomItems else {
      return try EvidenceError.wrap { () throws(NumericsError) in
        try Inference.meanInterval(bySeed, level: level)
      }
    }
    guard level > 0, level < 1 else {
      throw .badNumber(what: "level", value: level, allowed: "between 0 and 1")
    }
    guard i > 1 else { throw .tooFew(what: "an interval over items", found: Int(i), needed: 2) }
    let mean = Statistics.mean(bySeed)
    let byItem = rows[0].indices.map { item in rows.reduce(0) { $0 + $1[item] } / s }
    let seedSquare = i * Statistics.variance(bySeed)
    let itemSquare = s * Statistics.variance(byItem)
    var rest = 0.0
    for (row, own) in zip(rows, bySeed) {
      for (value, item) in zip(row, byItem) {
        let gap = value - own - item + mean
        rest += gap * gap
      }
    }
    let restSquare = rest / ((s - 1) * (i - 1))
    // Variance of the mean, times S I, and what its parts rest on.
    let parts: [(weight: Double, square: Double, df: Double)]
    switch (seedSquare > restSquare, itemSquare > restSquare) {
    case (true, true):
      parts = [(1, seedSquare, s - 1), (1, itemSquare, i - 1), (-1, restSquare, (s - 1) * (i - 1))]
    case (true, false): parts = [(1, seedSquare, s - 1)]
    case (false, true): parts = [(1, itemSquare, i - 1)]
    case (false, false): parts = [(1, restSquare, (s - 1) * (i - 1))]
    }
    let sum = parts.reduce(0) { $0 + $1.weight * $1.square }
    guard sum > 0 else { throw .numerics(.constant) }
    let df = sum * sum / parts.reduce(0) { $0 + $1.square * $1.square / $1.df }
    let half =
      Distribution.studentTQuantile((1 + level) / 2, degreesOfFreedom: max(df, 1))
      * (sum / (s * i)).squareRoot()
    return Estimate(
      value: mean, lower: mean - half, upper: mean + half, level: level, count: rows.count)
  }
}
