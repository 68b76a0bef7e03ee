import MDMJSON
import MDMSyntax

/// Where names are declared and used.
extension LanguageServer {
  func definition(_ params: JSONNode) throws(RequestError) -> JSONNode {
    let (document, offset) = try place(params)
    let index = workspace.analysis(document).index
    if let file = module(at: offset, in: index) { return file }
    guard let found = index.occurrence(at: offset),
      let definition = definition(of: found.target, in: index)
    else { return .null }
    let declaration = definition.declaration
    if declaration.kind == .module, found.isDeclaration, let origin = declaration.origin {
      return moduleStart(origin, usedBy: index.source.name)
    }
    return location(declaration.span, in: definition.index.source) ?? .null
  }

  /// The file of the module whose name or path a `use` has at an offset.
  private func module(at offset: Int, in index: SymbolIndex) -> JSONNode? {
    let origin = index.declarations.lazy.compactMap(\.origin).first {
      Int($0.moduleSpan.start) <= offset && offset <= Int($0.moduleSpan.end)
    }
    return origin.map { moduleStart($0, usedBy: index.source.name) }
  }

  private func moduleStart(_ origin: Declaration.Origin, usedBy file: String) -> JSONNode {
    guard let module = workspace.index(of: workspace.moduleName(origin, usedBy: file)) else {
      return .null
    }
    return location(Span(0, 0), in: module.source) ?? .null
  }

  func references(_ params: JSONNode) throws(RequestError) -> JSONNode {
    guard let (index, occurrence) = try occurrence(params) else { return .null }
    let withDeclaration = params.at("context", "includeDeclaration")?.isTrue ?? true
    var locations: [JSONNode] = []
    for (index, references) in uses(of: occurrence.target, in: index) {
      for reference in references where withDeclaration || !isDeclaration(reference, in: index) {
        if let place = location(reference.span, in: index.source) { locations.append(place) }
      }
    }
    return .array(locations)
  }

  private func isDeclaration(_ reference: SymbolReference, in index: SymbolIndex) -> Bool {
    guard case .declaration(let id) = reference.target else { return false }
    return index.declarations[id].span == reference.span
      && index.declarations[id].kind != .importedMember
  }

  func highlights(_ params: JSONNode) throws(RequestError) -> JSONNode {
    guard let (index, occurrence) = try occurrence(params) else { return .null }
    let lines = lines(of: index.source)
    return .array(
      uses(of: occurrence.target, inFile: index).map {
        ["range": range($0.span, in: lines), "kind": $0.isWrite ? 3 : 2]
      })
  }

  /// All places of a name in its own file.
  private func uses(
    of target: SymbolReference.Target, inFile index: SymbolIndex
  ) -> [SymbolReference] {
    if case .declaration(let id) = target { return index.occurrences(of: id) }
    return index.references.filter { $0.target == target }
  }

  // MARK: Across files

  /// All places of what a name stands for, file by file, that of the declaration first.
  func uses(
    of target: SymbolReference.Target, in index: SymbolIndex
  ) -> [(index: SymbolIndex, references: [SymbolReference])] {
    guard let definition = definition(of: target, in: index) else {
      guard case .builtIn = target else { return [(index, uses(of: target, inFile: index))] }
      return everyFile(naming: nil).map { ($0, uses(of: target, inFile: $0)) }
    }
    let declaration = definition.declaration
    var found = [(definition.index, definition.index.occurrences(of: declaration.id))]
    guard let exported = exporter(of: definition) else { return found }
    for other in everyFile(naming: exported.name)
    where other.source.name != definition.file {
      let uses = imports(of: definition, exported, in: other)
      if !uses.isEmpty { found.append((other, uses)) }
    }
    return found
  }

  /// The exported declaration through which other files can name one: itself, or the function whose
  /// parameter it is.
  private func exporter(of definition: Definition) -> Declaration? {
    let declaration = definition.declaration
    if declaration.scope == 0, declaration.isPublic { return declaration }
    guard declaration.kind == .parameter, let container = declaration.container else { return nil }
    let function = definition.index.declarations[container]
    let isOwn = function.parameters?.contains { $0.span == declaration.span } ?? false
    return isOwn && function.isPublic && function.scope == 0 ? function : nil
  }

  /// The names in a file that stand for a declaration of another one.
  private func imports(
    of definition: Definition, _ exported: Declaration, in index: SymbolIndex
  ) -> [SymbolReference] {
    let isArgument = definition.declaration.id != exported.id
    var found: [SymbolReference] = []
    for declaration in index.declarations {
      guard let origin = declaration.origin,
        origin.member == nil || origin.member == exported.name,
        workspace.moduleName(origin, usedBy: index.source.name) == definition.file
      else { continue }
      let own: SymbolReference.Target =
        origin.member == nil
        ? .member(of: declaration.id, exported.name) : .declaration(declaration.id)
      if isArgument {
        let target = SymbolReference.Target.argument(of: own, definition.declaration.name)
        found += index.references.filter { $0.target == target }
      } else if origin.member == nil {
        found += index.references.filter { $0.target == own }
      } else {
        found += index.occurrences(of: declaration.id)
      }
    }
    return found
  }

  /// What is known of every script, or of those in which a word occurs.
  private func everyFile(naming word: String?) -> [SymbolIndex] {
    workspace.scripts().compactMap { name in
      if let word, !workspace.text(of: name, contains: word) { return nil }
      return workspace.index(of: name)
    }
  }
}
