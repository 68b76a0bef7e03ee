import MDMJSON
import MDMSyntax

/// The outline of a file and the parts of it that can be folded.
extension LanguageServer {
  func outline(_ params: JSONNode) throws(RequestError) -> JSONNode {
    let document = try document(params)
    let index = workspace.analysis(document).index
    let shown = index.declarations.filter { isShown($0, in: index) }
      .sorted { $0.extent.start < $1.extent.start }
    guard client.nestsSymbols else {
      return .array(
        shown.map { declaration in
          let container = declaration.container.map { index.declarations[$0].name }
          let node: JSONNode = [
            "name": .string(declaration.name), "kind": .int(Self.symbolKind(declaration)),
            "location": [
              "uri": .string(document.uri),
              "range": range(declaration.extent, in: document.lines),
            ],
          ]
          return node.adding("containerName", container.map(JSONNode.string))
        })
    }
    let children = Dictionary(grouping: shown) { parent(of: $0, in: index) }
    func nodes(_ parent: Int?) -> JSONNode {
      .array(
        children[parent, default: []].map { declaration in
          let node: JSONNode = [
            "name": .string(declaration.name), "kind": .int(Self.symbolKind(declaration)),
            "range": range(declaration.extent, in: document.lines),
            "selectionRange": range(declaration.span, in: document.lines),
          ]
          let detail = declaration.parameters.map { list in
            "(\(list.map(\.text).joined(separator: ", ")))"
          }
          let inner = nodes(declaration.id)
          return node.adding("detail", detail.map(JSONNode.string))
            .adding("children", inner == [] ? nil : inner)
        })
    }
    return nodes(nil)
  }

  /// The file's own declarations, functions inside of functions, and fields of the file's records.
  private func isShown(_ declaration: Declaration, in index: SymbolIndex) -> Bool {
    switch declaration.kind {
    case .function, .reward, .test: return true
    case .field:
      return declaration.scope == 0 && parent(of: declaration, in: index) != nil
    case .constant, .variable, .scriptParameter, .module, .importedMember:
      return declaration.scope == 0 && !declaration.name.isEmpty
    default: return false
    }
  }

  /// The shown declaration around one.
  private func parent(of declaration: Declaration, in index: SymbolIndex) -> Int? {
    var id = declaration.container
    while let current = id, !isShown(index.declarations[current], in: index) {
      id = index.declarations[current].container
    }
    return id
  }

  /// The numbers of the protocol's `SymbolKind`.
  private static func symbolKind(_ declaration: Declaration) -> Int {
    switch declaration.kind {
    case .function, .reward: 12
    case .constant where declaration.parameters != nil: 12
    case .constant: 14
    case .scriptParameter: 7
    case .module, .importedMember: 2
    case .field: 8
    case .test: 6
    default: 13
    }
  }

  // MARK: Folding

  func folding(_ params: JSONNode) throws(RequestError) -> JSONNode {
    let document = try document(params)
    let lexed = Lexer.lex(document.source)
    var found: [JSONNode] = []
    func add(_ first: Int, _ last: Int, _ kind: JSONNode? = nil) {
      guard last > first else { return }
      let node: JSONNode = ["startLine": .int(first), "endLine": .int(last)]
      found.append(node.adding("kind", kind))
    }
    func line(_ offset: Int32) -> Int { document.lines.lineNumber(of: Int(offset)) }
    var open: [(symbol: MDMSyntax.Symbol, line: Int)] = []
    for token in lexed.tokens {
      guard case .symbol(let symbol) = token.kind else { continue }
      switch symbol {
      case .openParenthesis, .openBracket, .openBrace: open.append((symbol, line(token.span.start)))
      case .closeParenthesis, .closeBracket, .closeBrace:
        // The line of the closing bracket stays to be seen.
        if let last = open.popLast() { add(last.line, line(token.span.start) - 1) }
      default: break
      }
    }
    var comment: (first: Int, last: Int)?
    var cell: Int?
    for span in lexed.comments {
      let number = line(span.start)
      if document.source.text(span).hasPrefix("# %%") {
        if let cell { add(cell, number - 1, "region") }
        cell = number
      }
      let isAlone = document.lines.line(number).allSatisfy {
        $0 >= Int(span.start) || [0x20, 0x09].contains(document.source.bytes[$0])
      }
      guard isAlone else { continue }
      if let block = comment, block.last + 1 == number {
        comment = (block.first, number)
      } else {
        if let block = comment { add(block.first, block.last, "comment") }
        comment = (number, number)
      }
    }
    if let block = comment { add(block.first, block.last, "comment") }
    if let cell { add(cell, document.lines.lineCount - 1, "region") }
    return .array(found)
  }

  // MARK: Formatting

  /// The whole text replaced, where the formatter changes it.
  func formatting(_ params: JSONNode) throws(RequestError) -> JSONNode {
    let document = try document(params)
    guard !workspace.analysis(document).hasSyntaxErrors,
      let text = environment.format?(document.source)
    else {
      throw RequestError(.requestFailed, "a file with syntax errors cannot be formatted")
    }
    guard Array(text.utf8) != document.source.bytes else { return [] }
    let whole = Span(0, document.source.bytes.count)
    return [["range": range(whole, in: document.lines), "newText": .string(text)]]
  }
}
