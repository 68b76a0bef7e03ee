/// Turns the bytes of a source into tokens; it never fails, it reports and goes on.
public struct Lexer {
  /// What one source consists of.
  public struct Result: Sendable {
    /// Ends with an `end` token.
    public let tokens: [Token]
    /// Every comment with its marks, in order; formatters and highlighters need them.
    public let comments: [Span]
    public let diagnostics: [Diagnostic]
    /// Whether the text stops inside a `"""` string, so that more input may follow.
    public let endsInsideString: Bool
  }

  /// `f"{f"{…}"}"` may be nested this deep.
  static let maximumInterpolationDepth = 8

  let source: SourceText
  let bytes: [UInt8]
  var position = 0
  var diagnostics: [Diagnostic] = []
  var endsInsideString = false
  var interpolationDepth = 0
  private var comments: [Span] = []
  private var documentation: [String] = []
  private var newlinesSinceDocumentation = 0
  private var isLineStart = true

  /// The tokens of a source.
  public static func lex(_ source: SourceText) -> Result {
    var lexer = Lexer(source)
    if lexer.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { lexer.position = 3 }
    var tokens: [Token] = []
    tokens.reserveCapacity(lexer.bytes.count / 4 + 1)
    while true {
      let token = lexer.next()
      tokens.append(token)
      if token.isEnd { break }
    }
    return Result(
      tokens: tokens, comments: lexer.comments, diagnostics: lexer.diagnostics,
      endsInsideString: lexer.endsInsideString)
  }

  init(_ source: SourceText) {
    self.source = source
    bytes = source.bytes
  }

  /// The byte at an offset from the position; 0 behind the end.
  func byte(_ offset: Int = 0) -> UInt8 {
    let index = position + offset
    return index < bytes.count ? bytes[index] : 0
  }

  mutating func report(_ code: String, _ message: String, _ start: Int, _ end: Int, hint: String?) {
    diagnostics.append(
      Diagnostic(code: code, message, at: (source, Span(start, end)), hint: hint))
  }

  /// The next token, with the blanks and comments before it skipped.
  mutating func next() -> Token {
    let newline = skipTrivia()
    var text: String?
    if !documentation.isEmpty {
      if newlinesSinceDocumentation == 1 { text = documentation.joined(separator: "\n") }
      documentation = []
    }
    let start = position
    let kind = start < bytes.count ? scan() : .end
    isLineStart = false
    return Token(
      kind: kind, span: Span(start, position), newlineBefore: newline, documentation: text)
  }

