import MDMMixtures
import MDMNumerics
import MDMRuntime

/// Outcomes of runs from files: mixtures, and named columns of what was measured.
final class OutcomesValue: FieldedValue {
  let mixtures: [Mixture]
  let targets: [String]
  let columns: [String: [Double]]
  let warning: String?

  init(mixtures: [Mixture], targets: [String], columns: [String: [Double]], warning: String?) {
    self.mixtures = mixtures
    self.targets = targets
    self.columns = columns
    self.warning = warning
  }

  var typeName: String { "Outcomes" }

  static let fields: [(name: String, read: @Sendable (OutcomesValue) -> Datum)] = [
    ("mixtures", { .list($0.mixtures.map { .domain(MixtureValue($0)) }) }),
    ("targets", { .strings($0.targets) }),
    ("domains", { .strings($0.mixtures.first?.domains ?? []) }),
  ]

  var count: Int? { mixtures.count }

  func element(named key: String) -> Datum? { columns[key].map(Datum.numbers) ?? field(key) }

  func display(_ width: Int) -> String {
    let head =
      "Outcomes of \(mixtures.count) runs: \(mixtures.first?.domains.count ?? 0) domains, "
      + "\(targets.count) targets"
    let notes = targets.compactMap { target in
      let missing = (columns[target] ?? []).count { !$0.isFinite }
      return missing > 0 ? "`\(target)` is missing in \(missing) runs" : nil
    }
    return ([head] + (warning.map { [$0] } ?? []) + notes).joined(separator: "\n  ")
  }

  /// Reads the two tables of a study; rows are matched by their `index` column.
  static func read(
    mixtures mixturePath: String, outcomes outcomePath: String
  ) throws -> OutcomesValue {
    let left = try CSVTable(path: mixturePath)
    let right = try CSVTable(path: outcomePath)
    let domains = left.header.filter { $0 != "index" }
    let targets = right.header.filter { $0 != "index" }
    let order = try rows(of: right, for: left)
    let table = try MixtureTable(left, columns: domains)
    var columns: [String: [Double]] = [:]
    for target in targets {
      // A missing outcome is of that target alone: a law of another one needs no less runs for it.
      let values = try right.numbers(target, allowsMissing: true)
      columns[target] = order.map { values[$0] }
    }
    return OutcomesValue(
      mixtures: table.mixtures, targets: targets, columns: columns, warning: table.warning)
  }

  // For each row of the mixtures the row of the outcomes with the same index.
  private static func rows(of right: CSVTable, for left: CSVTable) throws -> [Int] {
    guard left.header.contains("index"), right.header.contains("index") else {
      guard left.rows.count == right.rows.count else {
        throw NumericsError.lengths(
          what: "mixtures and outcomes", left: left.rows.count, right: right.rows.count)
      }
      return Array(left.rows.indices)
    }
    let known = Dictionary(
      try right.column("index").enumerated().map { ($1, $0) },
      uniquingKeysWith: { first, _ in first })
    return try left.column("index").enumerated().map { row, index in
      guard let match = known[index] else {
        throw NumericsError.csv(
          source: right.source, line: row + 2, column: 1,
          problem: "no row with the index \(index) of \(left.source)")
      }
      return match
    }
  }
}
