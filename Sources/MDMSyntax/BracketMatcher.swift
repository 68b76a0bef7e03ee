/// Which bracket closes which, found before parsing so that errors stay where they are.
struct BracketMatcher {
  /// The index of the closing token for each opening one that has it.
  private(set) var partner: [Int: Int] = [:]
  /// Tokens whose partner is missing.
  private(set) var unmatched: Set<Int> = []
  /// The brackets still open at the end of the text.
  private(set) var openAtEnd = 0
  /// Whether the only fault is that the text stops too early.
  private(set) var isOnlyUnclosed = true
  private(set) var diagnostics: [Diagnostic] = []

  init(_ tokens: [Token], _ source: SourceText) {
    var stack: [(index: Int, symbol: Symbol)] = []
    for (index, token) in tokens.enumerated() {
      if token.newlineBefore, Self.beginsStatement(tokens, index) {
        // A statement cannot stand in parentheses, so they were left open before it.
        while let top = stack.last, top.symbol != .openBrace {
          stack.removeLast()
          isOnlyUnclosed = false
          unclosed(top, tokens, source)
        }
      }
      guard case .symbol(let symbol) = token.kind else { continue }
      if symbol.closing != nil {
        stack.append((index, symbol))
      } else if symbol.isClosing {
        if let top = stack.last, top.symbol.closing == symbol {
          partner[top.index] = index
          stack.removeLast()
        } else {
          isOnlyUnclosed = false
          stray(index, symbol, &stack, tokens, source)
        }
      }
    }
    openAtEnd = stack.count
    for open in stack { unclosed(open, tokens, source) }
  }

  private static func beginsStatement(_ tokens: [Token], _ index: Int) -> Bool {
    guard case .keyword(let keyword) = tokens[index].kind else { return false }
    switch keyword {
    case .let, .var, .for, .while, .defer, .assert:
      return !(index + 1 < tokens.count && tokens[index + 1].is(.colon))
    case .fn:
      guard index + 1 < tokens.count, case .name = tokens[index + 1].kind else { return false }
      return true
    default: return false
    }
  }

  /// A closing bracket that fits not the last opened one, but perhaps one before it.
  private mutating func stray(
    _ index: Int, _ symbol: Symbol, _ stack: inout [(index: Int, symbol: Symbol)],
    _ tokens: [Token], _ source: SourceText
  ) {
    if let match = stack.lastIndex(where: { $0.symbol.closing == symbol }) {
      for open in stack[(match + 1)...] { unclosed(open, tokens, source) }
      partner[stack[match].index] = index
      stack.removeSubrange(match...)
      return
    }
    unmatched.insert(index)
    diagnostics.append(
      Diagnostic(
        code: "E0203", "this `\(symbol.rawValue)` closes nothing", at: (source, tokens[index].span),
        hint: "remove it, or open it before"))
  }

  private mutating func unclosed(
    _ open: (index: Int, symbol: Symbol), _ tokens: [Token], _ source: SourceText
  ) {
    unmatched.insert(open.index)
    // A string without its end swallows brackets; it is reported already.
    for token in tokens[open.index...] { if case .invalid = token.kind { return } }
    let closing = open.symbol.closing?.rawValue ?? ""
    diagnostics.append(
      Diagnostic(
        code: "E0202", "this `\(open.symbol.rawValue)` is never closed",
        at: (source, tokens[open.index].span), hint: "close it with `\(closing)`"))
  }
}
