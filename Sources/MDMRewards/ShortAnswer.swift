import MDMData

/// Reads letters, numbers and boxes out of ASCII answers, byte by byte: training scores millions.
///
/// It says what `AnswerParser.value` says, or that the answer is not for it; a test holds the two equal.
enum ShortAnswer {
  enum Reading {
    case value(AnswerValue)
    /// The answer has not the kind that is asked for.
    case none
    /// The slower way has to read it.
    case unread
  }

  /// - Parameter optionCount: How many options there are; 0 means that all letters to H are allowed.
  static func read(
    _ bytes: UnsafeBufferPointer<UInt8>, _ kind: AnswerKind, optionCount: Int
  ) -> Reading {
    guard kind != .word, bytes.count <= 80 else { return .unread }
    let wanted = kind == .box ? 4 : 1
    var numbers = (0.0, 0.0, 0.0, 0.0)
    var letter: UInt8 = 0
    var count = 0
    var cursor = 0
    while cursor < bytes.count {
      if bytes[cursor] >= 0x80 { return .unread }
      if isSeparator(bytes[cursor]) {
        cursor += 1
        continue
      }
      let start = cursor
      while cursor < bytes.count, !isSeparator(bytes[cursor]) {
        if bytes[cursor] >= 0x80 { return .unread }
        cursor += 1
      }
      guard count < wanted else { return .none }
      if kind == .choice {
        guard cursor == start + 1 else { return .none }
        letter = bytes[start]
      } else {
        guard let number = decimal(bytes, start, cursor) else { return .none }
        switch count {
        case 0: numbers.0 = number
        case 1: numbers.1 = number
        case 2: numbers.2 = number
        default: numbers.3 = number
        }
      }
      count += 1
    }
    guard count == wanted else { return .none }
    switch kind {
    case .choice:
      let last = UInt8(ascii: "A") + UInt8(min(optionCount == 0 ? 8 : optionCount, 8)) - 1
      guard letter >= UInt8(ascii: "A"), letter <= last else { return .none }
      return .value(.choice(String(Unicode.Scalar(letter))))
    case .number: return .value(.number(numbers.0))
    case .box: return .value(.box(Box(numbers.0, numbers.1, numbers.2, numbers.3)))
    case .word: return .unread
    }
  }

  /// A number of at most 15 characters with a digit at both ends and at most one point.
  private static func decimal(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int)
    -> Double?
  {
    guard end - start <= 15 else { return nil }
    var cursor = start
    let isNegative = bytes[cursor] == UInt8(ascii: "-")
    if isNegative { cursor += 1 }
    guard cursor < end, MathLexer.isDigit(bytes[cursor]), MathLexer.isDigit(bytes[end - 1]) else {
      return nil
    }
    var mantissa: UInt64 = 0
    var scale = 1.0
    var hasPoint = false
    while cursor < end {
      if bytes[cursor] == UInt8(ascii: ".") {
        guard !hasPoint else { return nil }
        hasPoint = true
      } else {
        guard MathLexer.isDigit(bytes[cursor]) else { return nil }
        mantissa = mantissa * 10 + UInt64(bytes[cursor] - 0x30)
        if hasPoint { scale *= 10 }
      }
      cursor += 1
    }
    // Both are whole numbers below 2^53, so that the quotient is rounded once.
    let value = Double(mantissa) / scale
    return isNegative ? -value : value
  }

  /// White space, brackets, commas and semicolons.
  private static func isSeparator(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x20, 0x09...0x0D, UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "("),
      UInt8(ascii: ")"),
      UInt8(ascii: ","), UInt8(ascii: ";"):
      true
    default: false
    }
  }
}
