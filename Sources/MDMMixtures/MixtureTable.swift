import MDMNumerics

/// Mixtures read from the columns of a table, put on the simplex, with what was amiss.
public struct MixtureTable: Sendable {
  /// From which distance of a sum from 1 on a row is refused: more than rounding explains.
  public static let limit = 1e-2

  /// One mixture a row, each summing to 1.
  public let mixtures: [Mixture]
  /// How many rows missed a sum of 1 by more than the tolerance before they were renormalised.
  public let misnormalised: Int
  /// The greatest distance of a row's sum from 1.
  public let worst: Double
  /// The tolerance that was counted with.
  public let tolerance: Double

  /// Reads mixtures.
  ///
  /// - Parameters:
  ///   - table: The table.
  ///   - columns: The columns that hold weights, in the order of the domains.
  ///   - domains: The names of the domains; those of the columns by default.
  ///   - tolerance: From which distance of a sum from 1 a row is counted as off.
  /// - Throws: `MixtureError.badRow` where a sum is further from 1 than `limit`.
  public init(
    _ table: CSVTable, columns: [String], domains: [String]? = nil, tolerance: Double = 1e-3
  ) throws(MixtureError) {
    var lists: [[Double]] = []
    for column in columns {
      lists.append(try MixtureError.wrap { () throws(NumericsError) in try table.numbers(column) })
    }
    var mixtures: [Mixture] = []
    var off = 0
    var worst = 0.0
    for row in table.rows.indices {
      let weights = lists.map { $0[row] }
      let gap = abs(weights.reduce(0, +) - 1)
      guard gap <= Self.limit else {
        throw .badRow(row: row, sum: weights.reduce(0, +), limit: Self.limit)
      }
      if gap > tolerance { off += 1 }
      worst = max(worst, gap)
      mixtures.append(try .renormalised(domains: domains ?? columns, weights: weights))
    }
    self.mixtures = mixtures
    self.misnormalised = off
    self.worst = worst
    self.tolerance = tolerance
  }

  /// A sentence for the user where rows were off, nil where all were fine.
  public var warning: String? {
    guard misnormalised > 0 else { return nil }
    let share = Int((100 * Double(misnormalised) / Double(mixtures.count)).rounded())
    return "\(misnormalised) of \(mixtures.count) mixtures (\(share)%) missed a sum of 1 by more "
      + "than \(tolerance) (at most \(worst)) and were renormalised"
  }
}
