/// Numbers and sums, products and fractions of them in plain text.
enum PlainNumbers {
  /// All of them, first to last: `1,000.99`, `28 %`, `2/3`, `(9+1)`.
  ///
  /// One begins a word, after white space, `=` or a currency, so that `AZYUK2A` holds none.
  static func all(in bytes: [UInt8]) -> [MathAnswer.Place] {
    var places: [MathAnswer.Place] = []
    var cursor = 0
    while cursor < bytes.count {
      guard starts(bytes, cursor) else {
        cursor += 1
        continue
      }
      var end = cursor
      var digits = 0
      var lastUseful = cursor
      var hasOperator = false
      while end < bytes.count, isPart(bytes, end) {
        let byte = bytes[end]
        if MathLexer.isDigit(byte) {
          digits += 1
          lastUseful = end + 1
        } else if byte == UInt8(ascii: ")") {
          lastUseful = end + 1
        } else if end > cursor, [0x2B, 0x2D, 0x2A, 0x2F, 0x5E].contains(byte) {
          hasOperator = true
        } else if byte == 0x20, !hasOperator, !continues(bytes, end) {
          break
        }
        end += 1
      }
      guard digits > 0 else {
        // None of it begins a number.
        cursor = max(end, cursor + 1)
        continue
      }
      var text = String(decoding: bytes[cursor..<lastUseful], as: UTF8.self)
      var close = lastUseful
      let rest = String(decoding: bytes[close..<min(close + 12, bytes.count)], as: UTF8.self)
      let sign = rest.drop { $0 == " " }.lowercased()
      if sign.hasPrefix("%") || sign.hasPrefix("\\%") || sign.hasPrefix("percent")
        || sign.hasPrefix("pct")
      {
        text += "%"
        close += 1
      }
      // A bracket that is open on one side only is the sentence's.
      if text.filter({ $0 == "(" }).count != text.filter({ $0 == ")" }).count {
        text = text.filter { $0 != "(" && $0 != ")" }
      }
      places.append(MathAnswer.Place(start: cursor, end: close, text: text))
      cursor = max(close, cursor + 1)
    }
    return places
  }

  private static func starts(_ bytes: [UInt8], _ cursor: Int) -> Bool {
    let byte = bytes[cursor]
    let isStart =
      MathLexer.isDigit(byte)
      || [0x2D, 0x2E, 0x28].contains(byte) && cursor + 1 < bytes.count
        && (MathLexer.isDigit(bytes[cursor + 1]) || bytes[cursor + 1] == 0x2D
          || bytes[cursor + 1] == 0x2E)
    guard isStart else { return false }
    guard cursor > 0 else { return true }
    let before = bytes[cursor - 1]
    // White space, `=`, `*` of emphasis, a dollar, a colon, or the last byte of another currency.
    return TagParser.isSpace(before) || [0x3D, 0x2A, 0x24, 0x3A].contains(before) || before >= 0x80
  }

  private static func isPart(_ bytes: [UInt8], _ at: Int) -> Bool {
    let byte = bytes[at]
    if MathLexer.isDigit(byte) { return true }
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: ","):
      return at + 1 < bytes.count && MathLexer.isDigit(bytes[at + 1])
    case 0x2B, 0x2D, 0x2A, 0x2F, 0x5E, 0x28, 0x29, 0x20: return true
    default: return false
    }
  }

  /// Whether an operator or a group of three digits follows a space.
  private static func continues(_ bytes: [UInt8], _ space: Int) -> Bool {
    var at = space
    while at < bytes.count, bytes[at] == 0x20 { at += 1 }
    guard at < bytes.count else { return false }
    if [0x2B, 0x2D, 0x2A, 0x2F, 0x5E].contains(bytes[at]) { return true }
    guard at == space + 1, at + 2 < bytes.count,
      (0..<3).allSatisfy({ MathLexer.isDigit(bytes[at + $0]) })
    else { return false }
    return at + 3 >= bytes.count || !MathLexer.isDigit(bytes[at + 3])
  }
}
