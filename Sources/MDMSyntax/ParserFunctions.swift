extension Parser {
  /// A name that a declaration introduces.
  mutating func declaredName(
    _ what: String, onNextLine: Bool = false
  ) throws(Failure) -> Name {
    let isAtNewline = isAtNewline && !onNextLine
    switch token.kind {
    case .name(let text) where !isAtNewline:
      let name = Name(text, token.span)
      if text == "_" {
        throw failure("E0221", "`_` cannot name \(what)", hint: "give it a name")
      }
      advance()
      return name
    case .keyword(let keyword) where !isAtNewline:
      throw failure(
        "E0221", "`\(keyword.rawValue)` is a reserved word and cannot name \(what)",
        hint: "try `\(keyword.rawValue)_`")
    default: throw expected("a name for \(what)")
    }
  }

  /// `fn name(…) …` as a statement.
  mutating func namedFunction(isPublic: Bool) throws(Failure) -> Statement.Kind {
    advance()
    let name = try declaredName("a function")
    guard token.is(.openParenthesis), !isAtNewline else {
      throw expected("`(` after the function's name", hint: "write fn \(name.text)() { … }")
    }
    let parameters = try parameters()
    let result = try resultType()
    let body = try functionBody("`fn \(name.text)`")
    return .function(
      name, FunctionExpression(parameters: parameters, result: result, body: body),
      isPublic: isPublic)
  }

  /// `reward fn name(completion, example) -> lo..hi { }`.
  mutating func reward(isPublic: Bool) throws(Failure) -> Statement.Kind {
    advance()
    guard take(.fn) else {
      throw expected(
        "`fn` after `reward`", hint: "write reward fn name(completion, example) -> 0..1")
    }
    let name = try declaredName("a reward")
    guard token.is(.openParenthesis), !isAtNewline else {
      throw expected("`(` after the reward's name")
    }
    let parameters = try parameters()
    let example = "write reward fn \(name.text)(completion, example) -> 0..1 { … }"
    guard take(.arrow) else {
      throw failure("E0223", "a reward states its range", at: name.span, hint: example)
    }
    let allowed = allowsRecord
    allowsRecord = false
    let low = try binary(.additive)
    guard token.is(.range) || token.is(.closedRange) else {
      throw expected("`..` and the highest reward", hint: example)
    }
    advance()
    let high = try binary(.additive)
    allowsRecord = allowed
    let body = try functionBody("`reward fn \(name.text)`")
    let function = FunctionExpression(parameters: parameters, result: nil, body: body)
    return .reward(name, function, low: low, high: high, isPublic: isPublic)
  }

  /// `fn(…) …` as a value.
  mutating func unnamedFunction() throws(Failure) -> Expression {
    let start = Int(token.span.start)
    advance()
    if let word = token.word, token(after: 1).is(.openParenthesis) {
      throw failure(
        "E0224", "a named function is a statement", hint: "leave out the name `\(word)` here")
    }
    guard token.is(.openParenthesis) else {
      throw expected("`(` after `fn`", hint: "write fn(x) x + 1")
    }
    let parameters = try parameters()
    let result = try resultType()
    let body = try functionBody("`fn`")
    let function = FunctionExpression(parameters: parameters, result: result, body: body)
    return try make(.function(function), span(from: start))
  }

  private mutating func parameters() throws(Failure) -> [Parameter] {
    let flags = openBracket()
    advance()
    var list: [Parameter] = []
    while !token.is(.closeParenthesis) {
      let isRest = take(.range)
      if token.is(.star) || token.is(.power) {
        throw failure("E0220", "a rest parameter is written with `..`", hint: "write ..rest")
      }
      let name = try declaredName("a parameter")
      let type = take(.colon) ? try typeAnnotation() : nil
      let value = take(.assign) ? try expression() : nil
      list.append(Parameter(name, type: type, defaultValue: value, isRest: isRest))
      if !take(.comma) { break }
    }
    guard token.is(.closeParenthesis) else { throw expected("`,` or `)`") }
    closeBracket(flags)
    return list
  }

  private mutating func resultType() throws(Failure) -> TypeAnnotation? {
    if token.is(.colon), token(after: 1).word?.first?.isUppercase == true, !isAtNewline {
      throw failure(
        "E0201", "the result type stands after `->`", hint: "write fn f(x) -> Int { … }")
    }
    return take(.arrow) ? try typeAnnotation() : nil
  }

  /// `Int`, `Int | None`.
  mutating func typeAnnotation() throws(Failure) -> TypeAnnotation {
    let start = Int(token.span.start)
    var names: [Name] = []
    repeat {
      guard case .name(let text) = token.kind else {
        let hint: String? =
          switch token.kind {
          case .keyword(.none): "the type of none is `None`"
          case .keyword(.fn): "the type of functions is `Function`"
          case .integer, .float: "only a `reward fn` states a range"
          default: nil
          }
        throw expected("a type", hint: hint)
      }
      names.append(Name(text, token.span))
      advance()
    } while take(.bar)
    if token.is(.openBracket) || token.is(.less), !isAtNewline {
      throw failure("E0201", "types have no parameters", hint: "write the plain name, such as List")
    }
    if token.is(.question), !isAtNewline {
      throw failure("E0204", "there is no `?` type", hint: "write `\(names[0].text) | None`")
    }
    return TypeAnnotation(names, span(from: start))
  }

  private mutating func functionBody(_ what: String) throws(Failure) -> Block {
    if token.is(.openBrace), !isAtNewline { return try block(what) }
    if token.isEnd || isAtNewline || !canBeginOperand {
      if token.is(.openBrace) { throw missingBlock(what) }
      if token.is(.colon) || token.is(.fatArrow) || token.is(.assign) {
        throw failure(
          "E0224", "the body of \(what) follows without `\(tokenText)`",
          hint: "write fn f(x) x + 1, or fn f(x) { … }")
      }
      throw failure(
        "E0224", "\(what) has no body", at: span(from: max(0, previousEnd - 1)),
        hint: "the body begins on the same line: fn f(x) x + 1, or fn f(x) { … }")
    }
    let value = try expression()
    if token.is(.assign) || isAssignment, !isAtNewline {
      throw failure(
        "E0213", "an assignment has no value", hint: "put it in braces: fn(x) { y = x }")
    }
    return Block([Statement(.expression(value), value.span)], value.span)
  }

  private var tokenText: String { source.text(Int(token.span.start)..<Int(token.span.end)) }

  /// Whether an operator such as `+=` stands here.
  var isAssignment: Bool {
    if case .symbol(let symbol) = token.kind { return symbol.assignmentOperator != nil }
    return false
  }

  /// What stands in the parentheses of a call.
  mutating func arguments() throws(Failure) -> [Argument] {
    let flags = openBracket()
    advance()
    var list: [Argument] = []
    var hasNamed = false
    while !token.is(.closeParenthesis) {
      let argument = try argument()
      switch argument.kind {
      case .named, .namedPlaceholder: hasNamed = true
      case .positional, .placeholder:
        if hasNamed {
          report(
            "E0209", "an argument without a name stands after one with a name",
            at: argument.value.span, hint: "put it before the named ones, or give it a name too")
        }
      case .spread: break
      }
      list.append(argument)
      if !take(.comma) { break }
    }
    guard token.is(.closeParenthesis) else {
      if token.is(.for) {
        throw failure(
          "E0205", "there are no comprehensions", hint: "write xs |> map(fn(x) …)")
      }
      throw expected("`,` or `)`", hint: adjacentHint)
    }
    closeBracket(flags)
    return list
  }

  private mutating func argument() throws(Failure) -> Argument {
    if take(.range) { return Argument(.spread, try expression()) }
    if token.is(.star) || token.is(.power) {
      throw failure("E0220", "a spread is written with `..`", hint: "write f(..options)")
    }
    let next = token(after: 1)
    if let word = token.word, next.is(.colon) || next.is(.assign) {
      let name = Name(word, token.span)
      if next.is(.assign) {
        report(
          "E0207", "named arguments are written `\(word): value`",
          at: token.span.through(next.span), hint: "write \(word): instead of \(word) =",
          fix: Diagnostic.Fix("write `\(word):`", token.span.through(next.span), "\(word):"))
      }
      advance()
      advance()
      if let place = placeholder() { return Argument(.namedPlaceholder(name), place) }
      return Argument(.named(name), try expression())
    }
    if let place = placeholder() { return Argument(.placeholder, place) }
    return Argument(.positional, try expression())
  }

  /// `_` as a whole argument.
  private mutating func placeholder() -> Expression? {
    let next = token(after: 1)
    guard token.isName("_"), next.is(.comma) || next.is(.closeParenthesis) else { return nil }
    let span = token.span
    advance()
    return Expression(.missing, span)
  }
}
