/// What to write instead of the words and signs of other languages.
extension Parser {
  private static let statementWords: [String: String] = [
    "def": "a function is written fn name(x) { … }",
    "function": "a function is written fn name(x) { … }",
    "func": "a function is written fn name(x) { … }",
    "fun": "a function is written fn name(x) { … }",
    "import": "write `use stats`, or use \"./file.mdm\" as name",
    "from": "write `use stats: mean, std`",
    "require": "write `use stats`",
    "const": "write `let`",
    "auto": "write `let`",
    "local": "write `let`",
    "class": "there are no classes; use records and functions",
    "struct": "there are no structures; use records and functions",
    "switch": "write match x { pattern -> value }",
    "raise": "write error(\"message\", hint: \"…\")",
    "throw": "write error(\"message\", hint: \"…\")",
    "del": "write r.remove(\"key\")",
    "global": "an inner block may assign an outer `var` without saying so",
    "nonlocal": "an inner block may assign an outer `var` without saying so",
    "elif": "write `} else if … {` on one line",
    "unless": "write `if not … {`",
    "until": "write `while not … {`",
    "loop": "write `while true {`",
    "async": "there are no asynchronous functions",
    "export": "write `pub fn …`",
    "with": "write `defer { … }` for what must run at the end of a block",
    "finally": "what must always run is written `defer { … }`",
  ]

  private static let operandWords: [String: String] = [
    "lambda": "write fn(x) x + 1",
    "new": "values are made by plain calls, leave out `new`",
    "await": "calls wait by themselves, leave out `await`",
    "async": "there are no asynchronous functions",
    "typeof": "write type(x)",
  ]

  /// Stops at a statement that begins with a word of another language.
  func foreignStatement(_ text: String) throws(Failure) {
    guard let hint = Self.statementWords[text] else { return }
    let next = token(after: 1)
    guard !next.newlineBefore, !next.is(.in), !next.is(.and), !next.is(.or) else { return }
    switch next.kind {
    case .name, .string, .keyword: break
    case .symbol(.openBrace): break
    default: return
    }
    throw failure("E0205", "`\(text)` is not a word of the language", hint: hint)
  }

  /// Stops at an operand that begins with a word of another language.
  func foreignOperand(_ text: String, _ next: Token, isSameLine: Bool) throws(Failure) {
    guard isSameLine else { return }
    switch next.kind {
    case .string, .interpolation:
      if next.span.start == token.span.end {
        throw failure(
          "E0205", "`\(text)` is not a prefix of strings",
          hint: "f\"…\" interpolates, r\"…\" keeps backslashes")
      }
    case .name, .symbol(.colon): break
    case .symbol(.openParenthesis):
      let isFunction = ["function", "func", "def", "lambda"].contains(text)
      guard isFunction, isBudget(at: index + 1) else { return }
      throw failure("E0205", "a function begins with `fn`", hint: "write fn(x) { … }")
    case .symbol(.fatArrow), .symbol(.arrow):
      if next.is(.fatArrow) {
        throw failure("E0205", "a function begins with `fn`", hint: "write fn(\(text)) …")
      }
      return
    default: return
    }
    if next.is(.colon), text != "lambda" { return }
    guard let hint = Self.operandWords[text] else { return }
    throw failure("E0205", "`\(text)` is not a word of the language", hint: hint)
  }

  /// A block that should begin here.
  func missingBlock(_ what: String) -> Failure {
    if token.is(.openBrace) {
      return failure(
        "E0212", "the `{` of \(what) must stand on the same line",
        hint: "a new line ends the statement before it")
    }
    if token.is(.colon) {
      return failure("E0212", "a block stands in braces", hint: "write \(example(what)) { … }")
    }
    if token.isName("then") || token.isName("do") {
      return failure(
        "E0212", "a block stands in braces, without `\(token.word ?? "")`",
        hint: "write \(example(what)) { … }")
    }
    if case .invalid = token.kind { return Failure(diagnostic: nil) }
    let isLate = token.isEnd || isAtNewline
    return failure(
      "E0212", "\(what) needs a block in braces",
      at: isLate ? Span(max(0, previousEnd - 1), previousEnd) : token.span,
      hint: "write \(example(what)) { … }")
  }

  private func example(_ what: String) -> String {
    switch what {
    case "`if`": "if x > 0"
    case "`for`": "for x in xs"
    case "`while`": "while x > 0"
    case "`match`": "match x"
    case "`catch`": "catch e"
    default: what.filter { $0 != "`" }
    }
  }

  /// Something stands behind a complete statement on its line.
  func leftOver() -> Failure {
    let previous = index > 0 ? tokens[index - 1] : token
    switch token.kind {
    case .invalid: return Failure(diagnostic: nil)
    case .symbol(let symbol): return leftOverSymbol(symbol)
    case .keyword(.if):
      return failure(
        "E0227", "`if` cannot follow a value",
        hint: "write if condition { a } else { b }")
    case .keyword(.for):
      return failure("E0227", "`for` cannot follow a value", hint: "write xs |> map(fn(x) …)")
    case .keyword(.else):
      return failure("E0227", "this `else` has no `if`", hint: "write if c { a } else { b }")
    case .name, .string, .interpolation, .integer, .float, .keyword(.not), .keyword(.fn):
      if case .name(let callee) = previous.kind {
        let text = source.text(Int(token.span.start)..<Int(token.span.end))
        return failure(
          "E0227", "\(found) cannot follow `\(callee)`",
          hint: "a call has parentheses: \(callee)(\(text.count < 24 ? text : "…"))")
      }
    default: break
    }
    return failure(
      "E0227", "expected the end of the statement, found \(found)",
      hint: "write one statement a line, or is an operator missing?")
  }

  private func leftOverSymbol(_ symbol: Symbol) -> Failure {
    switch symbol {
    case .assign, .walrus:
      return failure(
        "E0213", "an assignment is a statement of its own", hint: "write `==` to compare")
    case .tolerance:
      return failure(
        "E0211", "`+-` only follows `~=`", hint: "write `+ -x` with a space, or `a ~= b +- 0.1`")
    case .comma:
      return failure(
        "E0227", "values are not separated by commas here", hint: "a list is written [a, b]")
    case .arrow, .fatArrow:
      return failure("E0227", "a function begins with `fn`", hint: "write fn(x) x + 1")
    case .openBrace:
      return failure(
        "E0212", "a block cannot follow this",
        hint: "a block follows fn(…), if, else, for, while, match, try, catch, defer or budget(…)")
    case .colon:
      return failure(
        "E0227", "`:` has no meaning here",
        hint: index >= 2 && tokens[index - 2].is(.openBrace)
          ? "the `{` begins a block; a record in its place has parentheses: fn(x) ({a: x})"
          : "blocks stand in braces; a type stands in a declaration: let x: Int = 1")
    case .increment: return failure("E0204", "there is no `++`", hint: "write `+= 1`")
    case .bar:
      return failure("E0204", "`|` is not an operator", hint: "write `or`, or `|>` for a pipe")
    default:
      if symbol.assignmentOperator != nil {
        return failure("E0213", "an assignment is a statement of its own")
      }
      return failure("E0227", "expected the end of the statement, found \(found)")
    }
  }
}
