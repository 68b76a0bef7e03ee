import MDMRuntime
import MDMTables
import MDMTraining

extension Ledger {
  /// The ledger as a table, a row a domain.
  ///
  /// - Parameter suite: tells how many examples a domain has, so how often it was passed; that column
  ///   is missing where the suite is not known.
  func table(suite: SuiteValue?) -> Datum {
    func column(_ read: (Row) -> Cell) -> Column { ColumnBuilder.column(rows.map(read)) }
    var columns: [(name: String, column: Column)] = [
      ("domain", column { .text($0.domain) }), ("asked", column { .float($0.asked) }),
      ("drawn", column { .float($0.drawn) }),
      ("taught_share", column { .float($0.taughtShare) }),
      ("token_share", column { .float($0.tokenShare) }),
      ("pull_share", column { .float($0.pullShare) }),
      ("prompts", column { .int(Int64($0.prompts)) }),
      ("taught", column { .float($0.taught) }), ("truncated", column { .float($0.truncated) }),
    ]
    if let sets = suite?.suite.train {
      let counts = Dictionary(sets.map { ($0.domain, $0.count) }) { first, _ in first }
      columns.append(
        (
          "passes",
          column { row in
            counts[row.domain].map { .float(Double(row.prompts) / Double(max($0, 1))) } ?? .missing
          }
        ))
    }
    return (try? Table(columns)).map(TableBuiltins.value) ?? .none
  }
}
