import Glibc
import MDMSyntax

/// Operators beyond two Ints or two Floats.
extension Machine {
  /// The value of an operation at a register, and a safe point behind it.
  @inline(never)
  func operate(
    _ operation: BinaryOperator, _ left: Value, _ right: Value,
    _ target: UnsafeMutablePointer<Value>, _ top: UnsafeMutablePointer<Value>
  ) throws {
    target.pointee = try arithmetic(operation, left, right)
    if heap.pointee.bytes > heap.pointee.limit { try safePoint(top) }
  }

  func arithmetic(_ operation: BinaryOperator, _ left: Value, _ right: Value) throws -> Value {
    switch (left.tag, right.tag) {
    case (.int, .int): return try integer(operation, left.int, right.int)
    case (.int, .float), (.float, .int), (.float, .float):
      return Value(Machine.real(operation, left.number, right.number))
    case (.domain, _), (_, .domain):
      if let value = try domainOperation(operation, left, right) { return value }
    case (.string, .string) where operation == .add:
      try checkRoom(left.string.byteCount + right.string.byteCount)
      return Value(heap.pointee.join(left.string, right.string))
    case (.list, .list) where operation == .add:
      let count = left.list.count + right.list.count
      try checkRoom(count * 16)
      let made = heap.pointee.newList(capacity: count)
      made.items.update(from: left.list.items, count: left.list.count)
      (made.items + left.list.count).update(from: right.list.items, count: right.list.count)
      made.count = count
      return Value(made)
    case (.string, .int) where operation == .multiply:
      return try repeated(left.string, right.int)
    case (.int, .string) where operation == .multiply:
      return try repeated(right.string, left.int)
    case (.list, .int) where operation == .multiply: return try repeated(left.list, right.int)
    case (.int, .list) where operation == .multiply: return try repeated(right.list, left.int)
    case (.duration, _), (_, .duration), (.size, _), (_, .size):
      if let value = try quantity(operation, left, right) { return value }
    default: break
    }
    throw operandError(operation, left, right)
  }

  private func integer(
    _ operation: BinaryOperator, _ left: Int64, _ right: Int64
  ) throws -> Value {
    let result: (partialValue: Int64, overflow: Bool)
    switch operation {
    case .add: result = left.addingReportingOverflow(right)
    case .subtract: result = left.subtractingReportingOverflow(right)
    case .multiply: result = left.multipliedReportingOverflow(by: right)
    case .divide:
      if right == 0 { throw divisionByZero(operation, left) }
      return Value(Double(left) / Double(right))
    case .floorDivide, .remainder:
      if right == 0 { throw divisionByZero(operation, left) }
      if right == -1 {
        // The one quotient that does not fit: the least Int by -1.
        result =
          operation == .remainder ? (0, false) : Int64(0).subtractingReportingOverflow(left)
        break
      }
      let quotient = left / right
      let rest = left % right
      let isBelow = rest != 0 && (rest < 0) != (right < 0)
      result =
        operation == .remainder
        ? (isBelow ? rest + right : rest, false) : (isBelow ? quotient - 1 : quotient, false)
    case .power:
      if right < 0 { return Value(pow(Double(left), Double(right))) }
      result = Machine.power(left, right)
    default: throw operandError(operation, Value(left), Value(right))
    }
    if result.overflow {
      throw ScriptError(
        .overflow, "\(left) \(operation.rawValue) \(right) does not fit into an Int",
        hint: "an Int has 64 bits; float(…) takes larger magnitudes")
    }
    return Value(result.partialValue)
  }

  private static func power(
    _ base: Int64, _ exponent: Int64
  ) -> (partialValue: Int64, overflow: Bool) {
    var result: Int64 = 1
    var square = base
    var left = exponent
    while left > 0 {
      if left & 1 == 1 {
        let (product, overflow) = result.multipliedReportingOverflow(by: square)
        if overflow { return (0, true) }
        result = product
      }
      left >>= 1
      if left == 0 { break }
      let (next, overflow) = square.multipliedReportingOverflow(by: square)
      if overflow { return (0, true) }
      square = next
    }
    return (result, false)
  }

  static func real(_ operation: BinaryOperator, _ left: Double, _ right: Double) -> Double {
    switch operation {
    case .add: return left + right
    case .subtract: return left - right
    case .multiply: return left * right
    case .divide: return left / right
    case .floorDivide: return (left / right).rounded(.down)
    case .remainder:
      let rest = fmod(left, right)
      return rest != 0 && (rest < 0) != (right < 0) ? rest + right : rest
    case .power: return pow(left, right)
    default: return .nan
    }
  }

