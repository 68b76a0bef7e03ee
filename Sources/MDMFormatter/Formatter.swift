import MDMSyntax

/// Lays scripts out in the one style that there is.
public enum Formatter {
  /// What formatting a text came to.
  public enum Outcome: Sendable {
    /// The text in the one style; the same text where it was in it already.
    case formatted(String)
    /// The text has syntax errors and stays as it is.
    case rejected([Diagnostic])
    /// The result would not have meant the same, lost a comment or never settled: a fault of the
    /// formatter.
    case refused
  }

  /// A bracket that is broken in the first pass is one that its author broke in the second, so that
  /// an operator before it need not be broken any more; hardly any text takes a third.
  private static let maximumPasses = 6

  /// The text of a script laid out in 100 columns, with its meaning and its comments unchanged.
  ///
  /// What comes out is parsed again and compared, so that a fault here never reaches a file. To
  /// format it again changes nothing.
  public static func format(_ source: SourceText) -> Outcome {
    var current = source
    for _ in 0..<maximumPasses {
      switch pass(current) {
      case .formatted(let text):
        let next = SourceText(name: source.name, text: text)
        if next.bytes == current.bytes { return .formatted(text) }
        current = next
      case .rejected(let diagnostics): return .rejected(diagnostics)
      case .refused: return .refused
      }
    }
    return .refused
  }

  private static func pass(_ source: SourceText) -> Outcome {
    let (tree, diagnostics) = Parser.parse(source)
    guard diagnostics.isEmpty else { return .rejected(diagnostics) }
    let shape = SyntaxShape(tree)
    let lexed = Lexer.lex(source)
    let bytes = LayoutWriter.write(LayoutReader.read(source, lexed, shape))
    let text = String(decoding: bytes, as: UTF8.self)
    let result = SourceText(name: source.name, text: text)
    let (newTree, newDiagnostics) = Parser.parse(result)
    guard newDiagnostics.isEmpty, SyntaxShape(newTree).meaning == shape.meaning,
      comments(result, Lexer.lex(result)) == comments(source, lexed)
    else { return .refused }
    return .formatted(text)
  }

  /// The comments of a text without the blanks at their ends.
  private static func comments(_ source: SourceText, _ lexed: Lexer.Result) -> [String] {
    lexed.comments.map { span in
      var text = source.text(span)[...]
      while text.last?.isWhitespace == true { text.removeLast() }
      return String(text)
    }
  }
}
