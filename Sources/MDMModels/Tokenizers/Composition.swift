// The standard library's own canonical composition, which Foundation calls too: it has no public name yet.
@_spi(_Unicode) import Swift

/// Unicode's composed form (NFC) as Hugging Face tokenizers has it.
enum Composition {
  /// Its normalizer knows the characters of Unicode 9; younger marks neither move nor compose.
  private static let unicodeVersion = 9

  /// The composed form of a UTF-8 text.
  static func composed(_ text: ArraySlice<UInt8>) -> [UInt8] {
    if text.allSatisfy({ $0 < 0x80 }) { return Array(text) }
    var result = String.UnicodeScalarView()
    var known = String.UnicodeScalarView()
    func flush() {
      for scalar in String(known)._nfc { result.append(scalar) }
      known = String.UnicodeScalarView()
    }
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      if let age = scalar.properties.age, age.major > unicodeVersion {
        flush()
        result.append(scalar)
      } else if let marks = tibetan[scalar.value] {
        known.append(contentsOf: marks)
      } else {
        known.append(scalar)
      }
    }
    flush()
    return Array(String(result).utf8)
  }

  /// Starters that decompose into marks, which the standard library does not move among other marks.
  private static let tibetan: [UInt32: [Unicode.Scalar]] = [
    0x0F73: ["\u{0F71}", "\u{0F72}"], 0x0F75: ["\u{0F71}", "\u{0F74}"],
    0x0F81: ["\u{0F71}", "\u{0F80}"],
  ]
}