  private func repeated(_ text: Ref<StringObject>, _ times: Int64) throws -> Value {
    let (bytes, overflow) = Int64(text.byteCount).multipliedReportingOverflow(by: max(times, 0))
    if overflow { throw outOfMemory() }
    try checkRoom(Int(bytes))
    let made = heap.pointee.newString(byteCount: Int(bytes))
    for turn in 0..<(text.byteCount == 0 ? 0 : max(Int(times), 0)) {
      (made.bytes + turn * text.byteCount).update(from: text.bytes, count: text.byteCount)
    }
    return Value(made)
  }

  private func repeated(_ list: Ref<ListObject>, _ times: Int64) throws -> Value {
    let (count, overflow) = Int64(list.count).multipliedReportingOverflow(by: max(times, 0))
    if overflow || count > 1 << 40 { throw outOfMemory() }
    try checkRoom(Int(count) * 16)
    let made = heap.pointee.newList(capacity: Int(count))
    for turn in 0..<(list.count == 0 ? 0 : max(Int(times), 0)) {
      (made.items + turn * list.count).update(from: list.items, count: list.count)
    }
    made.count = Int(count)
    return Value(made)
  }

  /// Durations and sizes: sums and differences of their own kind, multiples, ratios.
  private func quantity(
    _ operation: BinaryOperator, _ left: Value, _ right: Value
  ) throws -> Value? {
    let make = { (tag: Tag, value: Double) throws -> Value in
      if tag == .duration { return Value(duration: value) }
      guard let bytes = Int64(exactly: value.rounded()) else {
        throw ScriptError(.overflow, "this size does not fit into 64 bits")
      }
      return Value(size: bytes)
    }
    let amount = { (value: Value) in value.tag == .size ? Double(value.int) : value.number }
    if left.tag == right.tag {
      switch operation {
      case .add, .subtract, .remainder:
        return try make(left.tag, Machine.real(operation, amount(left), amount(right)))
      case .divide: return Value(amount(left) / amount(right))
      default: return nil
      }
    }
    if right.isNumber, operation == .multiply || operation == .divide {
      return try make(left.tag, Machine.real(operation, amount(left), right.number))
    }
    if left.isNumber, operation == .multiply {
      return try make(right.tag, left.number * amount(right))
    }
    return nil
  }

  @inline(never)
  func negated(_ value: Value) throws -> Value {
    switch value.tag {
    case .int: return try integer(.subtract, 0, value.int)
    case .float: return Value(-value.double)
    case .duration: return Value(duration: -value.double)
    case .domain:
      if let result = try domainOperation(.subtract, Value(0), value) { return result }
    default: break
    }
    throw ScriptError(.operandType, "`-` takes a number, got \(brief(value))")
  }

  func domainOperation(
    _ operation: BinaryOperator, _ left: Value, _ right: Value
  ) throws -> Value? {
    if left.tag == .domain,
      let result = try left.domain.object.operate(operation, datum(right), isLeft: true)
    {
      return value(result)
    }
    if right.tag == .domain,
      let result = try right.domain.object.operate(operation, datum(left), isLeft: false)
    {
      return value(result)
    }
    return nil
  }

  /// The order of two values; only numbers, strings, durations, sizes and lists of them have one.
  @inline(never)
  func compare(_ operation: BinaryOperator, _ left: Value, _ right: Value) throws -> Bool {
    if left.isNumber, right.isNumber {
      if left.tag == .int, right.tag == .int {
        return Machine.holds(operation, left.int < right.int ? -1 : left.int > right.int ? 1 : 0)
      }
      let (a, b) = (left.number, right.number)
      if a.isNaN || b.isNaN { return false }
      return Machine.holds(operation, Machine.order(left, right))
    }
    if left.tag == .domain || right.tag == .domain {
      if let value = try domainOperation(operation, left, right), value.tag == .bool {
        return value.bool
      }
    } else if let order = order(left, right) {
      return Machine.holds(operation, order)
    }
    throw operandError(operation, left, right)
  }

