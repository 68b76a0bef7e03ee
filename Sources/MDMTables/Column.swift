/// The cells of one column, packed by type.
///
/// Columns are values that share their memory until one of them changes. Where a cell is missing the
/// packed array holds a placeholder (0, nan, false, the first text) that nothing may read.
public struct Column: Sendable {
  public enum Storage: Sendable {
    case bool([Bool])
    case int([Int64])
    case float([Double])
    /// Positions in a pool of different texts.
    case text([Int32], TextPool)
    case mixed([Cell])
  }

  public let storage: Storage
  /// True where a cell is missing; nil where none is.
  public let missing: [Bool]?

  /// A mask without a true in it is dropped, so that `missing == nil` says that all cells are there.
  public init(_ storage: Storage, missing: [Bool]? = nil) {
    self.storage = storage
    self.missing = missing.flatMap { $0.contains(true) ? $0 : nil }
  }

  /// The number of cells.
  public var count: Int {
    switch storage {
    case .bool(let values): values.count
    case .int(let values): values.count
    case .float(let values): values.count
    case .text(let codes, _): codes.count
    case .mixed(let cells): cells.count
    }
  }

  public var type: ColumnType {
    switch storage {
    case .bool: .bool
    case .int: .int
    case .float: .float
    case .text: .text
    case .mixed: .mixed
    }
  }

  public func isMissing(_ row: Int) -> Bool { missing?[row] ?? false }

  /// The number of missing cells.
  public var missingCount: Int { missing?.reduce(0) { $0 + ($1 ? 1 : 0) } ?? 0 }

  /// Whether no cell is there.
  public var isEmpty: Bool { missingCount == count }

  /// The cell of a row.
  public subscript(row: Int) -> Cell {
    if isMissing(row) { return .missing }
    switch storage {
    case .bool(let values): return .bool(values[row])
    case .int(let values): return .int(values[row])
    case .float(let values): return .float(values[row])
    case .text(let codes, let pool): return .text(pool.texts[Int(codes[row])])
    case .mixed(let cells): return cells[row]
    }
  }

  /// So many copies of a cell.
  public static func repeating(_ cell: Cell, count: Int) -> Column {
    switch cell {
    case .missing:
      Column(
        .float([Double](repeating: .nan, count: count)),
        missing: [Bool](repeating: true, count: count))
    case .bool(let value): Column(.bool([Bool](repeating: value, count: count)))
    case .int(let value): Column(.int([Int64](repeating: value, count: count)))
    case .float(let value): Column(.float([Double](repeating: value, count: count)))
    case .text(let text):
      Column(.text([Int32](repeating: 0, count: count), TextPool([text])))
    case .other: Column(.mixed([Cell](repeating: cell, count: count)))
    }
  }

  /// The cells of some rows, in their order; -1 stands for a missing cell.
  public func gather(_ rows: [Int32]) -> Column {
    let mask = gatheredMask(rows)
    switch storage {
    case .bool(let values): return Column(.bool(Self.take(values, rows, false)), missing: mask)
    case .int(let values): return Column(.int(Self.take(values, rows, 0)), missing: mask)
    case .float(let values): return Column(.float(Self.take(values, rows, .nan)), missing: mask)
    case .text(let codes, let pool):
      return Column(.text(Self.take(codes, rows, 0), pool), missing: mask)
    case .mixed(let cells): return Column(.mixed(Self.take(cells, rows, .missing)), missing: mask)
    }
  }

  private func gatheredMask(_ rows: [Int32]) -> [Bool]? {
    guard let missing else { return rows.contains { $0 < 0 } ? rows.map { $0 < 0 } : nil }
    return rows.map { $0 < 0 || missing[Int($0)] }
  }

  private static func take<Element>(
    _ values: [Element], _ rows: [Int32], _ standard: Element
  ) -> [Element] {
    values.withUnsafeBufferPointer { values in
      rows.withUnsafeBufferPointer { rows in
        [Element](unsafeUninitializedCapacity: rows.count) { target, count in
          for position in 0..<rows.count {
            let row = Int(rows[position])
            (target.baseAddress.unsafelyUnwrapped + position).initialize(
              to: row < 0 ? standard : values[row])
          }
          count = rows.count
        }
      }
    }
  }

  /// A stretch of rows.
  public func slice(_ rows: Range<Int>) -> Column {
    let mask = missing.map { Array($0[rows]) }
    switch storage {
    case .bool(let values): return Column(.bool(Array(values[rows])), missing: mask)
    case .int(let values): return Column(.int(Array(values[rows])), missing: mask)
    case .float(let values): return Column(.float(Array(values[rows])), missing: mask)
    case .text(let codes, let pool): return Column(.text(Array(codes[rows]), pool), missing: mask)
    case .mixed(let cells): return Column(.mixed(Array(cells[rows])), missing: mask)
    }
  }

  /// The numbers of an Int, Float or Bool column, true as 1; nil for others.
  public var numbers: [Double]? {
    switch storage {
    case .float(let values): values
    case .int(let values): values.map(Double.init)
    case .bool(let values): values.map { $0 ? 1 : 0 }
    case .text, .mixed: nil
    }
  }

  /// Whether all cells equal those of another column.
  public func isEqual(to other: Column) -> Bool {
    count == other.count && (0..<count).allSatisfy { self[$0] == other[$0] }
  }
}

/// The different texts of a column.
///
/// After rows were dropped it may hold texts that no row has any more. It holds at least one text.
public final class TextPool: Sendable {
  public let texts: [String]

  init(_ texts: [String]) { self.texts = texts.isEmpty ? [""] : texts }

  /// For each text its rank in the order of bytes; equal texts do not occur.
  var ranks: [Int32] {
    let order = texts.indices.sorted { Ordering.compare(texts[$0], texts[$1]) < 0 }
    var ranks = [Int32](repeating: 0, count: texts.count)
    for (rank, code) in order.enumerated() { ranks[code] = Int32(rank) }
    return ranks
  }
}
