import MDMMixtures
import MDMNumerics
import MDMRuntime
import MDMTables

/// Comparisons with one mixture as scripts hold them.
final class ContrastsValue: FieldedValue {
  let contrasts: Contrasts

  init(_ contrasts: Contrasts) { self.contrasts = contrasts }

  var typeName: String { "Contrasts" }

  static let fields: [(name: String, read: @Sendable (ContrastsValue) -> Datum)] = [
    ("target", { .string($0.contrasts.target) }),
    ("against", { .string($0.contrasts.reference) }),
    ("method", { .string($0.contrasts.method.rawValue) }),
    ("matched", { .bool($0.contrasts.isMatched) }),
    ("table", { $0.table }),
    ("notes", { .strings($0.contrasts.notes) }),
  ]

  private var table: Datum {
    func column(_ read: (Contrasts.Row) -> Cell) -> Column {
      ColumnBuilder.column(contrasts.rows.map(read))
    }
    let columns: [(name: String, column: Column)] = [
      ("mixture", column { .text($0.mixture) }),
      ("difference", column { .float($0.difference.value) }),
      ("low", column { Self.end($0.difference.lower) }),
      ("high", column { Self.end($0.difference.upper) }),
      ("seeds", column { .int(Int64($0.difference.count)) }),
      ("p", column { $0.hasInterval ? .float($0.pValue) : .missing }),
      ("adjusted", column { .float($0.adjusted) }),
      ("joint_low", column { Self.end($0.simultaneous.lower) }),
      ("joint_high", column { Self.end($0.simultaneous.upper) }),
    ]
    return (try? Table(columns)).map(TableBuiltins.value) ?? .none
  }

  // An end of an interval, missing where it is open.
  private static func end(_ value: Double) -> Cell { value.isFinite ? .float(value) : .missing }

  static let header = ["", "difference", "interval", "seeds", "p", "adjusted"]

  /// The lines of the table, without its head.
  var rows: [[String]] {
    contrasts.rows.map { row in
      [
        row.mixture, Text.signed(row.difference.value),
        Self.interval(row.difference), "\(row.difference.count)",
        row.hasInterval ? Text.probability(row.pValue) : "–", Text.probability(row.adjusted),
      ]
    }
  }

  /// An interval's ends; a dash where it is open.
  static func interval(_ estimate: Estimate) -> String {
    estimate.upper.isFinite
      ? "\(Text.signed(estimate.lower)) to \(Text.signed(estimate.upper))" : "–"
  }

  /// What the numbers are.
  var title: String {
    let count = contrasts.rows.count
    return
      "\(contrasts.target) less \(contrasts.reference): \(Text.percent(contrasts.level)) intervals "
      + (contrasts.isMatched ? "over matched seeds" : "of means")
      + "; adjusted for \(count) comparison\(count == 1 ? "" : "s") by "
      + (contrasts.method == .dunnett ? "Dunnett" : "Holm")
  }

  func display(_ width: Int) -> String {
    ([title, Text.table(header: Self.header, rows: rows)] + contrasts.notes).joined(separator: "\n")
  }
}
