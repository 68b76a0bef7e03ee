import MDMJSON
import MDMSyntax

/// Places in files as the protocol writes them.
extension LanguageServer {
  func range(_ span: Span, in lines: LineTable) -> JSONNode {
    ["start": position(Int(span.start), in: lines), "end": position(Int(span.end), in: lines)]
  }

  func position(_ offset: Int, in lines: LineTable) -> JSONNode {
    let (line, character) = lines.position(offset, client.encoding)
    return ["line": .int(line), "character": .int(character)]
  }

  /// The lines of a source, those of its document where it is open.
  func lines(of source: SourceText) -> LineTable {
    if let document = workspace.documents[source.name], document.source === source {
      return document.lines
    }
    return LineTable(source.bytes)
  }

  /// A place in a file; nil for files that the editor cannot open.
  func location(_ span: Span, in source: SourceText) -> JSONNode? {
    guard let uri = workspace.uri(of: source.name) else { return nil }
    return ["uri": .string(uri), "range": range(span, in: lines(of: source))]
  }

  // MARK: Names

  /// The name at a place of a document and what it stands for.
  func occurrence(
    _ params: JSONNode
  ) throws(RequestError) -> (index: SymbolIndex, occurrence: SymbolIndex.Occurrence)? {
    let (document, offset) = try place(params)
    let index = workspace.analysis(document).index
    guard let found = index.occurrence(at: offset) else { return nil }
    return (index, found)
  }

  /// The declaration that a name of a file stands for, in whatever file it is.
  func definition(of target: SymbolReference.Target, in index: SymbolIndex) -> Definition? {
    switch target {
    case .declaration(let id):
      let declaration = index.declarations[id]
      guard let origin = declaration.origin, let member = origin.member else {
        return Definition(index: index, declaration: declaration)
      }
      return workspace.exported(member, origin, usedBy: index.source.name)
        ?? Definition(index: index, declaration: declaration)
    case .member(of: let module, let name):
      guard let origin = index.declarations[module].origin else { return nil }
      return workspace.exported(name, origin, usedBy: index.source.name)
    case .argument(of: let callee, let name):
      guard let function = definition(of: callee, in: index),
        let parameter = function.declaration.parameters?.first(where: { $0.name == name })
      else { return nil }
      return function.index.declarations.first { $0.isNamed && $0.span == parameter.span }.map {
        Definition(index: function.index, declaration: $0)
      }
    case .builtIn, .field, .unknown: return nil
    }
  }
}
