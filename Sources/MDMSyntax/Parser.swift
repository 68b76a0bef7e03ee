/// Turns a source into a tree by recursive descent.
///
/// It reports up to ten errors and goes on after each at the next statement.
public struct Parser {
  /// What differs between a file and a REPL chunk or notebook cell.
  public struct Options: Sendable {
    /// The name that a leading `|>` takes as its input, `_` in the REPL; nil where it is an error.
    public var lastValueName: String?

    public init(lastValueName: String? = nil) {
      self.lastValueName = lastValueName
    }
  }

  /// More errors than this are not reported for one source.
  public static let maximumErrors = 10
  /// The greatest height of a tree, chains such as `a + b + …` and `x.f().g()` included.
  ///
  /// What walks a tree recursively may rely on it; half a megabyte of stack is enough for that.
  public static let maximumHeight = 256
  /// How deep brackets may be nested, a block counting twice; smaller than the height because the
  /// parser needs more stack for a level than those who walk the tree.
  public static let maximumNesting = 64

  let source: SourceText
  let options: Options
  var tokens: [Token]
  var index = 0
  var brackets: BracketMatcher
  var diagnostics: [Diagnostic]
  /// Whether a new line ends what is being read.
  var endsAtNewline = true
  /// Whether `{` begins a record where an operand is expected.
  var allowsRecord = true
  /// Whether a range may have an open end.
  var allowsOpenRange = false
  /// The number of enclosing blocks.
  var blockDepth = 0
  var nesting = 0
  /// The height of the tallest tree read since the innermost `enter`.
  var height = 0
  /// The last expression in parentheses; its span tells it from the same without.
  var lastParentheses = Span(-1, -1)
  var isStopped = false

  /// The tree of a source and what is wrong with it.
  ///
  /// The tree of a source with errors has `missing` expressions or lacks statements: it is for
  /// editors only.
  public static func parse(
    _ source: SourceText
  ) -> (tree: SyntaxTree, diagnostics: [Diagnostic]) {
    parse(source, options: Options())
  }

  /// The tree of a source and what is wrong with it, under the rules of the REPL or of files.
  public static func parse(
    _ source: SourceText, options: Options
  ) -> (tree: SyntaxTree, diagnostics: [Diagnostic]) {
    parse(source, Lexer.lex(source), options)
  }

  static func parse(
    _ source: SourceText, _ lexed: Lexer.Result, _ options: Options
  ) -> (tree: SyntaxTree, diagnostics: [Diagnostic]) {
    var parser = Parser(source, lexed, options)
    let statements = parser.statements()
    var found = parser.diagnostics + parser.brackets.diagnostics
    found.sort { ($0.place?.span.start ?? 0) < ($1.place?.span.start ?? 0) }
    return (
      SyntaxTree(source: source, statements: statements), Array(found.prefix(maximumErrors))
    )
  }

  private init(_ source: SourceText, _ lexed: Lexer.Result, _ options: Options) {
    self.source = source
    self.options = options
    tokens = lexed.tokens
    diagnostics = lexed.diagnostics
    brackets = BracketMatcher(lexed.tokens, source)
  }

  // MARK: Tokens

  var token: Token { tokens[index] }

  func token(after offset: Int) -> Token { tokens[min(index + offset, tokens.count - 1)] }

  /// Where the token before the current one ends.
  var previousEnd: Int { index > 0 ? Int(tokens[index - 1].span.end) : 0 }

  mutating func advance() { if index + 1 < tokens.count { index += 1 } }

  /// Whether the current token stands on a new line that ends what came before.
  var isAtNewline: Bool {
    endsAtNewline && token.newlineBefore && !token.is(.pipe) && !token.is(.dot)
  }

  /// Takes the sign if it stands here, on the same line where that matters.
  mutating func take(_ symbol: Symbol) -> Bool {
    guard token.is(symbol), !isAtNewline else { return false }
    advance()
    return true
  }

  mutating func take(_ keyword: Keyword) -> Bool {
    guard token.is(keyword), !isAtNewline else { return false }
    advance()
    return true
  }

  mutating func takeName(_ text: String) -> Bool {
    guard token.isName(text), !isAtNewline else { return false }
    advance()
    return true
  }

  func span(from start: Int) -> Span { Span(start, max(start, previousEnd)) }

