import Glibc

/// An operand of a columnwise operation: a column, or one cell for all rows.
public enum Operand: Sendable {
  case column(Column)
  case cell(Cell)

  /// The operand as a column.
  public func column(count: Int) -> Column {
    switch self {
    case .column(let column): column
    case .cell(let cell): .repeating(cell, count: count)
    }
  }

  var type: ColumnType? {
    switch self {
    case .column(let column): column.type
    case .cell(let cell): cell.type
    }
  }

  /// All its cells are there.
  var isWhole: Bool {
    switch self {
    case .column(let column): column.missing == nil
    case .cell(let cell): cell != .missing
    }
  }

  var ints: Lane<Int64>? {
    switch self {
    case .column(let column):
      if case .int(let values) = column.storage { .many(values) } else { nil }
    case .cell(.int(let value)): .one(value)
    case .cell: nil
    }
  }

  /// Ints and Floats as Floats, as mixed arithmetic takes them.
  var reals: Lane<Double>? {
    switch self {
    case .column(let column):
      switch column.storage {
      case .float(let values): .many(values)
      case .int(let values): .many(values.map(Double.init))
      default: nil
      }
    case .cell(.float(let value)): .one(value)
    case .cell(.int(let value)): .one(Double(value))
    case .cell: nil
    }
  }
}

/// Packed values, or one for all rows.
enum Lane<Element> {
  case many([Element])
  case one(Element)
}

/// Operations on whole columns.
///
/// Each gives nil where the same operation on single cells would fail or give cells of several types:
/// a missing or unsuitable operand, an Int that does not fit, a division of an Int by zero. The caller
/// then goes row by row and reports what it finds there.
public enum Vector {
  public enum Arithmetic: Sendable {
    case add, subtract, multiply, divide, floorDivide, remainder, power
  }

  public enum Comparison: Sendable { case less, lessEqual, greater, greaterEqual }

  // MARK: Arithmetic

  public static func arithmetic(
    _ operation: Arithmetic, _ left: Operand, _ right: Operand, count: Int
  ) -> Column? {
    guard left.isWhole, right.isWhole else { return nil }
    if let a = left.ints, let b = right.ints {
      if operation == .divide {
        return checked(a, b, count) { a, b, fails in
          fails = fails || b == 0
          return Double(a) / Double(b)
        }.map { Column(.float($0)) }
      }
      return ints(operation, a, b, count).map { Column(.int($0)) }
    }
    guard let a = left.reals, let b = right.reals else { return nil }
    return Column(.float(reals(operation, a, b, count)))
  }

  private static func ints(
    _ operation: Arithmetic, _ a: Lane<Int64>, _ b: Lane<Int64>, _ count: Int
  ) -> [Int64]? {
    switch operation {
    case .add:
      return checked(a, b, count) { a, b, fails in
        let (value, overflow) = a.addingReportingOverflow(b)
        fails = fails || overflow
        return value
      }
    case .subtract:
      return checked(a, b, count) { a, b, fails in
        let (value, overflow) = a.subtractingReportingOverflow(b)
        fails = fails || overflow
        return value
      }
    case .multiply:
      return checked(a, b, count) { a, b, fails in
        let (value, overflow) = a.multipliedReportingOverflow(by: b)
        fails = fails || overflow
        return value
      }
    case .floorDivide:
      return checked(a, b, count) { a, b, fails in
        if b == 0 || (b == -1 && a == .min) {
          fails = true
          return 0
        }
        let quotient = a / b
        return a % b != 0 && (a % b < 0) != (b < 0) ? quotient - 1 : quotient
      }
    case .remainder:
      return checked(a, b, count) { a, b, fails in
        if b == 0 {
          fails = true
          return 0
        }
        if b == -1 { return 0 }
        let rest = a % b
        return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
      }
    case .power:
      return checked(a, b, count) { a, b, fails in
        if b < 0 {
          fails = true
          return 0
        }
        return power(a, b, &fails)
      }
    case .divide: return nil
    }
  }

  private static func power(_ base: Int64, _ exponent: Int64, _ fails: inout Bool) -> Int64 {
    var (result, square, left): (Int64, Int64, Int64) = (1, base, exponent)
    while left > 0 {
      if left & 1 == 1 {
        let (product, overflow) = result.multipliedReportingOverflow(by: square)
        if overflow { fails = true }
        result = product
      }
      left >>= 1
      if left == 0 || fails { break }
      let (next, overflow) = square.multipliedReportingOverflow(by: square)
      if overflow { fails = true }
      square = next
    }
    return result
  }

  private static func reals(
    _ operation: Arithmetic, _ a: Lane<Double>, _ b: Lane<Double>, _ count: Int
  ) -> [Double] {
    switch operation {
    case .add: return zipped(a, b, count) { $0 + $1 }
    case .subtract: return zipped(a, b, count) { $0 - $1 }
    case .multiply: return zipped(a, b, count) { $0 * $1 }
    case .divide: return zipped(a, b, count) { $0 / $1 }
    case .floorDivide: return zipped(a, b, count) { ($0 / $1).rounded(.down) }
    case .remainder:
      return zipped(a, b, count) {
        let rest = fmod($0, $1)
        return rest != 0 && (rest < 0) != ($1 < 0) ? rest + $1 : rest
      }
    case .power: return zipped(a, b, count) { pow($0, $1) }
    }
  }

  public static func negated(_ operand: Operand, count: Int) -> Column? {
    guard operand.isWhole else { return nil }
    if let values = operand.ints {
      return checked(Lane<Int64>.one(0), values, count) { a, b, fails in
        let (value, overflow) = a.subtractingReportingOverflow(b)
        fails = fails || overflow
        return value
      }.map { Column(.int($0)) }
    }
    return operand.reals.map {
      Column(.float(zipped($0, Lane<Double>.one(0), count) { a, _ in -a }))
    }
  }

  // MARK: Loops

  @inline(__always)
  static func zipped<A, B, Result>(
    _ left: Lane<A>, _ right: Lane<B>, _ count: Int, _ body: (A, B) -> Result
  ) -> [Result] {
    [Result](unsafeUninitializedCapacity: count) { target, used in
      let base = target.baseAddress
      switch (left, right) {
      case (.many(let a), .many(let b)):
        a.withUnsafeBufferPointer { a in
          b.withUnsafeBufferPointer { b in
            for row in 0..<count {
              (base.unsafelyUnwrapped + row).initialize(to: body(a[row], b[row]))
            }
          }
        }
      case (.many(let a), .one(let b)):
        a.withUnsafeBufferPointer { a in
          for row in 0..<count { (base.unsafelyUnwrapped + row).initialize(to: body(a[row], b)) }
        }
      case (.one(let a), .many(let b)):
        b.withUnsafeBufferPointer { b in
          for row in 0..<count { (base.unsafelyUnwrapped + row).initialize(to: body(a, b[row])) }
        }
      case (.one(let a), .one(let b)):
        for row in 0..<count { (base.unsafelyUnwrapped + row).initialize(to: body(a, b)) }
      }
      used = count
    }
  }

  @inline(__always)
  private static func checked<A, B, Result>(
    _ left: Lane<A>, _ right: Lane<B>, _ count: Int, _ body: (A, B, inout Bool) -> Result
  ) -> [Result]? {
    var fails = false
    let values = zipped(left, right, count) { body($0, $1, &fails) }
    return fails ? nil : values
  }
}
