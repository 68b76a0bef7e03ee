extension Lexer {
  static let counts: [String: UInt64] = [
    "k": 1000, "M": 1_000_000, "B": 1_000_000_000, "T": 1_000_000_000_000,
  ]
  static let sizes: [String: UInt64] = [
    "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000,
    "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
  ]
  /// The factor to seconds, as a power of ten or a whole number.
  static let durations: [String: (exponent: Int, factor: Double)] = [
    "us": (-6, 1), "ms": (-3, 1), "s": (0, 1), "min": (0, 60), "h": (0, 3600), "d": (0, 86400),
  ]
  private static let corrections: [String: String] = [
    "m": "minutes are written `min`, millions `M`", "K": "thousands are written `k`",
    "G": "billions are written `B`, gigabytes `GB`", "sec": "seconds are written `s`",
    "b": "billions are written `B`, bytes without a suffix", "g": "billions are written `B`",
    "secs": "seconds are written `s`", "mins": "minutes are written `min`",
    "hr": "hours are written `h`", "hrs": "hours are written `h`", "kb": "write `KB`",
    "mb": "write `MB`", "gb": "write `GB`", "kB": "write `KB`", "j": "there are no complex numbers",
    "f": "a number with a point is a Float already",
    "L": "an Int has 64 bits without a suffix",
  ]

  /// A number with its suffix; the position is at its first digit.
  mutating func number() -> Token.Kind {
    let start = position
    if byte() == UInt8(ascii: "0") {
      switch byte(1) {
      case UInt8(ascii: "x"), UInt8(ascii: "X"): return radixNumber(16, "hexadecimal")
      case UInt8(ascii: "o"), UInt8(ascii: "O"): return radixNumber(8, "octal")
      case UInt8(ascii: "b"): return radixNumber(2, "binary")
      default: break
      }
    }
    var digits = decimalDigits()
    var scale = 0
    var isFloat = false
    if byte() == UInt8(ascii: "."), Self.isDigit(byte(1)) {
      isFloat = true
      position += 1
      let fraction = decimalDigits()
      digits += fraction
      scale = -fraction.count
    }
    let sign = byte(1) == UInt8(ascii: "-") || byte(1) == UInt8(ascii: "+")
    if byte() | 0x20 == UInt8(ascii: "e"), Self.isDigit(byte(sign ? 2 : 1)) {
      isFloat = true
      let negative = byte(1) == UInt8(ascii: "-")
      position += sign ? 2 : 1
      let exponent = Int(decimalDigits()) ?? 100_000
      scale += max(-100_000, min(100_000, negative ? -exponent : exponent))
    }
    if bytes[position - 1] == UInt8(ascii: "_") {
      report(
        "E0103", "a number cannot end in `_`", start, position,
        hint: "`_` separates digits: 1_000_000")
    }
    if byte() == UInt8(ascii: "%"), !touchesOperand(1) {
      position += 1
      return .float(Self.float(digits, scale - 2))
    }
    let suffixStart = position
    if let suffix = word() {
      return suffixed(suffix, digits, scale, start: start, suffixStart: suffixStart)
    }
    if isFloat {
      let value = Self.float(digits, scale)
      if value.isInfinite {
        report(
          "E0102", "this number is too large for a Float", start, position,
          hint: "the largest Float is about 1.8e308; `inf` is infinity")
      }
      return .float(value)
    }
    guard let value = UInt64(digits) else { return tooLarge(start) }
    return .integer(value)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  /// Correctly rounded, because the shift of a suffix is done in decimal.
  private static func float(_ digits: String, _ scale: Int) -> Double {
    Double("\(digits)e\(scale)") ?? 0
  }

  private mutating func decimalDigits() -> String {
    var digits = ""
    while Self.isDigit(byte()) || byte() == UInt8(ascii: "_") {
      if byte() != UInt8(ascii: "_") { digits.unicodeScalars.append(Unicode.Scalar(byte())) }
      position += 1
    }
    return digits
  }

  /// Whether an operand begins directly at the offset, so that a `%` before it is a remainder.
  private func touchesOperand(_ offset: Int) -> Bool {
    let next = byte(offset)
    return Self.isNameByte(next) || next >= 0x80 || next == UInt8(ascii: "(")
      || next == UInt8(ascii: "[") || next == UInt8(ascii: "{") || next == UInt8(ascii: "\"")
  }

  private mutating func tooLarge(_ start: Int) -> Token.Kind {
    report(
      "E0102", "this number is too large for an Int", start, position,
      hint: "the largest Int is 9223372036854775807; write a Float as 1e19")
    return .integer(0)
  }

  private mutating func radixNumber(_ radix: Int, _ name: String) -> Token.Kind {
    let start = position
    position += 2
    let text = (word() ?? "").replacing("_")
    guard !text.isEmpty, text.allSatisfy({ $0.isASCII && ($0.hexDigitValue ?? 99) < radix }) else {
      report(
        "E0103", "this is not a \(name) number", start, position,
        hint: radix == 16
          ? "for example 0xff" : radix == 8 ? "for example 0o17" : "for example 0b101"
      )
      return .integer(0)
    }
    guard let value = UInt64(text, radix: radix) else { return tooLarge(start) }
    return .integer(value)
  }

  private mutating func suffixed(
    _ suffix: String, _ digits: String, _ scale: Int, start: Int, suffixStart: Int
  ) -> Token.Kind {
    if let (exponent, factor) = Self.durations[suffix] {
      return .duration(Self.float(digits, scale + exponent) * factor)
    }
    guard let multiplier = Self.counts[suffix] ?? Self.sizes[suffix] else {
      report(
        "E0104", "`\(suffix)` is not a suffix of numbers", suffixStart, position,
        hint: Self.corrections[suffix]
          ?? "suffixes are k M B T, %, us ms s min h d, and KB MB GB TB KiB MiB GiB TiB")
      return .integer(0)
    }
    guard let whole = UInt64(digits) else { return tooLarge(start) }
    var (value, overflow) = whole.multipliedReportingOverflow(by: multiplier)
    var steps = scale
    while steps != 0, !overflow, value != 0 {
      if steps > 0 {
        (value, overflow) = value.multipliedReportingOverflow(by: 10)
        steps -= 1
      } else {
        guard value % 10 == 0 else {
          report(
            "E0105", "this is not a whole number, and `\(suffix)` makes an Int", start, position,
            hint: "write a Float without a suffix, such as 1.2345e3")
          return .integer(0)
        }
        value /= 10
        steps += 1
      }
    }
    guard !overflow, value <= UInt64(Int64.max) else { return tooLarge(start) }
    return Self.sizes[suffix] != nil ? .size(Int64(value)) : .integer(value)
  }
}

extension String {
  /// The text without one character.
  fileprivate func replacing(_ character: Character) -> String { filter { $0 != character } }
}
