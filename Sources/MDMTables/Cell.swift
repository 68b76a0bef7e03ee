/// One value of a table.
public enum Cell: Sendable, Equatable {
  /// A value that is not there.
  case missing
  case bool(Bool)
  case int(Int64)
  case float(Double)
  case text(String)
  /// Anything else that the owner of the table puts into it.
  case other(any OpaqueCell)

  /// Whether two cells have the same content: an Int equals the Float of its value, texts compare by
  /// their bytes, missing cells equal each other.
  public static func == (left: Cell, right: Cell) -> Bool {
    switch (left, right) {
    case (.missing, .missing): true
    case (.bool(let a), .bool(let b)): a == b
    case (.int(let a), .int(let b)): a == b
    case (.float(let a), .float(let b)): a == b
    case (.int(let a), .float(let b)), (.float(let b), .int(let a)): Ordering.compare(a, b) == 0
    case (.text(let a), .text(let b)): a.utf8.elementsEqual(b.utf8)
    case (.other(let a), .other(let b)): a.isEqual(to: b)
    default: false
    }
  }

  var type: ColumnType? {
    switch self {
    case .missing: nil
    case .bool: .bool
    case .int: .int
    case .float: .float
    case .text: .text
    case .other: .mixed
    }
  }
}

/// A value that tables carry without looking into it.
public protocol OpaqueCell: Sendable {
  func isEqual(to other: any OpaqueCell) -> Bool
}

/// What the cells of a column are.
public enum ColumnType: String, Sendable {
  case bool = "Bool"
  case int = "Int"
  case float = "Float"
  case text = "String"
  /// Cells of several types, or of none of the others: kept, not computed with.
  case mixed = "Any"
}

/// Exact orders of values.
enum Ordering {
  /// -1, 0 or 1 without rounding the Int; a NaN counts as equal to everything.
  static func compare(_ left: Int64, _ right: Double) -> Int {
    if right >= 9_223_372_036_854_775_808 { return -1 }
    if right < -9_223_372_036_854_775_808 { return 1 }
    if right.isNaN { return 0 }
    let whole = Int64(right.rounded(.down))
    if left != whole { return left < whole ? -1 : 1 }
    return right > Double(whole) ? -1 : 0
  }

  /// -1, 0 or 1 by bytes, which is the order of Unicode scalars.
  static func compare(_ left: String, _ right: String) -> Int {
    left.utf8.elementsEqual(right.utf8)
      ? 0 : left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
  }
}