  // MARK: Errors

  /// Leaves the statement; its diagnostic is nil where the fault is reported already.
  ///
  /// The diagnostic is boxed: every frame of the descent has room for a failure, and the stack is
  /// what limits how deep a text may be nested.
  struct Failure: Error {
    private final class Box: Sendable {
      let diagnostic: Diagnostic

      init(_ diagnostic: Diagnostic) { self.diagnostic = diagnostic }
    }

    private let box: Box?

    init(diagnostic: Diagnostic?) { box = diagnostic.map(Box.init) }

    var diagnostic: Diagnostic? { box?.diagnostic }
  }

  @inline(never)
  func failure(_ code: String, _ message: String, at span: Span? = nil, hint: String? = nil)
    -> Failure
  {
    Failure(
      diagnostic: Diagnostic(code: code, message, at: (source, span ?? token.span), hint: hint))
  }

  /// Reports a fault that does not keep the parser from going on.
  @inline(never)
  mutating func report(
    _ code: String, _ message: String, at span: Span? = nil, hint: String?,
    fix: Diagnostic.Fix? = nil
  ) {
    var diagnostic = Diagnostic(code: code, message, at: (source, span ?? token.span), hint: hint)
    diagnostic.fixes = fix.map { [$0] } ?? []
    append(diagnostic)
  }

  private mutating func append(_ diagnostic: Diagnostic) {
    let start = diagnostic.place?.span.start
    guard !diagnostics.contains(where: { $0.place?.span.start == start }) else { return }
    diagnostics.append(diagnostic)
    if diagnostics.count >= Self.maximumErrors { isStopped = true }
  }

  /// What stands here, for messages.
  var found: String { Self.describe(token) }

  static func describe(_ token: Token) -> String {
    switch token.kind {
    case .name(let text): "`\(text)`"
    case .keyword(let keyword): "`\(keyword.rawValue)`"
    case .symbol(let symbol): "`\(symbol.rawValue)`"
    case .integer, .float, .duration, .size: "a number"
    case .string, .interpolation: "a string"
    case .invalid: "something unreadable"
    case .end: "the end of the text"
    }
  }

  /// Something else was expected here.
  @inline(never)
  func expected(_ what: String, hint: String? = nil) -> Failure {
    if case .invalid = token.kind { return Failure(diagnostic: nil) }
    let atNewline = endsAtNewline && token.newlineBefore && index > 0
    let isAfter = index > 0 && (atNewline || token.isEnd)
    let place = isAfter ? Span(max(0, previousEnd - 1), previousEnd) : token.span
    let what = "expected \(what), found " + (atNewline && !token.isEnd ? "a new line" : found)
    return failure("E0201", what, at: place, hint: hint)
  }

  /// Begins something that may nest; `leave` must follow, with the returned height.
  mutating func enter() throws(Failure) -> Int {
    let outer = height
    height = 0
    nesting += 1
    if nesting > Self.maximumNesting { throw tooDeep() }
    return outer
  }

  mutating func leave(_ outer: Int) {
    nesting -= 1
    height = max(outer, height)
  }

  @inline(never)
  private mutating func tooDeep() -> Failure {
    isStopped = true
    return failure(
      "E0218", "this is nested too deeply", hint: "give parts of it names with `let` or `fn`")
  }

  /// An expression one higher than its tallest part.
  mutating func make(_ kind: Expression.Kind, _ span: Span) throws(Failure) -> Expression {
    height += 1
    if height > Self.maximumHeight { throw tooDeep() }
    return Expression(kind, span)
  }

  // MARK: Recovery

  /// Notes a failure and goes to the next statement of the same block.
  mutating func recover(from start: Int, _ failure: Failure) {
    let isBracketFault = (start...max(start, index)).contains { brackets.unmatched.contains($0) }
    if let diagnostic = failure.diagnostic, !isBracketFault { append(diagnostic) }
    let fault = index
    index = start
    while !token.isEnd {
      if index > start, index >= fault, token.newlineBefore, !token.is(.pipe), !token.is(.dot) {
        return
      }
      if token.is(.closeBrace), blockDepth > 0, !brackets.unmatched.contains(index) { return }
      if let partner = brackets.partner[index] {
        index = partner
        advance()
      } else {
        advance()
      }
    }
  }
}
