/// Operations on Ints and Floats; nil sends the loop to the slow path.
enum Fast {
  /// The numbers of an Int with a Float.
  @inline(__always)
  private static func mixed(_ left: Value, _ right: Value) -> (Double, Double)? {
    if left.tag == .float, right.tag == .int { return (left.double, Double(right.int)) }
    if left.tag == .int, right.tag == .float { return (Double(left.int), right.double) }
    return nil
  }

  @inline(__always) static func add(_ left: Value, _ right: Value) -> Value? {
    if left.tag == .int, right.tag == .int {
      let (value, overflow) = left.int.addingReportingOverflow(right.int)
      return overflow ? nil : Value(value)
    }
    if left.tag == .float, right.tag == .float { return Value(left.double + right.double) }
    return mixed(left, right).map { Value($0.0 + $0.1) }
  }

  @inline(__always) static func subtract(_ left: Value, _ right: Value) -> Value? {
    if left.tag == .int, right.tag == .int {
      let (value, overflow) = left.int.subtractingReportingOverflow(right.int)
      return overflow ? nil : Value(value)
    }
    if left.tag == .float, right.tag == .float { return Value(left.double - right.double) }
    return mixed(left, right).map { Value($0.0 - $0.1) }
  }

  @inline(__always) static func multiply(_ left: Value, _ right: Value) -> Value? {
    if left.tag == .int, right.tag == .int {
      let (value, overflow) = left.int.multipliedReportingOverflow(by: right.int)
      return overflow ? nil : Value(value)
    }
    if left.tag == .float, right.tag == .float { return Value(left.double * right.double) }
    return mixed(left, right).map { Value($0.0 * $0.1) }
  }

  @inline(__always) static func divide(_ left: Value, _ right: Value) -> Value? {
    if left.tag == .float, right.tag == .float { return Value(left.double / right.double) }
    if left.tag == .int, right.tag == .int {
      return right.int == 0 ? nil : Value(Double(left.int) / Double(right.int))
    }
    return mixed(left, right).map { Value($0.0 / $0.1) }
  }

  /// The quotient towards minus infinity; a positive divisor cannot overflow.
  @inline(__always) static func floorDivide(_ left: Value, _ right: Value) -> Value? {
    guard left.tag == .int, right.tag == .int, right.int > 0 else { return nil }
    let quotient = left.int / right.int
    return Value(left.int % right.int < 0 ? quotient &- 1 : quotient)
  }

  /// The remainder with the sign of the divisor.
  @inline(__always) static func remainder(_ left: Value, _ right: Value) -> Value? {
    guard left.tag == .int, right.tag == .int, right.int > 0 else { return nil }
    let rest = left.int % right.int
    return Value(rest < 0 ? rest &+ right.int : rest)
  }

  @inline(__always) static func less(_ left: Value, _ right: Value) -> Bool? {
    if left.tag == .int, right.tag == .int { return left.int < right.int }
    if left.tag == .float, right.tag == .float { return left.double < right.double }
    return nil
  }

  @inline(__always) static func lessEqual(_ left: Value, _ right: Value) -> Bool? {
    if left.tag == .int, right.tag == .int { return left.int <= right.int }
    if left.tag == .float, right.tag == .float { return left.double <= right.double }
    return nil
  }

  @inline(__always) static func greater(_ left: Value, _ right: Value) -> Bool? {
    less(right, left)
  }

  @inline(__always) static func greaterEqual(_ left: Value, _ right: Value) -> Bool? {
    lessEqual(right, left)
  }

  @inline(__always) static func equal(_ left: Value, _ right: Value) -> Bool? {
    if left.tag == .int, right.tag == .int { return left.int == right.int }
    if left.tag == .float, right.tag == .float { return left.double == right.double }
    return nil
  }
}
