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
  /// The last token that the lexer has refused, -1 where there is none.
  private let lastInvalid: Int
  /// How many brackets of a kind are open: a search for one of none would take quadratic time.
  private var open: [Symbol: Int] = [:]

  init(_ tokens: [Token], _ source: SourceText) {
    lastInvalid =
      tokens.lastIndex { if case .invalid = $0.kind { true } else { false } } ?? -1
    var stack: [(index: Int, symbol: Symbol)] = []
    for (index, token) in tokens.enumerated() {
      if token.newlineBefore, Self.beginsStatement(tokens, index) {
        // A statement cannot stand in parentheses, so they were left open before it.
        while let top = stack.last, top.symbol != .openBrace {
          stack.removeLast()
          open[top.symbol, default: 0] -= 1
          isOnlyUnclosed = false
          unclosed(top, tokens, source)
        }
      }
      guard case .symbol(let symbol) = token.kind else { continue }
      if symbol.closing != nil {
        stack.append((index, symbol))
        open[symbol, default: 0] += 1
      } else if symbol.isClosing {
        if let top = stack.last, top.symbol.closing == symbol {
          partner[top.index] = index
          stack.removeLast()
          open[top.symbol, default: 0] -= 1
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
    if open.contains(where: { $0.key.closing == symbol && $0.value > 0 }),
      let match = stack.lastIndex(where: { $0.symbol.closing == symbol })
    {
      for open in stack[(match + 1)...] { unclosed(open, tokens, source) }
      partner[stack[match].index] = index
      for bracket in stack[match...] { open[bracket.symbol, default: 0] -= 1 }
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
    if open.index <= lastInvalid { return }
    let closing = open.symbol.closing?.rawValue ?? ""
    diagnostics.append(
      Diagnostic(
        code: "E0202", "this `\(open.symbol.rawValue)` is never closed",
        at: (source, tokens[open.index].span), hint: "close it with `\(closing)`"))
  }
}