  /// An Int against a Float exactly, where the conversion would round. A nan stands behind all
  /// numbers, level with itself, so that this is an order of all of them.
  static func order(_ left: Value, _ right: Value) -> Int {
    switch (left.tag, right.tag) {
    case (.int, .int): return left.int < right.int ? -1 : left.int > right.int ? 1 : 0
    case (.int, .float): return order(left.int, right.double)
    case (.float, .int): return -order(right.int, left.double)
    default:
      let (a, b) = (left.number, right.number)
      if a < b { return -1 }
      if a > b { return 1 }
      return a == b ? 0 : (a.isNaN ? 1 : 0) - (b.isNaN ? 1 : 0)
    }
  }

  private static func order(_ left: Int64, _ right: Double) -> Int {
    if right >= 9_223_372_036_854_775_808 || right.isNaN { return -1 }
    if right < -9_223_372_036_854_775_808 { return 1 }
    let whole = Int64(right.rounded(.down))
    if left != whole { return left < whole ? -1 : 1 }
    return right > Double(whole) ? -1 : 0
  }

  private static func holds(_ operation: BinaryOperator, _ order: Int) -> Bool {
    switch operation {
    case .less: order < 0
    case .lessEqual: order <= 0
    case .greater: order > 0
    case .greaterEqual: order >= 0
    default: false
    }
  }

  /// -1, 0 or 1; nil where the values have no order.
  func order(_ left: Value, _ right: Value, depth: Int = 0) -> Int? {
    if left.isNumber, right.isNumber { return Machine.order(left, right) }
    guard left.tag == right.tag, depth < 100 else { return nil }
    switch left.tag {
    case .string: return left.string.compare(right.string).signum()
    case .duration:
      return left.double < right.double ? -1 : left.double > right.double ? 1 : 0
    case .size: return left.int < right.int ? -1 : left.int > right.int ? 1 : 0
    case .bool: return Int(left.bits) - Int(right.bits)
    case .list:
      let (a, b) = (left.list, right.list)
      for position in 0..<min(a.count, b.count) {
        guard let order = order(a.items[position], b.items[position], depth: depth + 1) else {
          return nil
        }
        if order != 0 { return order }
      }
      return (a.count - b.count).signum()
    default: return nil
    }
  }

  func isNear(_ left: Value, _ right: Value, tolerance: Value) throws -> Bool {
    guard left.isNumber, right.isNumber, tolerance.isNumber else {
      if left.tag == .list, right.tag == .list, tolerance.isNumber {
        let (a, b) = (left.list, right.list)
        if a.count != b.count { return false }
        for position in 0..<a.count {
          let (x, y) = (a.items[position], b.items[position])
          // Only lists of numbers, so that a list in itself cannot recurse.
          guard x.isNumber, y.isNumber else { throw operandError("~=", x, y) }
          if !(abs(x.number - y.number) <= tolerance.number) { return false }
        }
        return true
      }
      throw operandError("~=", left, right)
    }
    return left.number == right.number || abs(left.number - right.number) <= tolerance.number
  }

  // MARK: Errors

  private func divisionByZero(_ operation: BinaryOperator, _ left: Int64) -> ScriptError {
    ScriptError(
      .divisionByZero, "\(left) \(operation.rawValue) 0 divides an Int by zero",
      hint: operation == .divide ? "a Float divided by 0.0 gives inf or nan" : nil)
  }

  func operandError(_ operation: BinaryOperator, _ left: Value, _ right: Value) -> ScriptError {
    operandError(operation.rawValue, left, right)
  }

  func operandError(_ operation: String, _ left: Value, _ right: Value) -> ScriptError {
    var hint: String?
    if operation == "+", left.tag == .string || right.tag == .string {
      hint = "str(x) makes a text of a value, f\"…{x}…\" puts it into one"
    } else if left.tag == .duration && right.isNumber || right.tag == .duration && left.isNumber {
      hint = "write the number with a unit, such as 5s"
    } else if left.tag == .none || right.tag == .none {
      hint = "`??` gives none another value"
    }
    return ScriptError(
      .operandType, "`\(operation)` is not defined for \(brief(left)) and \(brief(right))",
      hint: hint)
  }

  @inline(never)
  func noCondition(_ value: Value) -> ScriptError {
    let text =
      value.tag == .string || value.tag == .list || value.tag == .record
      ? "compare its length, as in len(x) > 0"
      : value.tag == .none ? "compare it, as in x == none" : "compare it, as in x != 0"
    return ScriptError(
      .condition, "a condition is true or false, got \(brief(value))", hint: text)
  }
}
