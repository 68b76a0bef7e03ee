import MDMRuntime
import MDMTables
import Synchronization

/// A table as scripts hold it: `t.score` is a column as a list, `t[0]` a row as a record.
///
/// It never changes; every verb gives a new one that shares what stayed the same.
final class TableValue: PresentedValue {
  let table: Table

  init(_ table: Table) { self.table = table }

  static let typeName = "Table"

  var typeName: String { Self.typeName }

  var fieldNames: [String] { table.names }

  func field(_ name: String) -> Datum? { table[name].map(\.list) }

  var count: Int? { table.rowCount }

  func element(at position: Int) -> Datum? {
    position >= 0 && position < table.rowCount ? .record(table.record(position)) : nil
  }

  func slice(from start: Int, to end: Int, by step: Int) -> Datum? {
    if step == 1 { return .domain(TableValue(table.slice(start..<end))) }
    let rows = stride(from: start, to: end, by: step).map { Int32($0) }
    return .domain(TableValue(table.gather(rows)))
  }

  func isEqual(to other: any DomainValue) -> Bool {
    (other as? TableValue).map { $0.table.isEqual(to: table) } ?? false
  }

  func display(_ width: Int) -> String { TableText.text(table, width: width) }

  func add(to presentation: inout Presentation) { presentation.html = TableHTML.text(table) }

  var displayInside: String { "Table of \(TableText.size(table))" }
}

/// Rows of a table by equal keys: what `group` gives.
final class GroupsValue: DomainValue {
  let table: Table
  let names: [String]
  let grouping: Grouping
  /// Made once where groups are looked into; reductions do without.
  private let buckets = Mutex<(starts: [Int], rows: [Int32])?>(nil)
  let keys: Table

  init(_ table: Table, by names: [String]) throws(TableError) {
    self.table = table
    self.names = names
    grouping = try Grouping(table, by: names)
    keys = try table.keys(grouping, of: names)
  }

  static let typeName = "Groups"

  var typeName: String { Self.typeName }

  var fieldNames: [String] { ["keys", "names", "tables"] }

  func field(_ name: String) -> Datum? {
    switch name {
    case "keys": .domain(TableValue(keys))
    case "names": .strings(names)
    case "tables": .list((0..<grouping.count).map { .domain(TableValue(group($0))) })
    default: nil
    }
  }

  var count: Int? { grouping.count }

  /// The rows of a group.
  func rows(_ group: Int) -> ArraySlice<Int32> {
    buckets.withLock { buckets in
      let made = buckets ?? grouping.buckets
      buckets = made
      return made.rows[made.starts[group]..<made.starts[group + 1]]
    }
  }

  func group(_ position: Int) -> Table { table.gather(Array(rows(position))) }

  /// A pair of key and rows, for `for key, rows in groups`.
  func element(at position: Int) -> Datum? {
    guard position >= 0, position < grouping.count else { return nil }
    return .list([.record(keys.record(position)), .domain(TableValue(group(position)))])
  }

  /// The rows under the only key's text.
  func element(named key: String) -> Datum? {
    guard keys.columns.count == 1, let column = keys.columns.first,
      let found = (0..<grouping.count).first(where: { column[$0] == .text(key) })
    else { return field(key) }
    return .domain(TableValue(group(found)))
  }

  func isEqual(to other: any DomainValue) -> Bool {
    guard let other = other as? GroupsValue else { return false }
    return names == other.names && table.isEqual(to: other.table)
  }

  var displayInside: String {
    "Groups of \(TableText.counted(table.rowCount, "row")) by \(names.joined(separator: ", "))"
  }

  func display(_ width: Int) -> String {
    let sizes = Column(.int(grouping.sizes.map(Int64.init)))
    let shown = (try? keys.with(keys.names.contains("n") ? "rows" : "n", sizes)) ?? keys
    return "Groups by \(names.joined(separator: ", "))\n" + TableText.text(shown, width: width)
  }
}
