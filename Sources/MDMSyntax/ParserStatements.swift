extension Parser {
  /// Statements up to a closing brace or the end of the text.
  mutating func statements() -> [Statement] {
    var list: [Statement] = []
    while !token.isEnd, !isStopped {
      if token.is(.closeBrace) {
        if blockDepth > 0 { break }
        advance()
        continue
      }
      if token.is(.semicolon) {
        semicolon()
        continue
      }
      let start = index
      let outerNesting = nesting
      let outerHeight = height
      height = 0
      do throws(Failure) {
        let statement = try statement()
        try endOfStatement()
        list.append(statement)
      } catch {
        nesting = outerNesting
        endsAtNewline = true
        allowsRecord = true
        allowsOpenRange = false
        recover(from: start, error)
      }
      height = max(outerHeight, height)
    }
    return list
  }

  private mutating func semicolon() {
    let next = token(after: 1)
    let isLastOfLine = next.newlineBefore || next.isEnd
    if !diagnostics.contains(where: { $0.code == "E0208" }) {
      report(
        "E0208", "a statement ends at the end of its line, not with `;`",
        hint: "remove the `;`, and write one statement a line",
        fix: isLastOfLine ? Diagnostic.Fix("remove the `;`", token.span, "") : nil)
    }
    advance()
  }

  private mutating func endOfStatement() throws(Failure) {
    if token.isEnd || token.newlineBefore && !token.is(.pipe) && !token.is(.dot) { return }
    if token.is(.closeBrace) || token.is(.semicolon) { return }
    throw leftOver()
  }

  /// A block in braces; `what` names what it belongs to.
  mutating func block(_ what: String) throws(Failure) -> Block {
    guard token.is(.openBrace), !isAtNewline else { throw missingBlock(what) }
    let start = Int(token.span.start)
    let outer = height
    height = 0
    let flags = (endsAtNewline, allowsRecord, allowsOpenRange)
    (endsAtNewline, allowsRecord, allowsOpenRange) = (true, true, false)
    advance()
    blockDepth += 1
    let list = statements()
    blockDepth -= 1
    (endsAtNewline, allowsRecord, allowsOpenRange) = flags
    if isStopped { throw Failure(diagnostic: nil) }
    guard token.is(.closeBrace) else { throw Failure(diagnostic: nil) }
    advance()
    height = max(outer, height + 1)
    return Block(list, span(from: start))
  }

  private mutating func statement() throws(Failure) -> Statement {
    let documentation = token.documentation
    let start = Int(token.span.start)
    let outer = try enter()
    let kind = try statementKind()
    leave(outer)
    return Statement(kind, span(from: start), documentation: documentation)
  }

  private mutating func statementKind() throws(Failure) -> Statement.Kind {
    switch token.kind {
    case .keyword(let keyword):
      if let kind = try keywordStatement(keyword) { return kind }
    case .name(let text):
      if let kind = try wordStatement(text) { return kind }
      try foreignStatement(text)
    case .symbol(.dot):
      throw failure(
        "E0216", "a statement cannot begin with `.`",
        hint: "a line that starts with `.` continues the one before; write fn(r) r.field")
    case .symbol(.pipe):
      return .expression(try leadingPipe())
    case .symbol(.floorDivide), .symbol(.slash):
      throw failure("E0205", "a comment begins with `#`", hint: "write `# …`")
    default: break
    }
    return try expressionStatement()
  }

  private mutating func keywordStatement(_ keyword: Keyword) throws(Failure) -> Statement.Kind? {
    switch keyword {
    case .let, .var: return try binding(isPublic: false)
    case .fn:
      guard token(after: 1).word != nil else { return nil }
      return try namedFunction(isPublic: false)
    case .for: return try forLoop()
    case .while:
      advance()
      let condition = try condition()
      return .while(condition, try block("`while`"))
    case .defer:
      advance()
      return .defer(try block("`defer`"))
    case .assert: return try assertion()
    case .expect: return try assertion()
    case .else:
      throw failure(
        "E0214", "`else` must stand on the line of the `}` before it",
        hint: "write `} else {` on one line")
    default: return nil
    }
  }

  /// Statements that begin with a word that may also be a name.
  private mutating func wordStatement(_ text: String) throws(Failure) -> Statement.Kind? {
    let next = token(after: 1)
    guard !next.newlineBefore else { return nil }
    let isFollowedByName = next.word != nil
    switch text {
    case "pub" where isFollowedByName: return try publicDeclaration()
    case "reward" where next.is(.fn): return try reward(isPublic: false)
    case "param":
      guard case .name = next.kind else { return nil }
      try requireTopLevel("`param`")
      return try parameterDeclaration()
    case "use":
      switch next.kind {
      case .name, .string: break
      default: return nil
      }
      try requireTopLevel("`use`")
      return try use()
    case "test":
      guard case .string(let name) = next.kind else { return nil }
      try requireTopLevel("`test`")
      advance()
      advance()
      return .test(name, try block("`test`"))
    case "budget" where next.is(.openParenthesis) && isBudget(at: index + 1): return try budget()
    case "catch" where next.is(.openBrace) || isFollowedByName:
      throw failure(
        "E0214", "`catch` must stand on the line of the `}` before it",
        hint: "write `} catch e {` on one line")
    default: return nil
    }
  }

  private mutating func requireTopLevel(_ what: String) throws(Failure) {
    guard blockDepth > 0 else { return }
    throw failure(
      "E0222", "\(what) stands only at the top level of a file",
      hint: "move it out of the braces")
  }

  private mutating func publicDeclaration() throws(Failure) -> Statement.Kind {
    try requireTopLevel("`pub`")
    advance()
    switch token.kind {
    case .keyword(.let), .keyword(.var): return try binding(isPublic: true)
    case .keyword(.fn): return try namedFunction(isPublic: true)
    case .name("reward"): return try reward(isPublic: true)
    default:
      throw expected(
        "`fn`, `let`, `var` or `reward fn` after `pub`", hint: "for example pub fn score(x) x + 1")
    }
  }

  private mutating func binding(isPublic: Bool) throws(Failure) -> Statement.Kind {
    let isMutable = token.is(.var)
    let word = isMutable ? "var" : "let"
    advance()
    if token.isName("mut"), case .name = token(after: 1).kind {
      throw failure("E0205", "there is no `let mut`", hint: "write `var` for what changes")
    }
    let pattern = try bindingPattern(after: word)
    if token.is(.comma), !isAtNewline {
      throw failure(
        "E0225", "one `\(word)` binds one pattern",
        hint: "write \(word) [a, b] = …, or two statements")
    }
    let type = take(.colon) ? try typeAnnotation() : nil
    if token.is(.walrus) {
      report("E0204", "a value is bound with `=`", hint: "write \(word) x = …")
      advance()
    } else if !take(.assign) {
      if token.isEnd || token.newlineBefore {
        throw failure(
          "E0223", "`\(word)` needs a value", at: pattern.span,
          hint: "write \(word) x = value; `none` stands for no value yet")
      }
      throw expected("`=`", hint: "write \(word) x = value")
    }
    let value = try expression()
    return .binding(pattern, mutable: isMutable, type: type, value: value, isPublic: isPublic)
  }

  private mutating func forLoop() throws(Failure) -> Statement.Kind {
    advance()
    if token.is(.openParenthesis) {
      throw failure(
        "E0225", "the loop variable stands without parentheses",
        hint: "write `for x in xs {` or `for k, v in record {`")
    }
    var patterns = [try bindingPattern(after: "for")]
    while take(.comma) { patterns.append(try bindingPattern(after: "for")) }
    guard take(.in) else {
      throw expected(
        "`in`", hint: "write `for x in xs {`, and `for i in 0..n {` to count")
    }
    let sequence = try condition()
    return .for(patterns, in: sequence, try block("`for`"))
  }

  /// `assert condition, message`, `expect condition`, either of them `across seeds(n): condition`.
  private mutating func assertion() throws(Failure) -> Statement.Kind {
    let isExpectation = token.is(.expect)
    let word = isExpectation ? "expect" : "assert"
    advance()
    var seeds: Expression?
    if token.isName("across"), token(after: 1).isName("seeds"), !isAtNewline {
      advance()
      advance()
      let example = "write \(word) across seeds(5): condition"
      guard take(.openParenthesis) else { throw expected("`(`", hint: example) }
      seeds = try expression()
      guard take(.closeParenthesis) else { throw expected("`)`", hint: example) }
      guard take(.colon) else { throw expected("`:`", hint: example) }
    }
    if token.isEnd || isAtNewline { throw expected("a condition after `\(word)`") }
    let condition = try comparisonOfAssignment(try expression())
    let message = take(.comma) ? try expression() : nil
    // Across seeds the condition is compiled as a function that gives a list.
    if seeds != nil { height += 2 }
    return .assert(
      Assertion(condition, message: message, seeds: seeds, isExpectation: isExpectation))
  }

  private mutating func parameterDeclaration() throws(Failure) -> Statement.Kind {
    advance()
    let name = try declaredName("a parameter")
    let type = take(.colon) ? try typeAnnotation() : nil
    guard take(.assign) else {
      throw failure(
        "E0223", "`param \(name.text)` needs a default value", at: name.span,
        hint: "write param \(name.text): Int = 100, \"what it is for\"")
    }
    let value = try expression()
    var help: String?
    if take(.comma) {
      guard case .string(let text) = token.kind else {
        throw expected("the help text", hint: "write it as a plain string after the comma")
      }
      help = text
      advance()
    }
    return .parameter(name, type: type, defaultValue: value, help: help)
  }

  private mutating func use() throws(Failure) -> Statement.Kind {
    advance()
    let module: Name
    var isPath = false
    switch token.kind {
    case .name(let text): module = Name(text, token.span)
    case .string(let text):
      module = Name(text, token.span)
      isPath = true
    default: throw expected("a module")
    }
    advance()
    var alias: Name?
    var members: [Name] = []
    if takeName("as") { alias = try declaredName("the module") }
    if take(.colon) {
      repeat {
        members.append(try declaredName("a member", onNextLine: !members.isEmpty))
      } while take(.comma)
    }
    if isPath, alias == nil, members.isEmpty {
      throw failure(
        "E0223", "a module file needs a name here", at: module.span,
        hint: "write use \"./x.mdm\" as x, or use \"./x.mdm\": member")
    }
    return .use(module: module, isPath: isPath, alias: alias, members: members)
  }

  /// Whether the parentheses that open at a token are followed by a block.
  func isBudget(at open: Int) -> Bool {
    guard let close = brackets.partner[open], close + 1 < tokens.count else { return false }
    return tokens[close + 1].is(.openBrace) && !tokens[close + 1].newlineBefore
  }

  mutating func budget() throws(Failure) -> Statement.Kind {
    advance()
    let limits = try arguments()
    return .budget(limits, try block("`budget`"))
  }

  private mutating func expressionStatement() throws(Failure) -> Statement.Kind {
    let target = try expression()
    guard case .symbol(let symbol) = token.kind, !isAtNewline else { return .expression(target) }
    let operation = symbol.assignmentOperator
    guard symbol == .assign || symbol == .walrus || operation != nil else {
      if symbol == .increment {
        throw failure("E0204", "there is no `++`", hint: "write `+= 1`")
      }
      return .expression(target)
    }
    switch target.kind {
    case .name, .member, .index: break
    default:
      throw failure(
        "E0213", "this cannot be assigned to", at: target.span,
        hint: "a name, a field or an index can: x = …, r.field = …, xs[i] = …")
    }
    if symbol == .walrus {
      report("E0204", "`:=` is not an operator", hint: "write let x = … or x = …")
    }
    advance()
    let value = try expression()
    if token.is(.assign), !isAtNewline {
      throw failure(
        "E0213", "an assignment has no value", hint: "write two statements, or `==` to compare")
    }
    return .assignment(target, operation, value)
  }

  /// `|> f` at the start of a chunk takes the last value of the session.
  private mutating func leadingPipe() throws(Failure) -> Expression {
    guard let name = options.lastValueName, index == 0 else {
      throw failure(
        "E0215", "there is nothing before `|>`",
        hint: "a line that starts with `|>` continues the expression of the line before")
    }
    let start = Int(token.span.start)
    let input = try make(.name(name), Span(start, start))
    return try binaryTail(input, .pipe)
  }
}
