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

extension Run {
  /// The ledger step by step as a table, a row a step and domain.
  ///
  /// - Parameter suite: tells how many examples a domain has; `passes` is missing where it is not known.
  func ledgerSteps(suite: SuiteValue?) -> Datum {
    let counts = Dictionary((suite?.suite.train ?? []).map { ($0.domain, $0.count) }) {
      first, _ in first
    }
    func at(_ key: MetricKey, _ domain: String, _ step: Int) -> Double {
      let series = metrics[MetricKey.of(key, domain: domain)] ?? []
      return series.indices.contains(step) ? series[step] : 0
    }
    func total(_ key: MetricKey, _ step: Int) -> Double {
      mixture.domains.reduce(0) { $0 + at(key, $1, step) }
    }
    let places = (0..<steps).flatMap { step in mixture.domains.map { (step: step, domain: $0) } }
    func column(_ read: (Int, String) -> Cell) -> Column {
      ColumnBuilder.column(places.map { read($0.step, $0.domain) })
    }
    func count(_ key: MetricKey) -> Column {
      column { .int(Int64(at(key, $1, $0))) }
    }
    func share(_ key: MetricKey) -> Column {
      column { step, domain in
        let whole = total(key, step)
        return whole > 0 ? .float(at(key, domain, step) / whole) : .missing
      }
    }
    var seen: [String: Double] = [:]
    let columns: [(name: String, column: Column)] = [
      ("step", column { step, _ in .int(Int64(step + 1)) }), ("domain", column { .text($1) }),
      ("asked", column { .float(at(.asked, $1, $0)) }), ("drawn", count(.drawn)),
      ("scored", count(.scored)), ("taught", count(.taught)), ("truncated", count(.truncated)),
      ("tokens", count(.tokens)), ("token_share", share(.tokens)), ("pull_share", share(.pull)),
      ("factor", column { .float(at(.factor, $1, $0)) }),
      (
        "passes",
        column { step, domain in
          seen[domain, default: 0] += at(.drawn, domain, step)
          return counts[domain].map { .float((seen[domain] ?? 0) / Double(max($0, 1))) }
            ?? .missing
        }
      ),
    ]
    return (try? Table(columns)).map(TableBuiltins.value) ?? .none
  }
}

extension [RunNote] {
  /// The notes as a table.
  var table: Datum {
    (try? Table([
      ("step", ColumnBuilder.column(map { .int(Int64($0.step)) })),
      ("domain", ColumnBuilder.column(map { .text($0.domain) })),
      ("sign", ColumnBuilder.column(map { .text($0.kind.rawValue) })),
      ("text", ColumnBuilder.column(map { .text($0.text) })),
    ])).map(TableBuiltins.value) ?? .none
  }
}
