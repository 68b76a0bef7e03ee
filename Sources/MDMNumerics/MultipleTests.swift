/// What several tests at once do to a p value.
public enum MultipleTests: String, CaseIterable, Sendable {
  /// The chance of any false alarm stays below the level, whatever the tests have in common.
  ///
  /// Source: Holm, "A simple sequentially rejective multiple test procedure", 1979.
  case holm
  /// The expected share of false alarms among the alarms stays below the level.
  ///
  /// Source: Benjamini and Hochberg, "Controlling the false discovery rate", JRSS B 1995.
  case benjaminiHochberg = "benjamini-hochberg"
  /// Every p value times the number of tests.
  case bonferroni

  /// The adjusted p values in the order of the given ones.
  public func adjusted(_ pValues: [Double]) throws(NumericsError) -> [Double] {
    for value in pValues where !(value >= 0 && value <= 1) {
      throw .outOfRange(what: "a p value", value: value, allowed: "0 to 1")
    }
    let count = Double(pValues.count)
    let order = pValues.indices.sorted { pValues[$0] < pValues[$1] }
    var result = pValues
    switch self {
    case .bonferroni: return pValues.map { min(1, count * $0) }
    case .holm:
      var least = 0.0
      for (rank, index) in order.enumerated() {
        least = max(least, min(1, (count - Double(rank)) * pValues[index]))
        result[index] = least
      }
    case .benjaminiHochberg:
      var most = 1.0
      for (rank, index) in order.enumerated().reversed() {
        most = min(most, count / Double(rank + 1) * pValues[index])
        result[index] = most
      }
    }
    return result
  }
}
