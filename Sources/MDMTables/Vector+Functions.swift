/// Functions and truth values of whole columns.
extension Vector {
  public static func and(_ left: [Bool], _ right: [Bool]) -> [Bool] {
    zipped(.many(left), .many(right), left.count) { $0 && $1 }
  }

  public static func or(_ left: [Bool], _ right: [Bool]) -> [Bool] {
    zipped(.many(left), .many(right), left.count) { $0 || $1 }
  }

  /// The lesser or the greater of two numbers of one type; the first NaN wins.
  public static func extreme(
    _ left: Operand, _ right: Operand, count: Int, isMinimum: Bool
  ) -> Column? {
    guard left.isWhole, right.isWhole, left.type == right.type else { return nil }
    if let a = left.ints, let b = right.ints {
      return Column(
        .int(zipped(a, b, count) { isMinimum ? ($1 < $0 ? $1 : $0) : ($1 > $0 ? $1 : $0) }))
    }
    guard let a = left.reals, let b = right.reals else { return nil }
    return Column(
      .float(
        zipped(a, b, count) {
          if $0.isNaN { return $0 }
          if $1.isNaN { return $1 }
          return isMinimum ? ($1 < $0 ? $1 : $0) : ($1 > $0 ? $1 : $0)
        }))
  }

  /// Magnitudes of numbers; nil for the least Int, which has none.
  public static func magnitude(_ operand: Operand, count: Int) -> Column? {
    guard operand.isWhole else { return nil }
    if let values = operand.ints {
      var fails = false
      let made = zipped(values, .one(()), count) { value, _ -> Int64 in
        if value == .min {
          fails = true
          return 0
        }
        return value < 0 ? -value : value
      }
      return fails ? nil : Column(.int(made))
    }
    return operand.reals.map {
      Column(.float(zipped($0, .one(()), count) { value, _ in abs(value) }))
    }
  }

  /// The lengths of texts in Unicode scalars.
  public static func lengths(_ operand: Operand, count: Int) -> Column? {
    guard operand.isWhole else { return nil }
    switch operand {
    case .cell(.text(let text)):
      return .repeating(.int(Int64(text.unicodeScalars.count)), count: count)
    case .column(let column):
      guard case .text(let codes, let pool) = column.storage else { return nil }
      let lengths = pool.texts.map { Int64($0.unicodeScalars.count) }
      return Column(.int(zipped(.many(codes), .one(()), count) { code, _ in lengths[Int(code)] }))
    case .cell: return nil
    }
  }

  /// Whether a text has another in it, byte for byte.
  public static func contains(_ text: String, _ part: String) -> Bool {
    let (bytes, wanted) = (Array(text.utf8), Array(part.utf8))
    guard wanted.count <= bytes.count else { return false }
    return (0...bytes.count - wanted.count).contains { bytes[$0...].starts(with: wanted) }
  }
}
