extension Parser {
  /// `if … { } else { }`.
  mutating func conditional() throws(Failure) -> Expression {
    let start = Int(token.span.start)
    let outer = try enter()
    advance()
    let condition = try condition()
    let then = try block("`if`")
    var otherwise: Expression?
    if token.isName("elif") || token.isName("elsif") || token.isName("elseif"), !isAtNewline {
      report(
        "E0205", "`\(token.word ?? "")` is not a word of the language", hint: "write `else if`")
      otherwise = try conditional()
    } else if take(.else) {
      if token.is(.if), !isAtNewline {
        otherwise = try conditional()
      } else {
        let body = try block("`else`")
        otherwise = try make(.block(body), body.span)
      }
    }
    let result = try make(
      .if(condition, then: then, otherwise: otherwise), span(from: start))
    leave(outer)
    return result
  }

  /// `try { } catch e { }`.
  mutating func tryCatch() throws(Failure) -> Expression {
    let start = Int(token.span.start)
    advance()
    let body = try block("`try`")
    guard takeName("catch") else {
      let isNext = token.isName("catch") && token.newlineBefore
      throw failure(
        isNext ? "E0214" : "E0226",
        isNext ? "`catch` must stand on the line of the `}` before it" : "`try` needs a `catch`",
        at: isNext ? token.span : Span(start, start + 3),
        hint: token.isName("finally")
          ? "what must always run is written `defer { … }`" : "write try { … } catch e { … }")
    }
    var name: Name?
    if token.is(.openParenthesis) {
      throw failure("E0226", "the error stands without parentheses", hint: "write catch e { … }")
    }
    if !token.is(.openBrace) { name = try declaredName("the error") }
    let handler = try block("`catch`")
    return try make(.tryCatch(body, error: name, handler: handler), span(from: start))
  }

  /// `match … { pattern -> value }`.
  mutating func matching() throws(Failure) -> Expression {
    let start = Int(token.span.start)
    advance()
    let subject = try condition()
    guard token.is(.openBrace), !isAtNewline else { throw missingBlock("`match`") }
    let flags = (endsAtNewline, allowsRecord, allowsOpenRange)
    (endsAtNewline, allowsRecord, allowsOpenRange) = (true, true, false)
    advance()
    var arms: [MatchArm] = []
    while !token.is(.closeBrace) {
      arms.append(try arm())
      if take(.comma) || token.newlineBefore || token.is(.closeBrace) { continue }
      throw expected("a new line or `,` after the arm", hint: adjacentHint)
    }
    advance()
    (endsAtNewline, allowsRecord, allowsOpenRange) = flags
    if arms.isEmpty {
      throw failure(
        "E0226", "`match` has no arms", at: span(from: start),
        hint: "write match x { 1 -> \"one\", _ -> \"many\" }")
    }
    return try make(.match(subject, arms), span(from: start))
  }

  private mutating func arm() throws(Failure) -> MatchArm {
    if token.is(.else) || token.isName("default") || token.isName("case") {
      let isCase = token.isName("case")
      let next = token(after: 1)
      if !isCase || next.word != nil || !next.is(.arrow) && !next.is(.bar) && !next.is(.if) {
        throw failure(
          "E0226", "an arm begins with its pattern",
          hint: isCase ? "leave out `case`" : "write `_ ->`"
        )
      }
    }
    let pattern = try pattern()
    var guardCondition: Expression?
    if take(.if) { guardCondition = try condition() }
    if token.is(.fatArrow) || token.is(.colon) {
      report("E0226", "an arm is written with `->`", hint: "write pattern -> value")
      advance()
    } else if !take(.arrow) {
      throw expected("`->` after the pattern", hint: "write pattern -> value")
    }
    let value: Expression
    if token.is(.openBrace) {
      let body = try block("the arm")
      value = try make(.block(body), body.span)
    } else {
      value = try expression()
      if token.is(.assign) || isAssignment, !isAtNewline {
        throw failure(
          "E0213", "an assignment has no value", hint: "put it in braces: pattern -> { x = 1 }")
      }
    }
    return MatchArm(pattern, guardCondition: guardCondition, value: value)
  }
}
