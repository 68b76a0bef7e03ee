/// A number as an answer states it: `1,200 km`, `25%`, `$3.50`, `-1.5e3`.
public struct NumberText: Sendable, Equatable {
  public let value: Double
  /// The unit without white space, lower-cased; `%` for percentages; empty without one.
  public let unit: String

  /// Reads a text that is one number with at most one unit; nil for everything else.
  ///
  /// Commas are thousands separators in groups of three. A second number, NaN, infinities and other
  /// words make it none, so that `3 or 4` is no number.
  public init?(_ text: String) {
    var text = text
    let parsed: (Double, Range<Int>, Range<Int>)? = text.withUTF8 { Self.parse($0) }
    guard let (value, before, after) = parsed else { return nil }
    let bytes = text.utf8
    func part(_ range: Range<Int>) -> String {
      guard !range.isEmpty else { return "" }
      let start = bytes.index(bytes.startIndex, offsetBy: range.lowerBound)
      let end = bytes.index(start, offsetBy: range.count)
      return text[start..<end].lowercased().filter { !$0.isWhitespace }
    }
    let (prefix, suffix) = (part(before), part(after))
    guard prefix.isEmpty || suffix.isEmpty else { return nil }
    self.value = value
    switch suffix {
    case "percent", "percentage", "pct": unit = "%"
    default: unit = prefix + suffix
    }
  }

  /// Whether a character may begin a unit that stands before the number: currencies only.
  private static func isCurrency(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    let text = String(decoding: bytes, as: UTF8.self)
    return text.unicodeScalars.allSatisfy {
      $0.properties.generalCategory == .currencySymbol || $0.properties.isWhitespace
    }
  }

  private static func parse(
    _ bytes: UnsafeBufferPointer<UInt8>
  ) -> (Double, Range<Int>, Range<Int>)? {
    guard bytes.count <= 200 else { return nil }
    var start = 0
    var end = bytes.count
    while start < end, TagParser.isSpace(bytes[start]) { start += 1 }
    while end > start, TagParser.isSpace(bytes[end - 1]) { end -= 1 }
    if end > start, bytes[end - 1] == UInt8(ascii: ".") { end -= 1 }
    var cursor = start
    var isNegative = false
    if cursor < end, bytes[cursor] == UInt8(ascii: "-") || bytes[cursor] == UInt8(ascii: "+") {
      isNegative = bytes[cursor] == UInt8(ascii: "-")
      cursor += 1
    }
    let prefixStart = cursor
    while cursor < end, !isDigit(bytes[cursor]), bytes[cursor] != UInt8(ascii: ".") { cursor += 1 }
    let prefix = prefixStart..<cursor
    if !prefix.isEmpty, !isCurrency(bytes[prefix]) { return nil }
    guard let (value, after) = magnitude(bytes, cursor, end) else { return nil }
    var unitStart = after
    while unitStart < end, TagParser.isSpace(bytes[unitStart]) { unitStart += 1 }
    guard unitStart == end || isUnit(bytes[unitStart..<end]) else { return nil }
    return (isNegative ? -value : value, prefix, unitStart..<end)
  }

  /// Digits with thousands separators, a fraction and an exponent.
  private static func magnitude(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int
  ) -> (Double, Int)? {
    var cursor = start
    var mantissa: UInt64 = 0
    var digits = 0
    var scale = 0
    var plain: [UInt8]?
    func isGroup(_ position: Int) -> Bool {
      position + 3 < end && (1...3).allSatisfy { isDigit(bytes[position + $0]) }
        && (position + 4 >= end || !isDigit(bytes[position + 4]))
    }
    func take(_ byte: UInt8) {
      if digits < 18 {
        mantissa = mantissa * 10 + UInt64(byte - 0x30)
      } else if plain == nil {
        plain = Array(String(mantissa).utf8) + [byte]
      } else {
        plain?.append(byte)
      }
      if mantissa > 0 || digits > 0 { digits += 1 }
    }
    let first = cursor
    while cursor < end {
      if isDigit(bytes[cursor]) {
        take(bytes[cursor])
      } else if bytes[cursor] == UInt8(ascii: ","), cursor > first, isGroup(cursor) {
        // A separator after one to three digits, or after a whole group.
      } else {
        break
      }
      cursor += 1
    }
    let whole = cursor - first
    if cursor + 1 < end, bytes[cursor] == UInt8(ascii: "."), isDigit(bytes[cursor + 1]) {
      cursor += 1
      while cursor < end, isDigit(bytes[cursor]) {
        take(bytes[cursor])
        scale -= 1
        cursor += 1
      }
    } else if whole == 0 {
      return nil
    }
    if cursor + 1 < end, bytes[cursor] | 0x20 == UInt8(ascii: "e") {
      var position = cursor + 1
      var sign = 1
      if bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+") {
        sign = bytes[position] == UInt8(ascii: "-") ? -1 : 1
        position += 1
      }
      if position < end, isDigit(bytes[position]) {
        var exponent = 0
        while position < end, isDigit(bytes[position]) {
          exponent = min(exponent * 10 + Int(bytes[position] - 0x30), 10_000)
          position += 1
        }
        scale += sign * exponent
        cursor = position
      }
    }
    // Up to 2^53 over or times a power of ten that is exact is one correctly rounded operation.
    if plain == nil, mantissa < 1 << 53, (-22...22).contains(scale) {
      let power = powers[abs(scale)]
      return (scale < 0 ? Double(mantissa) / power : Double(mantissa) * power, cursor)
    }
    let written = plain.map { String(decoding: $0, as: UTF8.self) } ?? String(mantissa)
    guard let value = Double("\(written)e\(scale)"), value.isFinite else { return nil }
    return (value, cursor)
  }

  private static let powers: [Double] = (0...22).map { exponent in
    (0..<exponent).reduce(1.0) { power, _ in power * 10 }
  }

  /// Letters, `%`, `°`, `/`, `^` and exponents: `km/h`, `m^2`, `m²`, `degrees`, `US dollars`.
  private static func isUnit(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard bytes.count <= 40, let first = bytes.first, !isDigit(first) else { return false }
    var words = 1
    var previous: Unicode.Scalar = " "
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      defer { previous = scalar }
      switch scalar {
      case "0"..."9":
        // An exponent, `m2` or `m^2`; a number after a space is a second one.
        guard previous == "^" || previous == "-" || previous.properties.isAlphabetic else {
          return false
        }
      case "%", "°", "/", "^", "-", "²", "³", "·", "*", ".": continue
      case " ": words += 1
      default:
        guard
          scalar.properties.isAlphabetic || scalar.properties.generalCategory == .currencySymbol
        else { return false }
      }
    }
    guard words <= 3 else { return false }
    return !String(decoding: bytes, as: UTF8.self).split(separator: " ").contains {
      ["or", "and", "to", "not"].contains($0.lowercased())
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
