import MDMDeclarations
import MDMRuntime
import MDMSyntax

/// An example in the `##` lines above a top-level declaration.
public struct Doctest: Sendable {
  /// Such as `example 2 of compare`.
  public let name: String
  /// Its first line in the file, from 1.
  public let line: Int
  /// What it prints; nil where only success is asked for.
  public let prints: String?
  /// The lines of the example at their places in the file and nothing else, so that messages about
  /// it point into the doc comment.
  public let source: SourceText
  /// The names that its file exports, sorted.
  private let exports: [String]

  /// The examples of a file, in order.
  public static func all(of tree: SyntaxTree) -> [Doctest] {
    let exports = ModuleInterface(tree).names.sorted()
    return tree.statements.flatMap { statement -> [Doctest] in
      guard let documentation = statement.documentation, let name = name(of: statement) else {
        return []
      }
      let text = DocumentationText(documentation)
      let count = documentation.split(separator: "\n", omittingEmptySubsequences: false).count
      let first = tree.source.position(of: Int(statement.span.start)).line - count
      return zip(text.examples, text.exampleLines).enumerated().map { index, example in
        let number = text.examples.count > 1 ? "example \(index + 1) of " : "example of "
        let lines = first + example.1.lowerBound..<first + example.1.upperBound
        return Doctest(
          name: number + name, line: lines.lowerBound, prints: example.0.prints,
          source: source(lines, of: tree.source), exports: exports)
      }
    }
  }

  private static func name(of statement: Statement) -> String? {
    switch statement.kind {
    case .function(let name, _, _), .reward(let name, _, _, _, _): name.text
    case .binding(let pattern, _, _, _, _):
      if case .binding(let name) = pattern.kind { name } else { nil }
    default: nil
    }
  }

  private static func source(_ lines: Range<Int>, of source: SourceText) -> SourceText {
    var text = String(repeating: "\n", count: lines.lowerBound - 1)
    for number in lines {
      let line = source.line(number)
      let mark = line.prefix { $0 == " " || $0 == "\t" }.count
      text += String(repeating: " ", count: mark + 2) + line.dropFirst(mark + 2) + "\n"
    }
    return SourceText(name: source.name, text: text)
  }

  /// The example as a test block. It may call the functions of its file by their names, or as
  /// members of the file like any user of it.
  ///
  /// - Parameter isBound: whether a name stands for something in the file.
  func tree(_ parsed: SyntaxTree, isBound: (String) -> Bool) -> SyntaxTree {
    var uses: [Statement] = []
    var body: [Statement] = []
    for statement in parsed.statements {
      if case .use = statement.kind { uses.append(statement) } else { body.append(statement) }
    }
    let span = Span(Int(body.first?.span.start ?? 0), Int(body.last?.span.end ?? 0))
    if let own = own(isBound) { body.insert(own, at: 0) }
    let test = Statement(.test(name, Block(body, span)), span)
    return SyntaxTree(source: source, statements: uses + [test])
  }

  /// `let boxes = {area: area}` for an example in boxes.mdm that says `boxes.`: what it would get
  /// from `use`, without running the file again.
  private func own(_ isBound: (String) -> Bool) -> Statement? {
    let file = source.name.split(separator: "/").last.map(String.init) ?? source.name
    guard file.hasSuffix(".mdm") else { return nil }
    let stem = String(file.dropLast(4))
    let text = source.text(0..<source.bytes.count)
    guard !isBound(stem), Self.mentions(text, "\(stem).") else { return nil }
    let span = Span(0, 0)
    let fields = exports.filter(isBound).map { name in
      Field(.name(Name(name, span)), Expression(.name(name), span))
    }
    return Statement(
      .binding(
        Pattern(.binding(stem), span), mutable: false, type: nil,
        value: Expression(.record(fields), span), isPublic: false), span)
  }

  private static func mentions(_ text: String, _ word: String) -> Bool {
    var before: Character = " "
    for index in text.indices {
      let isInside = before.isLetter || before.isNumber || before == "_" || before == "."
      if !isInside, text[index...].hasPrefix(word) { return true }
      before = text[index]
    }
    return false
  }
}
