extension Parser {
  /// An operand with the calls, indices and fields that follow it.
  mutating func postfix() throws(Failure) -> Expression {
    var base = try primary()
    while true {
      guard case .symbol(let symbol) = token.kind else { return base }
      switch symbol {
      case .openParenthesis where !isAtNewline:
        try rejectFieldFunction(base)
        let list = try arguments()
        base = try make(.call(base, list), span(from: Int(base.span.start)))
      case .openBracket where !isAtNewline:
        try rejectFieldFunction(base)
        base = try subscripted(base)
      case .dot:
        try rejectFieldFunction(base)
        advance()
        guard let word = token.word, !isAtNewline else {
          throw expected("a field name after `.`", hint: digitsHint)
        }
        let name = Name(word, token.span)
        advance()
        base = try make(.member(base, name), span(from: Int(base.span.start)))
      case .questionDot:
        throw failure(
          "E0204", "there is no `?.`", hint: "write `r.field ?? default` or r.get(\"field\")")
      case .exclamation where !isAtNewline:
        throw failure("E0204", "`!` is not an operator", hint: "write `not x` or `!=`")
      default: return base
      }
    }
  }

  private var digitsHint: String? {
    if case .integer = token.kind { return "an element is taken with brackets: xs[0]" }
    return nil
  }

  private func rejectFieldFunction(_ base: Expression) throws(Failure) {
    guard case .fieldFunction(let name) = base.kind, base.span != lastParentheses else { return }
    throw failure(
      "E0216", "`.\(name.text)` stands alone, nothing may follow it", at: base.span,
      hint: "write fn(r) r.\(name.text) and go on from there")
  }

  private mutating func subscripted(_ base: Expression) throws(Failure) -> Expression {
    let flags = openBracket()
    advance()
    allowsOpenRange = true
    let key = try indexKey()
    if token.is(.comma) {
      throw failure(
        "E0201", "one index at a time", hint: "write t[i][j]")
    }
    if token.is(.colon) {
      throw failure("E0204", "a slice is written with `..`", hint: "write xs[1..3]")
    }
    guard token.is(.closeBracket) else { throw expected("`]`") }
    closeBracket(flags)
    return try make(.index(base, key), span(from: Int(base.span.start)))
  }

  private mutating func indexKey() throws(Failure) -> Expression {
    let start = Int(token.span.start)
    guard token.is(.range) || token.is(.closedRange) else {
      if token.is(.closeBracket) { throw expected("an index") }
      return try expression()
    }
    let isClosed = token.is(.closedRange)
    advance()
    let high = token.is(.closeBracket) ? nil : try binary(.additive)
    return try rangeTail(nil, high, isClosed, start: start)
  }

  /// Sets the rules inside brackets and returns those outside.
  mutating func openBracket() -> (Bool, Bool, Bool) {
    let flags = (endsAtNewline, allowsRecord, allowsOpenRange)
    (endsAtNewline, allowsRecord, allowsOpenRange) = (false, true, false)
    return flags
  }

  /// Takes the closing bracket and restores the rules outside.
  mutating func closeBracket(_ flags: (Bool, Bool, Bool)) {
    advance()
    (endsAtNewline, allowsRecord, allowsOpenRange) = flags
  }

  // MARK: Operands

  private mutating func primary() throws(Failure) -> Expression {
    let span = token.span
    let kind: Expression.Kind
    switch token.kind {
    case .integer(let magnitude):
      guard magnitude <= UInt64(Int64.max) else {
        throw failure(
          "E0102", "this number is too large for an Int",
          hint: "the largest Int is 9223372036854775807; write a Float as 1e19")
      }
      kind = .int(Int64(magnitude))
    case .float(let value): kind = .float(value)
    case .duration(let seconds): kind = .duration(seconds)
    case .size(let bytes): kind = .size(bytes)
    case .string(let text): kind = .string(text)
    case .interpolation(let pieces): return try interpolation(pieces)
    case .name(let text): return try named(text)
    case .keyword(let keyword): return try keywordOperand(keyword)
    case .symbol(let symbol): return try symbolOperand(symbol)
    case .invalid: throw Failure(diagnostic: nil)
    case .end: throw expected("a value")
    }
    advance()
    return try make(kind, span)
  }

  private mutating func named(_ text: String) throws(Failure) -> Expression {
    let span = token.span
    let next = token(after: 1)
    let isSameLine = !(endsAtNewline && next.newlineBefore)
    if text == "spawn", isSameLine, isSpawn(next) { return try spawned() }
    if text == "mix", next.is(.openBrace), isSameLine, allowsRecord { return try mixture() }
    if text == "budget", next.is(.openParenthesis), isBudget(at: index + 1), allowsRecord {
      let start = Int(span.start)
      let kind = try budget()
      let whole = self.span(from: start)
      return try make(.block(Block([Statement(kind, whole)], whole)), whole)
    }
    try foreignOperand(text, next, isSameLine: isSameLine)
    advance()
    return try make(.name(text), span)
  }

