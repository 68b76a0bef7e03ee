import MDMDeclarations
import MDMJSON
import MDMRuntime
import MDMSyntax

/// What may stand at the cursor.
extension LanguageServer {
  /// Groups of proposals, best first.
  enum Rank: Int { case argument, local, own, builtIn, keyword }

  /// The numbers of the protocol's `CompletionItemKind`.
  enum ItemKind: Int {
    case method = 2
    case function = 3
    case field = 5
    case variable = 6
    case module = 9
    case property = 10
    case keyword = 14
    case constant = 21
    case type = 25
  }

  func completion(_ params: JSONNode) throws(RequestError) -> JSONNode {
    let (document, offset) = try place(params)
    guard document.source.bytes.count <= Self.maximumText else { return .null }
    let context = CursorContext(document.source, at: offset)
    var items: [Item] = []
    switch context.place {
    case .nothing, .text: return []
    case .module:
      items = session.standardModuleNames.map { Item($0, .module, .own) }
    case .moduleMember(let module, let isPath):
      let name = session.moduleName(module, isPath: isPath, usedBy: document.name)
      if let index = workspace.index(of: name) { items = exports(index) }
    case .type:
      items = types.map { Item($0, .type, .builtIn) }
    case .member(let base):
      items = members(of: base, index(around: context, in: document), offset: context.wordStart)
    case .expression:
      let index = index(around: context, in: document)
      if let call = context.call, call.isAtArgument {
        items += arguments(of: call, in: index)
      }
      items += names(index, at: context.wordStart)
    }
    let range = range(Span(context.wordStart, offset), in: document.lines)
    let markdown = client.documentationIsMarkdown
    return .array(items.map { $0.node(range, markdown: markdown) })
  }

  /// One proposal.
  struct Item {
    let label: String
    let kind: ItemKind
    let rank: Rank
    var detail: String?
    var documentation: String?
    var insertion: String?

    init(
      _ label: String, _ kind: ItemKind, _ rank: Rank, detail: String? = nil,
      documentation: String? = nil, insertion: String? = nil
    ) {
      self.label = label
      self.kind = kind
      self.rank = rank
      self.detail = detail
      self.documentation = documentation
      self.insertion = insertion
    }

    func node(_ range: JSONNode, markdown: Bool) -> JSONNode {
      var members: [JSONNode.Member] = []
      func add(_ name: String, _ value: JSONNode) {
        members.append(JSONNode.Member(name: name, value: value))
      }
      add("label", .string(label))
      add("kind", .int(kind.rawValue))
      add("sortText", .string("\(rank.rawValue)\(label)"))
      if let detail { add("detail", .string(detail)) }
      if let documentation, !documentation.isEmpty {
        // A plain string is what clients take that name no format.
        add(
          "documentation",
          markdown
            ? ["kind": "markdown", "value": .string(documentation)] : .string(documentation))
      }
      add("textEdit", ["range": range, "newText": .string(insertion ?? label)])
      return .object(members)
    }
  }

  // MARK: The index

  /// What is known around the cursor, although the text there may not be whole.
  func index(around context: CursorContext, in document: Document) -> SymbolIndex {
    let analysis = workspace.analysis(document)
    guard analysis.hasSyntaxErrors else { return analysis.index }
    var best = (index: analysis.index, faults: analysis.diagnostics.count)
    for closing in [true, false] where best.faults > 0 {
      let repaired = session.sketch(context.repaired(document.source, closing: closing))
      if repaired.faults < best.faults || closing && repaired.faults == best.faults {
        best = repaired
      }
    }
    return best.index
  }

  // MARK: Names

  private func names(_ index: SymbolIndex, at offset: Int) -> [Item] {
    var items = index.visible(at: offset).filter { $0.name != "_here_" }.map { item($0, index) }
    var seen = Set(items.map(\.label))
    for signature in builtInFunctions where seen.insert(signature.name).inserted {
      items.append(
        Item(
          signature.name, .function, .builtIn, detail: signature.usage,
          documentation: signature.summary))
    }
    for name in session.machine.constantNames.sorted() where seen.insert(name).inserted {
      items.append(Item(name, .constant, .builtIn))
    }
    return items + Vocabulary.proposedWords.map { Item($0, .keyword, .keyword) }
  }

  private func item(_ declaration: Declaration, _ index: SymbolIndex) -> Item {
    let target = definition(of: .declaration(declaration.id), in: index)
    let known = target?.declaration ?? declaration
    return Item(
      declaration.name, Self.kind(known), declaration.scope == 0 ? .own : .local,
      detail: Self.code(known, target?.index ?? index),
      documentation: known.documentation.map(Self.firstParagraph))
  }

  private static func firstParagraph(_ text: String) -> String {
    text.split(separator: "\n\n", maxSplits: 1).first.map(String.init) ?? text
  }

  static func kind(_ declaration: Declaration) -> ItemKind {
    switch declaration.kind {
    case .function, .reward, .importedMember: .function
    case .module: .module
    case .field: .field
    case .constant where declaration.parameters != nil: .function
    case .constant, .scriptParameter: .constant
    default: .variable
    }
  }

  // MARK: Members

  private func members(of base: String?, _ index: SymbolIndex, offset: Int) -> [Item] {
    let declaration = base.flatMap { base in
      index.visible(at: offset).first { $0.name == base }
    }
    if let declaration, declaration.kind == .module, let origin = declaration.origin {
      let name = workspace.moduleName(origin, usedBy: index.source.name)
      return workspace.index(of: name).map(exports) ?? []
    }
    let fields = declaration.map { index.fields(of: $0.id) } ?? []
    return fields.map { item($0, index) } + methods(ofType: declaration?.type)
  }

  private func exports(_ index: SymbolIndex) -> [Item] {
    index.declarations.filter { $0.isPublic && $0.scope == 0 }.map { item($0, index) }
  }

  /// The methods of a type, or of all types where it is not known.
  private func methods(ofType type: String?) -> [Item] {
    let types = type.map { [$0] } ?? Array(self.types)
    let names = Set(types.flatMap { session.machine.methodNames(ofType: $0) })
    return names.sorted().map { name in
      let signature = builtIns.last { $0.name == name }
      return Item(
        name, .method, .builtIn, detail: signature?.usage, documentation: signature?.summary)
    }
  }

  // MARK: Arguments

  private func arguments(of call: CursorContext.Call, in index: SymbolIndex) -> [Item] {
    var items: [Item] = []
    for callee in callees(call, in: index) {
      let taken = call.index + (callee.skipsFirst ? 1 : 0)
      for (position, parameter) in callee.parameters.enumerated()
      where position >= taken && !parameter.isRest && !call.given.contains(parameter.name)
        && !items.contains(where: { $0.label == "\(parameter.name):" })
      {
        items.append(
          Item(
            "\(parameter.name):", .property, .argument, detail: parameter.label,
            documentation: parameter.help, insertion: "\(parameter.name): "))
      }
    }
    return items
  }
}