  private mutating func skipTrivia() -> Bool {
    var newline = isLineStart
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0D: position += 1
      case 0x0A:
        position += 1
        newline = true
        newlinesSinceDocumentation += 1
      case UInt8(ascii: "#"): comment(atLineStart: newline)
      default: return newline
      }
    }
    return newline
  }

  private mutating func comment(atLineStart: Bool) {
    let start = position
    while position < bytes.count, bytes[position] != 0x0A { position += 1 }
    comments.append(Span(start, position))
    let isDocumentation =
      atLineStart && start + 1 < bytes.count && bytes[start + 1] == UInt8(ascii: "#")
      && !(start + 2 < bytes.count && bytes[start + 2] == UInt8(ascii: "#"))
    guard isDocumentation else {
      documentation = []
      return
    }
    if newlinesSinceDocumentation > 1 { documentation = [] }
    var textStart = start + 2
    if textStart < position, bytes[textStart] == 0x20 { textStart += 1 }
    var end = position
    while end > textStart, [0x20, 0x09, 0x0D].contains(bytes[end - 1]) { end -= 1 }
    documentation.append(String(decoding: bytes[textStart..<end], as: UTF8.self))
    newlinesSinceDocumentation = 0
  }

  private mutating func scan() -> Token.Kind {
    let first = byte()
    switch first {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return number()
    case UInt8(ascii: "\""): return string(isFormat: false, isRaw: false)
    case UInt8(ascii: "f") where byte(1) == UInt8(ascii: "\""):
      return string(isFormat: true, isRaw: false)
    case UInt8(ascii: "r") where byte(1) == UInt8(ascii: "\""):
      return string(isFormat: false, isRaw: true)
    case UInt8(ascii: "f") where byte(1) == UInt8(ascii: "r") && byte(2) == UInt8(ascii: "\""),
      UInt8(ascii: "r") where byte(1) == UInt8(ascii: "f") && byte(2) == UInt8(ascii: "\""):
      return string(isFormat: true, isRaw: true)
    case UInt8(ascii: "'"): return singleQuoted()
    default: break
    }
    if Self.isNameByte(first) || first >= 0x80 {
      if let word = word() {
        return Keyword(rawValue: word).map(Token.Kind.keyword) ?? .name(word)
      }
      return unexpectedScalar()
    }
    return symbol() ?? unexpectedScalar()
  }

  /// A letter, digit or `_` of ASCII.
  static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// The scalar at a byte index and its length; the bytes are valid UTF-8 because they came from a
  /// `String`.
  func scalar(at index: Int) -> (scalar: Unicode.Scalar, length: Int) {
    let first = bytes[index]
    let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    let end = min(index + length, bytes.count)
    let text = String(decoding: bytes[index..<end], as: UTF8.self)
    return (text.unicodeScalars.first ?? "\u{FFFD}", end - index)
  }

  /// The name at the position, or nil where no letter stands.
  mutating func word() -> String? {
    let start = position
    while position < bytes.count {
      let current = bytes[position]
      if current < 0x80 {
        guard Self.isNameByte(current) else { break }
        position += 1
      } else {
        let (scalar, length) = scalar(at: position)
        let properties = scalar.properties
        let continues =
          properties.isAlphabetic || (position > start && properties.isIDContinue)
        guard continues else { break }
        position += length
      }
    }
    return position > start ? String(decoding: bytes[start..<position], as: UTF8.self) : nil
  }

  private mutating func symbol() -> Token.Kind? {
    for length in [3, 2, 1] where position + length <= bytes.count {
      let slice = bytes[position..<position + length]
      guard slice.allSatisfy({ $0 < 0x80 }),
        let symbol = Symbol(rawValue: String(decoding: slice, as: UTF8.self))
      else { continue }
      position += length
      if symbol == .ellipsis {
        report(
          "E0204", "`...` is not an operator", position - 3, position,
          hint: "write `..` for a range, a spread or a rest")
        return .symbol(.range)
      }
      return .symbol(symbol)
    }
    return nil
  }

  private mutating func unexpectedScalar() -> Token.Kind {
    let (scalar, length) = scalar(at: position)
    let start = position
    position += length
    let hint: String? =
      switch scalar {
      case "\u{201C}", "\u{201D}", "\u{201E}", "\u{00AB}", "\u{00BB}":
        "strings are written with plain quotes: \"text\""
      case "\u{2018}", "\u{2019}", "`": "strings are written with double quotes: \"text\""
      case "\u{2212}", "\u{2013}", "\u{2014}": "write the plain minus sign `-`"
      case "\u{00D7}", "\u{00B7}": "write `*`"
      case "\u{2264}": "write `<=`"
      case "\u{2265}": "write `>=`"
      case "\u{2260}": "write `!=`"
      case "\u{00A0}", "\u{2009}", "\u{200B}", "\u{202F}":
        "it looks like a blank but is not one; replace it with a space"
      case "~": "an approximate comparison is written `a ~= b +- tolerance`"
      case "@": "there are no decorators; call the function that wraps it"
      case "$": "values are put into text with f\"… {name} …\""
      case "\\": "a line goes on after an operator, a comma or inside brackets; no `\\` is needed"
      default: nil
      }
    let shown =
      scalar.value < 0x20 || scalar.value == 0x7F
        || scalar.properties.generalCategory == .format
        || (scalar.value > 0x7F && scalar.properties.isWhitespace)
      ? "U+" + Self.hexadecimal(scalar.value) : "`\(scalar)`"
    report("E0101", "the character \(shown) has no meaning here", start, position, hint: hint)
    return .invalid
  }

  /// At least four hexadecimal digits, as in `U+00A0`.
  static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
