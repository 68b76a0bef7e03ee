import MDMSyntax

/// The words of the language for the Pygments lexer of python/mdm-jupyter.
enum PygmentsWords {
  /// words.py.
  static let text: String = {
    let following = TextMateGrammar.contextualWords.map { word, next in
      "    (\"\(word)\", r'\(next)'),"
    }
    return """
      \"\"\"The words of mdm. Made by `mdm editors`; change it there.\"\"\"

      CONSTANTS = \(tuple(Vocabulary.constants.map(\.rawValue)))
      WORD_OPERATORS = \(tuple(Vocabulary.wordOperators.map(\.rawValue)))
      DECLARATIONS = \(tuple(Vocabulary.declarations.map(\.rawValue)))
      CONTROL = \(tuple(Vocabulary.control.map(\.rawValue)))

      # Names elsewhere; words of the language where the pattern follows.
      CONTEXTUAL = (
      \(following.joined(separator: "\n"))
      )

      # The longest first.
      NUMBER_SUFFIXES = \(tuple(Vocabulary.numberSuffixes))
      OPERATORS = \(tuple(Vocabulary.operators.map(\.rawValue)))

      """
  }()

  /// A Python tuple, one element a line: edits of the tables stay small in diffs.
  private static func tuple(_ words: [String]) -> String {
    "(\n" + words.map { "    \"\($0)\",\n" }.joined() + ")"
  }
}