  /// `spawn` is a word of the language in front of what it starts, else a name.
  private func isSpawn(_ next: Token) -> Bool {
    switch next.kind {
    case .name: !next.isName("by")
    case .keyword(let keyword): keyword == .fn
    default: false
    }
  }

  private mutating func spawned() throws(Failure) -> Expression {
    let start = Int(token.span.start)
    advance()
    // A second `spawn` would be a job that does nothing but start another.
    let isOperand = !token.isName("spawn")
    if isOperand, case .name = token.kind {
      let call = try postfix()
      if case .call = call.kind { return try make(.spawn(call), span(from: start)) }
    }
    throw failure(
      "E0228", "`spawn` starts a call", at: span(from: start),
      hint: "write spawn f(x), and spawn(fn() …) for anything else, a pipe for example")
  }

  private mutating func keywordOperand(_ keyword: Keyword) throws(Failure) -> Expression {
    let span = token.span
    switch keyword {
    case .true, .false:
      advance()
      return try make(.bool(keyword == .true), span)
    case .none:
      advance()
      return try make(.none, span)
    case .fn: return try unnamedFunction()
    case .if: return try conditional()
    case .match: return try matching()
    case .try: return try tryCatch()
    case .return:
      advance()
      let value = !isAtNewline && canBeginOperand ? try expression() : nil
      return try make(.return(value), self.span(from: Int(span.start)))
    case .break, .continue:
      advance()
      return try make(keyword == .break ? .break : .continue, span)
    case .let, .var, .for, .while, .defer, .assert, .expect:
      if endsAtNewline, token.newlineBefore { throw expected("a value") }
      throw failure(
        "E0224", "`\(keyword.rawValue)` is a statement and has no value",
        hint: "write it on a line of its own, in the braces of a block")
    case .else, .in, .and, .or, .not: throw expected("a value")
    }
  }

  private mutating func symbolOperand(_ symbol: Symbol) throws(Failure) -> Expression {
    switch symbol {
    case .openParenthesis: return try parenthesised()
    case .openBracket: return try list()
    case .openBrace:
      guard allowsRecord else {
        throw failure(
          "E0212", "a record in a condition stands in parentheses",
          hint: "write `if r == ({a: 1}) {`")
      }
      return try record()
    case .dot:
      let start = Int(token.span.start)
      advance()
      guard let word = token.word else {
        throw expected(
          "a field name after `.`",
          hint: digitsHint == nil ? nil : "a number begins with a digit: 0.5")
      }
      let name = Name(word, token.span)
      advance()
      return try make(.fieldFunction(name), span(from: start))
    case .range, .closedRange:
      throw failure(
        "E0220", "`..` has no left side here",
        hint: "a range is `a..b`; a spread stands first in a list, a record or a call")
    case .increment: throw failure("E0204", "there is no `++`", hint: "write `x += 1`")
    case .pipe:
      throw failure("E0215", "there is nothing before `|>`", hint: "put the input before it")
    default: throw expected("a value")
    }
  }

  private mutating func parenthesised() throws(Failure) -> Expression {
    let start = Int(token.span.start)
    let flags = openBracket()
    advance()
    if token.is(.closeParenthesis) {
      throw failure(
        "E0201", "there is no value in the parentheses",
        hint: "write `fn() …` for a function without parameters, `none` for no value")
    }
    var inner = try expression()
    if token.is(.comma) {
      throw failure("E0201", "there are no tuples", hint: "write a list: [a, b]")
    }
    if token.is(.fatArrow) || token.is(.arrow) {
      throw failure("E0205", "a function begins with `fn`", hint: "write fn(x) x + 1")
    }
    inner = try comparisonOfAssignment(inner)
    guard token.is(.closeParenthesis) else { throw expected("`)`", hint: adjacentHint) }
    closeBracket(flags)
    inner.span = span(from: start)
    lastParentheses = inner.span
    return inner
  }

  /// What to say where two operands stand side by side inside brackets.
  var adjacentHint: String? { canBeginOperand ? "is a comma or an operator missing?" : nil }

  private mutating func list() throws(Failure) -> Expression {
    let start = Int(token.span.start)
    let flags = openBracket()
    advance()
    var elements: [Element] = []
    while !token.is(.closeBracket) {
      let isSpread = take(.range)
      elements.append(Element(try expression(), isSpread: isSpread))
      if token.is(.for) {
        throw failure(
          "E0205", "there are no list comprehensions",
          hint: "write xs |> map(fn(x) …), with filter(…) for a condition")
      }
      if !take(.comma) { break }
    }
    guard token.is(.closeBracket) else { throw expected("`,` or `]`", hint: adjacentHint) }
    closeBracket(flags)
    return try make(.list(elements), span(from: start))
  }

  private mutating func record() throws(Failure) -> Expression {
    let start = Int(token.span.start)
    let fields = try fields(inMixture: false)
    return try make(.record(fields), span(from: start))
  }

