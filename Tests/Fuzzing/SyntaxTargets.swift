import MDMDeclarations
import MDMJSON
import MDMRuntime
import MDMSyntax

/// Any text becomes tokens that lie in it in order, with nothing but blanks and comments between.
public struct LexerTarget: FuzzTarget {
  public static let name = "lexer"
  private let mutator: Mutator

  public init(root: String) { mutator = Mutator(corpus: Corpus.scripts(below: root)) }

  public func input(_ random: inout RandomNumbers) -> [UInt8] {
    if random.oneIn(10) { return (0..<random.next(300)).map { _ in UInt8(random.next(256)) } }
    return Array(mutator.text(&random).utf8)
  }

  public func run(_ input: [UInt8]) throws {
    let source = SourceText(name: "fuzz", text: String(decoding: input, as: UTF8.self))
    let result = Lexer.lex(source)
    var end = 0
    for token in result.tokens {
      try BrokenLaw.unless(
        Int(token.span.start) >= end && token.span.end >= token.span.start
          && Int(token.span.end) <= source.bytes.count,
        "a token at \(token.span) after one that ends at \(end)")
      end = Int(token.span.end)
    }
    guard let last = result.tokens.last, case .end = last.kind else {
      throw BrokenLaw("the last token is not the end")
    }
    for comment in result.comments {
      try BrokenLaw.unless(
        source.bytes[Int(comment.start)..<Int(comment.end)].first == UInt8(ascii: "#"),
        "a comment that does not begin with #")
    }
    try Reports.check(result.diagnostics, source)
  }
}

/// Any text becomes a tree and up to ten errors with places in it; a correct one is complete input.
public struct ParserTarget: FuzzTarget {
  public static let name = "parser"
  private let mutator: Mutator

  public init(root: String) { mutator = Mutator(corpus: Corpus.scripts(below: root)) }

  public func input(_ random: inout RandomNumbers) -> [UInt8] {
    Array(mutator.text(&random).utf8)
  }

  public func run(_ input: [UInt8]) throws {
    let text = String(decoding: input, as: UTF8.self)
    let source = SourceText(name: "fuzz", text: text)
    let (tree, diagnostics) = Parser.parse(source)
    let errors = diagnostics.count { $0.severity == .error }
    try BrokenLaw.unless(errors <= Parser.maximumErrors, "\(errors) errors are reported")
    try Reports.check(diagnostics, source)
    for statement in tree.statements {
      try BrokenLaw.unless(
        statement.span.start >= 0 && statement.span.end >= statement.span.start
          && Int(statement.span.end) <= source.bytes.count, "a statement at \(statement.span)")
    }
    let completeness = Parser.completeness(of: text)
    if errors == 0 {
      try BrokenLaw.unless(completeness == .complete, "correct, and \(completeness)")
    }
  }
}

/// Any tree is checked; what it finds lies in the text and is the same every time.
public struct CheckerTarget: FuzzTarget {
  public static let name = "checker"
  private let mutator: Mutator
  private let signatures: [String: FunctionSignature]

  public init(root: String) {
    mutator = Mutator(corpus: Corpus.scripts(below: root) + Corpus.runnable)
    let all = Machine().functionSignatures.map { ($0.name, $0) }
    signatures = Dictionary(all) { first, _ in first }
  }

  public func input(_ random: inout RandomNumbers) -> [UInt8] {
    Array(mutator.text(&random).utf8)
  }

  public func run(_ input: [UInt8]) throws {
    let source = SourceText(name: "fuzz", text: String(decoding: input, as: UTF8.self))
    let tree = Parser.parse(source).tree
    let interface = ModuleInterface(tree)
    var options = Checker.Options()
    options.modules = ["stats": interface]
    let checker = Checker(signatures: signatures, options: options)
    let found = checker.check(tree)
    try Reports.check(found, source)
    let renderer = DiagnosticRenderer()
    try BrokenLaw.unless(
      renderer.render(found) == renderer.render(checker.check(tree)), "two checks differ")
  }
}

/// What holds for every list of diagnostics.
enum Reports {
  static func check(_ diagnostics: [Diagnostic], _ source: SourceText) throws {
    let renderer = DiagnosticRenderer(colour: true)
    for diagnostic in diagnostics {
      if let (_, span) = diagnostic.place {
        try BrokenLaw.unless(
          span.start >= 0 && span.end >= span.start && Int(span.end) <= source.bytes.count,
          "\(diagnostic.code) at \(span) of \(source.bytes.count) bytes")
      }
      try BrokenLaw.unless(!renderer.render(diagnostic).isEmpty, "an empty report")
      do throws(JSONError) {
        _ = try JSONNode(parsing: Array(renderer.json(diagnostic).utf8))
      } catch {
        throw BrokenLaw("\(diagnostic.code) gives broken JSON: \(error)")
      }
    }
  }
}
