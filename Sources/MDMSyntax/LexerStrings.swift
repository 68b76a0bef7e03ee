extension Lexer {
  /// A stretch of a string before its escapes are read.
  private enum RawPiece {
    case text(Range<Int>)
    case value(tokens: [Token], format: Format?, span: Span)
  }

  /// What stands after a value's colon.
  private enum Format {
    case text(String)
    case pieces([Token.Piece])
  }

  /// A string; the position is at its prefix or first quote.
  mutating func string(isFormat: Bool, isRaw: Bool) -> Token.Kind {
    let start = position
    position += (isFormat ? 1 : 0) + (isRaw ? 1 : 0)
    let quote = UInt8(ascii: "\"")
    let isTriple = byte(1) == quote && byte(2) == quote
    position += isTriple ? 3 : 1
    guard let pieces = rawPieces(start, isTriple: isTriple, isRaw: isRaw, isFormat: isFormat) else {
      return .invalid
    }
    let dedented = isTriple ? dedent(pieces) : (pieces, 0, false)
    var parts: [Token.Piece] = []
    var plain = ""
    var atLineStart = dedented.2
    for piece in dedented.0 {
      switch piece {
      case .text(let range):
        plain += decode(
          range, indent: dedented.1, atLineStart: atLineStart, isRaw: isRaw, isFormat: isFormat)
      case .value(let tokens, let format, let span):
        if !plain.isEmpty { parts.append(.text(plain)) }
        plain = ""
        parts.append(Self.piece(tokens, format, span))
      }
      atLineStart = false
    }
    guard isFormat else { return .string(plain) }
    if !plain.isEmpty { parts.append(.text(plain)) }
    return .interpolation(parts)
  }

  private static func piece(_ tokens: [Token], _ format: Format?, _ span: Span) -> Token.Piece {
    switch format {
    case nil: .value(tokens: tokens, format: nil, span: span)
    case .text(let text): .value(tokens: tokens, format: text, span: span)
    case .pieces(let pieces): .formatted(tokens: tokens, format: pieces, span: span)
    }
  }

  /// `'text'`: reported, then read as a string so that nothing else fails.
  mutating func singleQuoted() -> Token.Kind {
    let start = position
    position += 1
    while position < bytes.count, byte() != 0x0A, byte() != UInt8(ascii: "'") { position += 1 }
    let closed = byte() == UInt8(ascii: "'")
    let content = start + 1..<position
    if closed { position += 1 }
    report(
      "E0109", "strings are written with double quotes", start, closed ? position : start + 1,
      hint: "write \"\(String(decoding: bytes[content].prefix(30), as: UTF8.self))\"")
    return closed ? .string(source.text(content)) : .invalid
  }

  private mutating func rawPieces(
    _ start: Int, isTriple: Bool, isRaw: Bool, isFormat: Bool
  ) -> [RawPiece]? {
    var pieces: [RawPiece] = []
    var textStart = position
    let quote = UInt8(ascii: "\"")
    while position < bytes.count {
      let current = byte()
      if current == quote, !isTriple || (byte(1) == quote && byte(2) == quote) {
        pieces.append(.text(textStart..<position))
        position += isTriple ? 3 : 1
        return pieces
      }
      if current == 0x0A, !isTriple { break }
      if current == UInt8(ascii: "\\"), !isRaw, position + 1 < bytes.count, byte(1) != 0x0A {
        position += 2
      } else if isFormat, current == UInt8(ascii: "{") {
        if byte(1) == current {
          position += 2
          continue
        }
        pieces.append(.text(textStart..<position))
        guard let value = interpolation(isTriple: isTriple) else { return nil }
        pieces.append(value)
        textStart = position
      } else if isFormat, current == UInt8(ascii: "}") {
        if byte(1) != current {
          report(
            "E0107", "this `}` closes nothing in the f-string", position, position + 1,
            hint: "write `}}` for a brace in the text")
          position += 1
        } else {
          position += 2
        }
      } else {
        position += 1
      }
    }
    if isTriple { endsInsideString = true }
    report(
      "E0106", "this string is never closed", start,
      isTriple ? min(start + (isRaw || isFormat ? 4 : 3), bytes.count) : position,
      hint: isTriple
        ? "close it with \"\"\"" : "close it with \" on its line, or use \"\"\" for several lines")
    return nil
  }

  /// `{expression:format}`; the position is at the brace. Nil after an error that ends the string.
  private mutating func interpolation(isTriple: Bool) -> RawPiece? {
    let start = position
    position += 1
    guard interpolationDepth < Self.maximumInterpolationDepth else {
      report(
        "E0218", "f-strings are nested too deeply", start, start + 1,
        hint: "give the inner text a name with `let`")
      skipLine()
      return nil
    }
    interpolationDepth += 1
    defer { interpolationDepth -= 1 }
    let known = diagnostics.count
    var tokens: [Token] = []
    var depth = 0
    while true {
      let token = next()
      let isBroken = token.isEnd || (!isTriple && !tokens.isEmpty && token.newlineBefore)
      let failed: Bool
      if case .invalid = token.kind { failed = diagnostics.count > known } else { failed = false }
      if isBroken || failed {
        if !isTriple || token.isEnd {
          diagnostics.removeSubrange(known...)
          endsInsideString = isTriple && token.isEnd
          report(
            "E0107", "this `{` of the f-string is never closed", start, start + 1,
            hint: "close it with `}`; a brace in the text is written `{{`")
        }
        if !isTriple { position = start }
        skipLine()
        return nil
      }
      if case .symbol(let symbol) = token.kind {
        if symbol.closing != nil { depth += 1 }
        if depth == 0, symbol == .closeBrace || symbol == .colon {
          let span = Span(start, position)
          var format: Format?
          if symbol == .colon {
            guard let text = formatSpecification(start, isTriple: isTriple) else { return nil }
            format = text
          }
          if tokens.isEmpty {
            report(
              "E0107", "there is no value between the braces", start, position,
              hint: "put an expression there; a brace in the text is written `{{`")
          }
          let end = Span(Int(token.span.start), Int(token.span.start))
          tokens.append(Token(kind: .end, span: end, newlineBefore: false, documentation: nil))
          return .value(tokens: tokens, format: format, span: span)
        }
        if symbol.isClosing { depth -= 1 }
        if depth < 0 { depth = 0 }
      }
      tokens.append(token)
    }
  }

  private mutating func skipLine() {
    while position < bytes.count, byte() != 0x0A { position += 1 }
  }

  /// The text after the colon up to the closing brace, with the values in it.
  private mutating func formatSpecification(_ open: Int, isTriple: Bool) -> Format? {
    let start = position
    var pieces: [Token.Piece] = []
    var textStart = position
    func keepText(_ lexer: Lexer) {
      if lexer.position > textStart {
        pieces.append(.text(lexer.source.text(textStart..<lexer.position)))
      }
    }
    while position < bytes.count, byte() != 0x0A, byte() != UInt8(ascii: "}"),
      byte() != UInt8(ascii: "\"")
    {
      if byte() == UInt8(ascii: "{") {
        keepText(self)
        guard case .value(let tokens, let format, let span)? = interpolation(isTriple: isTriple)
        else { return nil }
        pieces.append(Self.piece(tokens, format, span))
        textStart = position
      } else {
        position += 1
      }
    }
    guard byte() == UInt8(ascii: "}") else {
      report(
        "E0107", "this `{` of the f-string is never closed", open, open + 1,
        hint: "close it with `}`; a brace in the text is written `{{`")
      skipLine()
      return nil
    }
    if !pieces.isEmpty {
      // The values are not known yet, so the whole is checked when it is used.
      keepText(self)
      position += 1
      return .pieces(pieces)
    }
    let text = source.text(start..<position)
    if !FormatSpecification.isValid(text) {
      report(
        "E0110", "`\(text)` is not a format", start, position,
        hint: "fill, align (< > ^), sign, width, `,`, .precision and one of d f e g % k s x b o: "
          + "`{x:>8.3f}`")
    }
    position += 1
    return .text(text)
  }

  /// The pieces of a `"""` string without the line ends next to its quotes, and the common indent.
  ///
  /// The line of the closing quotes counts for the indent, so that it can be chosen.
  private func dedent(
    _ pieces: [RawPiece]
  ) -> (pieces: [RawPiece], indent: Int, atLineStart: Bool) {
    var pieces = pieces
    var startsLine = false
    if case .text(let range)? = pieces.first {
      var index = range.lowerBound
      while index < range.upperBound, [0x20, 0x09, 0x0D].contains(bytes[index]) { index += 1 }
      if index < range.upperBound, bytes[index] == 0x0A {
        pieces[0] = .text(index + 1..<range.upperBound)
        startsLine = true
      }
    }
    var indent = Int.max
    for (number, piece) in pieces.enumerated() {
      guard case .text(let range) = piece else { continue }
      var index = range.lowerBound
      var atLineStart = number == 0 && startsLine
      while index < range.upperBound {
        if atLineStart {
          let lineStart = index
          while index < range.upperBound, bytes[index] == 0x20 || bytes[index] == 0x09 {
            index += 1
          }
          let isBlank =
            index < range.upperBound && (bytes[index] == 0x0A || bytes[index] == 0x0D)
          if !isBlank { indent = min(indent, index - lineStart) }
          atLineStart = false
        } else {
          atLineStart = bytes[index] == 0x0A
          index += 1
        }
      }
      if atLineStart, range.upperBound > range.lowerBound || number == 0 { indent = 0 }
    }
    if case .text(let range)? = pieces.last {
      var end = range.upperBound
      while end > range.lowerBound, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
      if end > range.lowerBound, bytes[end - 1] == 0x0A {
        end -= 1
        if end > range.lowerBound, bytes[end - 1] == 0x0D { end -= 1 }
        pieces[pieces.count - 1] = .text(range.lowerBound..<end)
      } else if pieces.count == 1, startsLine, end == range.lowerBound {
        pieces[0] = .text(end..<end)
      }
    }
    return (pieces, indent == Int.max ? 0 : indent, startsLine)
  }

  /// The text of a stretch, with the indent of its lines removed and its escapes read.
  private mutating func decode(
    _ range: Range<Int>, indent: Int, atLineStart: Bool, isRaw: Bool, isFormat: Bool
  ) -> String {
    var output: [UInt8] = []
    output.reserveCapacity(range.count)
    var index = range.lowerBound
    var lineStart = atLineStart
    while index < range.upperBound {
      if lineStart {
        var removed = 0
        while removed < indent, index < range.upperBound,
          bytes[index] == 0x20 || bytes[index] == 0x09
        {
          index += 1
          removed += 1
        }
        lineStart = false
        continue
      }
      let current = bytes[index]
      if current == UInt8(ascii: "\\"), !isRaw {
        index = escape(index, range.upperBound, &output)
      } else if current == 0x0D, index + 1 < range.upperBound, bytes[index + 1] == 0x0A {
        index += 1
      } else {
        output.append(current)
        lineStart = current == 0x0A
        let isBrace = current == UInt8(ascii: "{") || current == UInt8(ascii: "}")
        let isDoubled = index + 1 < range.upperBound && bytes[index + 1] == current
        index += isFormat && isBrace && isDoubled ? 2 : 1
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// Reads one escape at `index` and returns where the text goes on.
  private mutating func escape(_ index: Int, _ end: Int, _ output: inout [UInt8]) -> Int {
    let mark = index + 1 < end ? bytes[index + 1] : 0
    let simple: UInt8? =
      switch mark {
      case UInt8(ascii: "n"): 0x0A
      case UInt8(ascii: "t"): 0x09
      case UInt8(ascii: "r"): 0x0D
      case UInt8(ascii: "0"): 0
      case UInt8(ascii: "e"): 0x1B
      case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"): mark
      default: nil
      }
    if let simple {
      output.append(simple)
      return index + 2
    }
    if mark == UInt8(ascii: "u") || mark == UInt8(ascii: "x") {
      var stop = index + 2
      var digits = ""
      if mark == UInt8(ascii: "u") {
        let isOpen = stop < end && bytes[stop] == UInt8(ascii: "{")
        let close = isOpen ? bytes[stop..<end].firstIndex(of: UInt8(ascii: "}")) : nil
        if let close {
          digits = source.text(stop + 1..<close)
          stop = close + 1
        }
      } else {
        stop = min(stop + 2, end)
        digits = source.text(index + 2..<stop)
      }
      let limit: UInt32 = mark == UInt8(ascii: "x") ? 0x7F : 0x10FFFF
      if let value = UInt32(digits, radix: 16), value <= limit, !digits.hasPrefix("+"),
        let scalar = Unicode.Scalar(value)
      {
        output.append(contentsOf: String(Character(scalar)).utf8)
        return stop
      }
      report(
        "E0111", "this escape names no character", index, stop,
        hint: "write \\u{e9} with the hexadecimal number of a character, or \\x41 up to \\x7f")
      return stop
    }
    let length = index + 1 < end ? scalar(at: index + 1).length : 0
    report(
      "E0111", "`\(source.text(index..<index + 1 + length))` is not an escape", index,
      index + 1 + length,
      hint: "write `\\\\` for a backslash, or the whole string as r\"…\"")
    output.append(contentsOf: bytes[index..<index + 1 + length])
    return index + 1 + length
  }
}