  private mutating func mixture() throws(Failure) -> Expression {
    let start = Int(token.span.start)
    advance()
    let fields = try fields(inMixture: true)
    return try make(.mixture(fields), span(from: start))
  }

  private mutating func fields(inMixture: Bool) throws(Failure) -> [Field] {
    let flags = openBracket()
    advance()
    var fields: [Field] = []
    while !token.is(.closeBrace) {
      if token.is(.range) {
        if inMixture {
          throw failure(
            "E0220", "a mixture names all its domains, a spread is not allowed",
            hint: "write every domain with its weight")
        }
        advance()
        fields.append(Field(.spread, try expression()))
      } else {
        fields.append(try field(inMixture: inMixture))
      }
      if !take(.comma) { break }
    }
    guard token.is(.closeBrace) else { throw expected("`,` or `}`", hint: adjacentHint) }
    closeBracket(flags)
    return fields
  }

  private mutating func field(inMixture: Bool) throws(Failure) -> Field {
    let key = try fieldKey()
    if token.is(.assign) || token.is(.fatArrow) {
      report(
        "E0219", "a field is written with `:`", hint: "write {name: value}")
      advance()
    } else if !take(.colon) {
      if case .name(let name) = key, token.is(.comma) || token.is(.closeBrace) {
        throw failure(
          "E0219", "the field `\(name.text)` has no value", at: name.span,
          hint: "write {\(name.text): \(name.text)}; a set of values is a list: [a, b]")
      }
      throw expected("`:` after the field name")
    }
    return Field(key, try expression())
  }

  private mutating func fieldKey() throws(Failure) -> Field.Key {
    let next = token(after: 1)
    let span = token.span
    switch token.kind {
    case .keyword(let keyword) where keyword == .true || keyword == .false:
      advance()
      return .literal(Expression(.bool(keyword == .true), span))
    case .keyword(.let), .keyword(.var), .keyword(.for), .keyword(.while), .keyword(.return),
      .keyword(.if):
      guard !next.is(.colon) else { break }
      throw failure(
        "E0212", "this `{` begins a record, and `\(token.word ?? "")` cannot stand in it",
        hint: "there are no bare blocks; a block follows fn, if, for, while, match, try or defer")
    case .string(let text):
      advance()
      return .literal(Expression(.string(text), span))
    case .integer, .symbol(.minus):
      let value = try prefixedInteger()
      return .literal(value)
    case .float:
      throw failure(
        "E0219", "a Float cannot be a key", hint: "keys are String, Int or Bool: \"0.5\"")
    case .symbol(.openBracket):
      throw failure(
        "E0219", "a key is written out", hint: "set a computed one afterwards: r[key] = value")
    default: break
    }
    guard let word = token.word else {
      throw expected("a field name", hint: "write {name: value} or {\"any text\": value}")
    }
    advance()
    return .name(Name(word, span))
  }

  private mutating func prefixedInteger() throws(Failure) -> Expression {
    let value = try binary(.minus)
    switch value.kind {
    case .int: return value
    case .unary(.minus, let inner):
      if case .int(let number) = inner.kind { return Expression(.int(-number), value.span) }
    default: break
    }
    throw failure(
      "E0219", "this cannot be a key", at: value.span, hint: "keys are String, Int or Bool")
  }

  private mutating func interpolation(_ pieces: [Token.Piece]) throws(Failure) -> Expression {
    let whole = token.span
    let result = try parsed(pieces)
    advance()
    return try make(.interpolation(result), whole)
  }

  private mutating func parsed(
    _ pieces: [Token.Piece]
  ) throws(Failure) -> [InterpolationPiece] {
    var result: [InterpolationPiece] = []
    for piece in pieces {
      switch piece {
      case .text(let text): result.append(.text(text))
      case .value(let inner, let format, _):
        if inner.count > 1 { result.append(.value(try nested(inner), format: format)) }
      case .formatted(let inner, let format, _):
        if inner.count > 1 {
          result.append(.formatted(try nested(inner), format: try parsed(format)))
        }
      }
    }
    return result
  }

  /// The one expression of tokens inside an f-string.
  private mutating func nested(_ inner: [Token]) throws(Failure) -> Expression {
    let outer = (tokens, index, brackets)
    let depth = blockDepth
    let flags = openBracket()
    tokens = inner
    index = 0
    brackets = BracketMatcher(inner, source)
    blockDepth = 0
    func restore(_ parser: inout Parser) {
      (parser.tokens, parser.index, parser.brackets) = outer
      parser.blockDepth = depth
      (parser.endsAtNewline, parser.allowsRecord, parser.allowsOpenRange) = flags
    }
    do throws(Failure) {
      let value = try expression()
      guard token.isEnd else {
        throw expected(
          "`}`",
          hint: token.is(.assign) ? "only a value stands in an f-string" : adjacentHint)
      }
      restore(&self)
      return value
    } catch {
      restore(&self)
      throw error
    }
  }
}
