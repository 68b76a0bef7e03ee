/// Words, units and spelling of answers in mathematics.
enum MathText {
  /// A text without white space, dollar signs and what only sets it; equal ones say the same.
  static func plain(_ text: String) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    var skip = 0
    let utf8 = Array(text.utf8)
    for (index, byte) in utf8.enumerated() {
      if skip > 0 {
        skip -= 1
        continue
      }
      switch byte {
      case UInt8(ascii: "$"): continue
      case 0x20, 0x09, 0x0A, 0x0D:
        // Between letters or digits it matters: `1 2` is not 12.
        var next = index + 1
        while next < utf8.count, TagParser.isSpace(utf8[next]) { next += 1 }
        skip = next - index - 1
        if let last = bytes.last, next < utf8.count, isWord(last), isWord(utf8[next]) {
          bytes.append(0x20)
        }
      case UInt8(ascii: "\\"):
        let dropped = [
          "\\left", "\\right", "\\!", "\\,", "\\ ", "\\;", "\\:", "\\displaystyle", "\\text",
        ]
        .first { word in
          index + word.utf8.count <= utf8.count
            && zip(word.utf8, utf8[index...]).allSatisfy { $0 == $1 }
            && !(index + word.utf8.count < utf8.count && word.utf8.count > 2
              && MathLexer.isLetter(utf8[index + word.utf8.count]))
        }
        if let dropped { skip = dropped.utf8.count - 1 } else { bytes.append(byte) }
      default: bytes.append(byte)
      }
    }
    if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    MathLexer.isLetter(byte) || MathLexer.isDigit(byte) || byte >= 0x80
  }

  /// The letters that an answer in words is made of; nil for anything else.
  static func words(_ expression: MathExpression) -> String? {
    switch expression {
    case .text(let words): words.filter { $0.isLetter || $0.isNumber }
    case .symbol(let name): name
    case .constant(.e): "e"
    case .constant(.i): "i"
    case .product(let parts):
      parts.reduce("") { (joined: String?, part) in
        guard let joined, let word = words(part) else { return nil }
        return joined + word
      }
    case .unit(let inner, let name): words(inner).map { $0 + name.filter(\.isLetter) }
    default: nil
    }
  }

  /// A unit in one spelling.
  static func unit(_ name: String) -> String {
    let plain = name.lowercased().filter { !$0.isWhitespace && $0 != "." && $0 != "\\" }
    let word = plain.prefix { $0.isLetter }
    let rest = plain.dropFirst(word.count)
    let short: String =
      switch String(word) {
      case "meter", "meters", "metre", "metres": "m"
      case "centimeter", "centimeters", "centimetre", "centimetres": "cm"
      case "kilometer", "kilometers", "kilometre", "kilometres": "km"
      case "millimeter", "millimeters": "mm"
      case "gram", "grams": "g"
      case "kilogram", "kilograms": "kg"
      case "second", "seconds", "sec", "secs": "s"
      case "minute", "minutes", "mins": "min"
      case "hour", "hours", "hr", "hrs": "h"
      case "foot", "feet": "ft"
      case "inch", "inches": "in"
      case "mile", "miles": "mi"
      case "degrees": "degree"
      default: word.count > 3 && word.hasSuffix("s") ? String(word.dropLast()) : String(word)
      }
    return short + rest
  }

  private static let unitLetters: Set<String> = [
    "m", "s", "g", "h", "l", "L", "A", "V", "W", "J", "N", "K", "C", "F", "c", "k",
  ]

  /// The number in front of letters that are units, and the unit; nil where there are others, or none.
  static func unitLetters(_ expression: MathExpression) -> (MathExpression, String)? {
    switch expression {
    case .product(let parts):
      let numbers = parts.filter { !$0.hasSymbols }
      guard !numbers.isEmpty, numbers.count < parts.count else { return nil }
      var name = ""
      for part in parts where part.hasSymbols {
        guard let letters = unitName(part) else { return nil }
        name += letters
      }
      return (numbers.count == 1 ? numbers[0] : .product(numbers), name)
    case .quotient(let a, let b):
      guard let below = unitName(b), let (number, above) = unitLetters(a) else { return nil }
      return (number, "\(above)/\(below)")
    default: return nil
    }
  }

  private static func unitName(_ expression: MathExpression) -> String? {
    switch expression {
    case .symbol(let name): return unitLetters.contains(name) ? name : nil
    case .power(let base, .number(let exponent, nil)):
      guard let name = unitName(base), let power = exponent.int else { return nil }
      return "\(name)^\(power)"
    default: return nil
    }
  }
}
