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
      case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: "$"): continue
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

  /// The number in front of letters that are units; nil where there are other letters, or none.
  static func withoutUnitLetters(_ expression: MathExpression) -> MathExpression? {
    switch expression {
    case .product(let parts):
      let numbers = parts.filter { !$0.hasSymbols }
      guard !numbers.isEmpty, numbers.count < parts.count,
        parts.allSatisfy({ !$0.hasSymbols || isUnit($0) })
      else { return nil }
      return numbers.count == 1 ? numbers[0] : .product(numbers)
    case .quotient(let a, let b):
      guard isUnit(b) else { return nil }
      return withoutUnitLetters(a)
    default: return nil
    }
  }

  private static func isUnit(_ expression: MathExpression) -> Bool {
    switch expression {
    case .symbol(let name): unitLetters.contains(name)
    case .power(let base, .number(_, nil)): isUnit(base)
    default: false
    }
  }
}
