/// Comparisons and truth values of whole columns.
extension Vector {
  /// A Bool column of an order; nil where single cells have none.
  public static func compare(
    _ operation: Comparison, _ left: Operand, _ right: Operand, count: Int
  ) -> Column? {
    guard left.isWhole, right.isWhole else { return nil }
    if let a = left.ints, let b = right.ints {
      return Column(.bool(ordered(operation, a, b, count)))
    }
    if left.type == .float, right.type == .float, let a = left.reals, let b = right.reals {
      return Column(.bool(ordered(operation, a, b, count)))
    }
    // An Int against a Float: exactly, without rounding the Int.
    if let a = left.ints, right.type == .float, let b = right.reals {
      return Column(
        .bool(zipped(a, b, count) { !$1.isNaN && holds(operation, Ordering.compare($0, $1)) }))
    }
    if left.type == .float, let a = left.reals, let b = right.ints {
      return Column(
        .bool(zipped(a, b, count) { !$0.isNaN && holds(operation, -Ordering.compare($1, $0)) }))
    }
    return texts(left, right, count) { holds(operation, Ordering.compare($0, $1)) }
  }

  @inline(__always)
  private static func ordered<Element: Comparable>(
    _ operation: Comparison, _ a: Lane<Element>, _ b: Lane<Element>, _ count: Int
  ) -> [Bool] {
    switch operation {
    case .less: zipped(a, b, count) { $0 < $1 }
    case .lessEqual: zipped(a, b, count) { $0 <= $1 }
    case .greater: zipped(a, b, count) { $0 > $1 }
    case .greaterEqual: zipped(a, b, count) { $0 >= $1 }
    }
  }

  private static func holds(_ operation: Comparison, _ order: Int) -> Bool {
    switch operation {
    case .less: order < 0
    case .lessEqual: order <= 0
    case .greater: order > 0
    case .greaterEqual: order >= 0
    }
  }

  /// Compares texts; a column against one text looks at each different text once.
  private static func texts(
    _ left: Operand, _ right: Operand, _ count: Int, _ body: (String, String) -> Bool
  ) -> Column? {
    switch (left, right) {
    case (.column(let column), .cell(.text(let text))):
      return mapTexts(column) { body($0, text) }
    case (.cell(.text(let text)), .column(let column)):
      return mapTexts(column) { body(text, $0) }
    case (.column(let a), .column(let b)):
      guard case .text(let first, let firstPool) = a.storage,
        case .text(let second, let secondPool) = b.storage
      else { return nil }
      return Column(
        .bool(
          zip(first, second).map {
            body(firstPool.texts[Int($0)], secondPool.texts[Int($1)])
          }))
    case (.cell(.text(let a)), .cell(.text(let b))):
      return .repeating(.bool(body(a, b)), count: count)
    default: return nil
    }
  }

  /// A Bool for each cell of a whole text column; nil for other columns.
  public static func mapTexts(_ column: Column, _ body: (String) -> Bool) -> Column? {
    guard case .text(let codes, let pool) = column.storage, column.missing == nil else {
      return nil
    }
    let answers = pool.texts.map(body)
    return Column(
      .bool(zipped(.many(codes), .one(()), codes.count) { code, _ in answers[Int(code)] }))
  }

  /// Whether cells are equal, missing ones included; always defined but for columns of type `Any`.
  public static func equal(_ left: Operand, _ right: Operand, count: Int) -> [Bool]? {
    if left.type == .mixed || right.type == .mixed { return nil }
    if left.isWhole, right.isWhole {
      if let a = left.ints, let b = right.ints { return zipped(a, b, count) { $0 == $1 } }
      if left.type == .float, right.type == .float, let a = left.reals, let b = right.reals {
        return zipped(a, b, count) { $0 == $1 }
      }
      if let made = texts(left, right, count, { $0.utf8.elementsEqual($1.utf8) }),
        case .bool(let values) = made.storage
      {
        return values
      }
    }
    if case .column(let column) = left, case .cell(.missing) = right {
      return column.missing ?? [Bool](repeating: false, count: count)
    }
    if case .column(let column) = right, case .cell(.missing) = left {
      return column.missing ?? [Bool](repeating: false, count: count)
    }
    let (a, b) = (left.column(count: count), right.column(count: count))
    return (0..<count).map { isEqual(a[$0], b[$0]) }
  }

  private static func isEqual(_ left: Cell, _ right: Cell) -> Bool {
    switch (left, right) {
    case (.int, .float(let value)), (.float(let value), .int):
      !value.isNaN && left == right
    default: left == right
    }
  }

  /// The truth values of an operand; nil where it has anything but true and false.
  public static func truths(_ operand: Operand, count: Int) -> [Bool]? {
    switch operand {
    case .cell(.bool(let value)): return [Bool](repeating: value, count: count)
    case .column(let column):
      guard case .bool(let values) = column.storage, column.missing == nil else { return nil }
      return values
    case .cell: return nil
    }
  }

  /// A function of Floats over a column of numbers; nil for anything else.
  public static func real(
    _ operand: Operand, count: Int, _ function: (Double) -> Double
  ) -> Column? {
    guard operand.isWhole, let values = operand.reals else { return nil }
    return Column(.float(zipped(values, .one(()), count) { value, _ in function(value) }))
  }

  /// Ints from Floats by a rule of rounding, Ints as they are; nil where one does not fit.
  public static func rounded(
    _ operand: Operand, count: Int, _ rule: FloatingPointRoundingRule
  ) -> Column? {
    guard operand.isWhole else { return nil }
    if operand.ints != nil { return operand.column(count: count) }
    guard let values = operand.reals else { return nil }
    var fails = false
    let made = zipped(values, .one(()), count) { value, _ -> Int64 in
      guard let whole = Int64(exactly: value.rounded(rule)) else {
        fails = true
        return 0
      }
      return whole
    }
    return fails ? nil : Column(.int(made))
  }
}
