/// One word, number, string or sign of a script, with its place.
public struct Token: Sendable {
  public enum Kind: Sendable {
    case name(String)
    case keyword(Keyword)
    /// The magnitude; the parser rejects what does not fit in 64 bits with its sign.
    case integer(UInt64)
    /// A Float, percentages included: `60%` is 0.6.
    case float(Double)
    /// Seconds.
    case duration(Double)
    /// Bytes.
    case size(Int64)
    case string(String)
    case interpolation([Piece])
    case symbol(Symbol)
    /// Something that the lexer has already reported.
    case invalid
    case end
  }

  /// A part of an `f"…"` string.
  public enum Piece: Sendable {
    case text(String)
    /// The tokens between the braces, with an `end` token after them.
    case value(tokens: [Token], format: String?, span: Span)
    /// A value whose format has values of its own: `{x:{width}.2f}`.
    case formatted(tokens: [Token], format: [Piece], span: Span)
  }

  public let kind: Kind
  public let span: Span
  /// Whether the token is the first of its line.
  public let newlineBefore: Bool
  /// The `##` lines directly above, without their marks.
  public let documentation: String?

  /// Whether the token is this sign.
  package func `is`(_ symbol: Symbol) -> Bool {
    if case .symbol(let own) = kind { return own == symbol }
    return false
  }

  /// Whether the token is this reserved word.
  package func `is`(_ keyword: Keyword) -> Bool {
    if case .keyword(let own) = kind { return own == keyword }
    return false
  }

  /// Whether the token is this unreserved word.
  package func isName(_ text: String) -> Bool {
    if case .name(let own) = kind { return own == text }
    return false
  }

  var isEnd: Bool {
    if case .end = kind { return true }
    return false
  }

  /// The text of a name or a reserved word: what may follow a `.` or stand before a `:`.
  package var word: String? {
    switch kind {
    case .name(let text): text
    case .keyword(let keyword): keyword.rawValue
    default: nil
    }
  }
}

/// The reserved words; all other special words are names where a name can stand.
public enum Keyword: String, Sendable, CaseIterable {
  case `let`
  case `var`
  case fn
  case `return`
  case `if`
  case `else`
  case match
  case `for`
  case `while`
  case `in`
  case `break`
  case `continue`
  case `true`
  case `false`
  case none
  case and
  case or
  case not
  case `try`
  case `defer`
  case assert
  case expect
}

/// The signs of the language, and those of other languages that get a hint.
public enum Symbol: String, Sendable, CaseIterable {
  case openParenthesis = "("
  case closeParenthesis = ")"
  case openBracket = "["
  case closeBracket = "]"
  case openBrace = "{"
  case closeBrace = "}"
  case comma = ","
  case colon = ":"
  case semicolon = ";"
  case dot = "."
  case assign = "="
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessEqual = "<="
  case greater = ">"
  case greaterEqual = ">="
  case plus = "+"
  case minus = "-"
  case star = "*"
  case slash = "/"
  case percent = "%"
  case floorDivide = "//"
  case power = "**"
  case coalesce = "??"
  case approximately = "~="
  case tolerance = "+-"
  case range = ".."
  case closedRange = "..="
  case pipe = "|>"
  case arrow = "->"
  case bar = "|"
  case plusAssign = "+="
  case minusAssign = "-="
  case starAssign = "*="
  case slashAssign = "/="
  case percentAssign = "%="
  case floorDivideAssign = "//="
  case powerAssign = "**="
  case coalesceAssign = "??="
  // Not in the language; the parser says what to write instead.
  case ampersands = "&&"
  case bars = "||"
  case exclamation = "!"
  case tripleEqual = "==="
  case notTripleEqual = "!=="
  case increment = "++"
  case walrus = ":="
  case fatArrow = "=>"
  case question = "?"
  case questionDot = "?."
  case caret = "^"
  case ampersand = "&"
  case ellipsis = "..."

  /// The closing partner of an opening bracket.
  var closing: Symbol? {
    switch self {
    case .openParenthesis: .closeParenthesis
    case .openBracket: .closeBracket
    case .openBrace: .closeBrace
    default: nil
    }
  }

  var isClosing: Bool {
    self == .closeParenthesis || self == .closeBracket || self == .closeBrace
  }

  /// The operator that `+=` and its kin apply.
  public var assignmentOperator: BinaryOperator? {
    switch self {
    case .plusAssign: .add
    case .minusAssign: .subtract
    case .starAssign: .multiply
    case .slashAssign: .divide
    case .percentAssign: .remainder
    case .floorDivideAssign: .floorDivide
    case .powerAssign: .power
    case .coalesceAssign: .coalesce
    default: nil
    }
  }
}
