/// Whether a text can be run as it stands, for prompts that read several lines.
public enum Completeness: Sendable, Equatable {
  case complete
  /// More is needed; `depth` brackets or blocks are open, for the indent of the next line.
  case incomplete(depth: Int)
  /// More input will not mend it.
  case invalid
}

extension Parser {
  /// Whether a text can be run as it stands.
  ///
  /// Open brackets, open `"""` strings and an operator or comma at the end ask for more.
  public static func completeness(of text: String) -> Completeness {
    let source = SourceText(name: "input", text: text)
    let lexed = Lexer.lex(source)
    let brackets = BracketMatcher(lexed.tokens, source)
    if lexed.endsInsideString { return .incomplete(depth: brackets.openAtEnd) }
    guard lexed.diagnostics.isEmpty, brackets.isOnlyUnclosed else { return .invalid }
    if brackets.openAtEnd > 0 { return .incomplete(depth: brackets.openAtEnd) }
    // The last token is the end. A word behind a dot is a member, whatever it means elsewhere.
    let last = lexed.tokens.suffix(3).dropLast()
    if let word = last.last, asksForMore(word), !(last.count > 1 && last.first?.is(.dot) ?? false) {
      return .incomplete(depth: 1)
    }
    let options = Options(lastValueName: "_")
    return parse(source, lexed, options).diagnostics.isEmpty ? .complete : .invalid
  }

  /// Whether a text cannot end with this token.
  private static func asksForMore(_ token: Token) -> Bool {
    switch token.kind {
    case .keyword(let keyword): return [.and, .or, .not, .in].contains(keyword)
    case .symbol(let symbol):
      switch symbol {
      case .comma, .assign, .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual, .plus,
        .minus, .star, .slash, .percent, .floorDivide, .power, .coalesce, .approximately,
        .tolerance, .range, .closedRange, .pipe, .arrow, .bar:
        return true
      default: return symbol.assignmentOperator != nil
      }
    default: return false
    }
  }
}
