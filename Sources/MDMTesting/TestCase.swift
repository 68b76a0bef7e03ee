import MDMSyntax

/// One thing that `mdm test` runs: a `test` block or an example of a doc comment.
public struct TestCase: Sendable {
  public enum Kind: Sendable {
    case block
    case example(Doctest)
  }

  public let name: String
  public let source: SourceText
  /// Where it begins, from 1.
  public let line: Int
  public let kind: Kind

  /// The tests of a file in the order in which they run: blocks, then examples.
  public static func all(of tree: SyntaxTree) -> [TestCase] {
    let source = tree.source
    let blocks = tree.statements.compactMap { statement -> TestCase? in
      guard case .test(let name, _) = statement.kind else { return nil }
      let line = source.position(of: Int(statement.span.start)).line
      return TestCase(name: name, source: source, line: line, kind: .block)
    }
    let examples = Doctest.all(of: tree).map { doctest in
      TestCase(name: doctest.name, source: source, line: doctest.line, kind: .example(doctest))
    }
    return blocks + examples
  }
}
