extension Parser {
  /// What `let`, `var` and `for` bind: a name, `_`, a list or a record pattern.
  mutating func bindingPattern(after word: String) throws(Failure) -> Pattern {
    switch token.kind {
    case .name, .symbol(.openBracket), .symbol(.openBrace): return try simplePattern()
    case .keyword(let keyword) where !isAtNewline:
      throw failure(
        "E0221", "`\(keyword.rawValue)` is a reserved word and cannot name a variable",
        hint: "try `\(keyword.rawValue)_`")
    default: throw expected("a name after `\(word)`")
    }
  }

  /// The pattern of a `match` arm.
  mutating func pattern() throws(Failure) -> Pattern {
    let first = try simplePattern()
    guard token.is(.bar), !isAtNewline else { return first }
    var alternatives = [first]
    while take(.bar) { alternatives.append(try simplePattern()) }
    return Pattern(
      .either(alternatives), first.span.through(alternatives[alternatives.count - 1].span))
  }

  private mutating func simplePattern() throws(Failure) -> Pattern {
    let outer = try enter()
    let start = Int(token.span.start)
    let kind: Pattern.Kind
    switch token.kind {
    case .name(let text):
      advance()
      if token.is(.openParenthesis) || token.is(.dot), !isAtNewline {
        throw failure(
          "E0225", "a pattern holds names and literals, not calls or fields",
          hint: "bind a name and test it: x if x == limit -> …")
      }
      kind = text == "_" ? .wildcard : .binding(text)
    case .symbol(.openBracket): kind = try listPattern()
    case .symbol(.openBrace): kind = try recordPattern()
    case .symbol(.openParenthesis):
      throw failure(
        "E0225", "a pattern has no parentheses", hint: "a list pattern is written [a, b]")
    case .symbol(.range), .symbol(.closedRange):
      throw failure("E0225", "this range has no begin", hint: "bind a name and test it: x if x < 3")
    default: kind = try literalPattern()
    }
    height += 1
    leave(outer)
    return Pattern(kind, span(from: start))
  }

  private mutating func literalPattern() throws(Failure) -> Pattern.Kind {
    let low = try patternLiteral()
    guard token.is(.range) || token.is(.closedRange), !isAtNewline else { return .literal(low) }
    let isClosed = token.is(.closedRange)
    advance()
    return .range(low, try patternLiteral(), closed: isClosed)
  }

  private mutating func patternLiteral() throws(Failure) -> Expression {
    switch token.kind {
    case .integer, .float, .duration, .size, .string, .symbol(.minus): break
    case .keyword(let keyword) where [.none, .true, .false].contains(keyword): break
    case .interpolation:
      throw failure(
        "E0225", "an f-string cannot be a pattern", hint: "bind a name and compare it after `if`")
    default: throw expected("a pattern")
    }
    let isNegative = token.is(.minus)
    let value = try patternOperand()
    if isNegative {
      guard case .unary(.minus, let inner) = value.kind else { return value }
      switch inner.kind {
      case .int(let number): return Expression(.int(-number), value.span)
      case .float(let number): return Expression(.float(-number), value.span)
      case .duration(let seconds): return Expression(.duration(-seconds), value.span)
      default:
        throw failure("E0225", "only a number can be negative", at: value.span)
      }
    }
    return value
  }

  /// One literal, without operators but with its sign.
  private mutating func patternOperand() throws(Failure) -> Expression {
    guard token.is(.minus) else { return try literalOperand() }
    return try binary(.power)
  }

  private mutating func literalOperand() throws(Failure) -> Expression {
    let value = try postfix()
    switch value.kind {
    case .call, .member, .index:
      throw failure(
        "E0225", "a pattern holds names and literals, not calls or fields", at: value.span,
        hint: "bind a name and test it: x if x == limit -> …")
    default: return value
    }
  }

  private mutating func listPattern() throws(Failure) -> Pattern.Kind {
    let flags = openBracket()
    advance()
    var patterns: [Pattern] = []
    var rest: (position: Int, name: Name?)?
    while !token.is(.closeBracket) {
      if token.is(.range) {
        if rest != nil {
          throw failure("E0225", "a list pattern has one rest", hint: "remove one of the `..`")
        }
        advance()
        rest = (patterns.count, nil)
        if case .name(let text) = token.kind {
          if text != "_" { rest = (patterns.count, Name(text, token.span)) }
          advance()
        }
      } else {
        patterns.append(try pattern())
      }
      if !take(.comma) { break }
    }
    guard token.is(.closeBracket) else { throw expected("`,` or `]`", hint: adjacentHint) }
    closeBracket(flags)
    return .list(patterns, rest: rest)
  }

  private mutating func recordPattern() throws(Failure) -> Pattern.Kind {
    let flags = openBracket()
    advance()
    var fields: [(key: Name, pattern: Pattern)] = []
    while !token.is(.closeBrace) {
      if token.is(.range) {
        advance()
        if case .name = token.kind {
          throw failure(
            "E0225", "a record pattern cannot name the rest",
            hint: "write `..` alone, or bind the whole record")
        }
        if !take(.comma) { break }
        continue
      }
      let key: Name
      let isString: Bool
      switch token.kind {
      case .string(let text): (key, isString) = (Name(text, token.span), true)
      default:
        guard let word = token.word else { throw expected("a field name") }
        (key, isString) = (Name(word, token.span), false)
      }
      let isReserved: Bool
      if case .keyword = token.kind { isReserved = true } else { isReserved = false }
      advance()
      if take(.colon) {
        fields.append((key, try pattern()))
      } else if isString || isReserved {
        throw expected("`:` and a pattern", hint: "write {\"\(key.text)\": name}")
      } else {
        fields.append((key, Pattern(.binding(key.text), key.span)))
      }
      if !take(.comma) { break }
    }
    guard token.is(.closeBrace) else { throw expected("`,` or `}`", hint: adjacentHint) }
    closeBracket(flags)
    return .record(fields)
  }
}
