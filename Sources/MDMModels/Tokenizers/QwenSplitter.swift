/// Cuts a text into the pieces that byte pairs are merged within, as Qwen2's regular expression does.
///
/// The alternatives of `pattern` are tried in order at each place; the comments number them.
enum QwenSplitter {
  /// The expression, as `tokenizer.json` holds it.
  static let pattern =
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"#
    + #"|\s*[\r\n]+|\s+(?!\S)|\s+"#

  private enum Kind: UInt8 {
    case letter, number, newline, space, other
  }

  /// The version of Unicode that tokenizers 0.22 and 0.23 classify by.
  private static let unicodeVersion = 16

  private static func kind(_ scalar: Unicode.Scalar) -> Kind {
    switch scalar.value {
    case 0x0A, 0x0D: return .newline
    case 0x09, 0x0B, 0x0C, 0x20: return .space
    case 0x30...0x39: return .number
    case 0x41...0x5A, 0x61...0x7A: return .letter
    case 0..<0x80: return .other
    default: break
    }
    if scalar.properties.isWhitespace { return .space }
    // The regular expressions of Hugging Face tokenizers do not know younger characters.
    guard let age = scalar.properties.age, age.major <= unicodeVersion else { return .other }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      return .letter
    case .decimalNumber, .letterNumber, .otherNumber: return .number
    default: return .other
    }
  }

  /// The ranges of the pieces; together they are the whole text.
  static func pieces(_ text: [Unicode.Scalar]) -> [Range<Int>] {
    let kinds = text.map(kind)
    var result: [Range<Int>] = []
    var start = 0
    while start < text.count {
      let end = pieceEnd(text, kinds, start)
      result.append(start..<end)
      start = end
    }
    return result
  }

  private static func pieceEnd(_ text: [Unicode.Scalar], _ kinds: [Kind], _ start: Int) -> Int {
    func run(_ from: Int, while holds: (Kind) -> Bool) -> Int {
      var end = from
      while end < kinds.count && holds(kinds[end]) { end += 1 }
      return end
    }
    // 1: English contractions.
    if text[start] == "'", let length = contraction(text, start + 1) { return start + 1 + length }
    let first = kinds[start]
    // 2: letters, with one character before them that is no line break, letter or number.
    let letters = first == .space || first == .other ? start + 1 : start
    let afterLetters = run(letters) { $0 == .letter }
    if afterLetters > letters { return afterLetters }
    // 3: a single number.
    if first == .number { return start + 1 }
    // 4: other characters, with one space before and line breaks behind.
    let others = text[start] == " " ? start + 1 : start
    let afterOthers = run(others) { $0 == .other }
    if afterOthers > others { return run(afterOthers) { $0 == .newline } }
    // 5: white space to the last line break of its run.
    let end = run(start) { $0 == .space || $0 == .newline }
    if let last = (start..<end).last(where: { kinds[$0] == .newline }) { return last + 1 }
    // 6 and 7: white space, but for the last of it where something follows.
    return end == kinds.count || end == start + 1 ? end : end - 1
  }

  /// The length of a contraction's letters; case is ignored, and `ſ` is a small `s`.
  private static func contraction(_ text: [Unicode.Scalar], _ at: Int) -> Int? {
    func letter(_ i: Int) -> UInt8? {
      guard i < text.count else { return nil }
      if text[i] == "\u{17F}" { return UInt8(ascii: "s") }
      return text[i].isASCII ? UInt8(text[i].value) | 0x20 : nil
    }
    switch (letter(at), letter(at + 1)) {
    case (UInt8(ascii: "s"), _), (UInt8(ascii: "t"), _), (UInt8(ascii: "m"), _),
      (UInt8(ascii: "d"), _):
      return 1
    case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
      (UInt8(ascii: "l"), UInt8(ascii: "l")):
      return 2
    default: return nil
    }
  }
}
