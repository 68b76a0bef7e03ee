/// The words of the language, for editors: what the lexer and parser know, as lists.
public enum Vocabulary {
  /// The words that are special only where they begin something: elsewhere they are names.
  public static let contextualWords = [
    "across", "as", "budget", "by", "catch", "mix", "param", "pub", "reward", "seeds", "spawn",
    "test", "use",
  ]

  /// Reserved words, and the words that begin statements: what completion proposes.
  public static let proposedWords: [String] =
    (Keyword.allCases.map(\.rawValue)
    + contextualWords.filter { !["across", "as", "by", "seeds"].contains($0) }).sorted()

  /// The reserved words that are values.
  public static let constants: [Keyword] = [.true, .false, .none]

  /// The reserved words that are operators.
  public static let wordOperators: [Keyword] = [.and, .or, .not, .in]

  /// The reserved words that bind names.
  public static let declarations: [Keyword] = [.let, .var, .fn]

  /// All other reserved words.
  public static let control: [Keyword] = Keyword.allCases.filter {
    !constants.contains($0) && !wordOperators.contains($0) && !declarations.contains($0)
  }

  /// What may follow the digits of a number, the longest first.
  public static let numberSuffixes: [String] =
    (Array(Lexer.counts.keys) + Array(Lexer.sizes.keys) + Array(Lexer.durations.keys))
    .sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }

  /// The signs that stand between or before values, the longest first.
  public static let operators: [Symbol] =
    Symbol.allCases.filter { symbol in
      !foreign.contains(symbol) && symbol.closing == nil && !symbol.isClosing
        && ![.comma, .colon, .semicolon, .dot].contains(symbol)
    }
    .sorted { ($1.rawValue.count, $0.rawValue) < ($0.rawValue.count, $1.rawValue) }

  /// The signs of other languages, which the parser only knows to say what to write instead.
  private static let foreign: Set<Symbol> = [
    .ampersands, .bars, .exclamation, .tripleEqual, .notTripleEqual, .increment, .walrus,
    .fatArrow, .question, .questionDot, .caret, .ampersand, .ellipsis,
  ]
}
