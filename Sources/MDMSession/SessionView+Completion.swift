import MDMBuiltins
import MDMDeclarations
import MDMRuntime
import MDMSyntax

extension SessionView {
  /// What may stand at a cursor, the named arguments of a call first.
  ///
  /// - Parameter cursor: in Unicode scalars.
  public func complete(_ text: String, at cursor: Int) -> CompletionList {
    let scalars = text.unicodeScalars
    let cursor = max(0, min(cursor, scalars.count))
    let before = String(scalars.prefix(cursor))
    guard before.utf8.count <= Self.longestText else {
      return CompletionList(start: cursor, end: cursor)
    }
    if CellCommands.isCommand(before), !before.contains("\n") {
      if let list = completeCommand(before, cursor: cursor) { return list }
    }
    let source = SourceText(name: "input", text: text)
    let offset = before.utf8.count
    let context = CursorContext(source, at: offset)
    if case .text(let start) = context.place {
      return completeText(context, source, from: start, cursor: cursor)
    }
    let word = source.text(context.wordStart..<offset)
    let candidates = candidates(context, source, word: word)
    return CompletionList(
      start: cursor - word.unicodeScalars.count, end: cursor,
      Self.chosen(candidates, beginningWith: word))
  }

  /// Texts longer than this get no proposals: they would take too long.
  private static let longestText = 1 << 20

  /// Those that begin like a word, each text once.
  private static func chosen(
    _ candidates: [CompletionList.Candidate], beginningWith word: String
  ) -> [CompletionList.Candidate] {
    var seen: Set<String> = []
    return candidates.filter {
      $0.text.hasPrefix(word) && !(word.isEmpty && $0.text.hasPrefix("_"))
        && seen.insert($0.text).inserted
    }
  }

  private func candidates(
    _ context: CursorContext, _ source: SourceText, word: String
  ) -> [CompletionList.Candidate] {
    switch context.place {
    case .nothing, .text: return []
    case .module: return ModuleLoader.standardNames.map { .init($0, .module, type: "module") }
    case .moduleMember(let module, let isPath):
      return isPath ? [] : (StandardModules.functions(of: module) ?? []).map(Self.function)
    case .type: return catalogue.types.map { .init($0, .type, type: "type") }
    case .member: return members(of: Self.chain(source, before: context.wordStart - 1))
    case .expression:
      let index = index(around: context, in: source)
      var list: [CompletionList.Candidate] = []
      if let call = context.call, call.isAtArgument { list += arguments(of: call, index) }
      return list + names(index, at: context.wordStart, beginningWith: word)
    }
  }

  // MARK: Names

  private func names(
    _ index: SymbolIndex, at offset: Int, beginningWith word: String
  ) -> [CompletionList.Candidate] {
    // What this input itself declares above the cursor, then what others have bound.
    var list = index.visible(at: offset).filter { $0.name != "_here_" }.map { declaration in
      CompletionList.Candidate(
        declaration.name, declaration.parameters == nil ? .variable : .function,
        type: declaration.type ?? "", help: Self.line(declaration.documentation ?? ""))
    }
    for (name, known) in bound where name.hasPrefix(word) {
      if case .function(let signature) = known.value {
        list.append(Self.function(signature, called: name))
      } else {
        list.append(.init(name, .variable, type: known.value.typeName, help: known.brief))
      }
    }
    list += catalogue.functions.filter { $0.name.hasPrefix(word) }.map { Self.function($0) }
    list += catalogue.constants.map { .init($0, .variable, type: "Float", help: "a constant") }
    return list + Vocabulary.proposedWords.map { .init($0, .keyword) }
  }

  private static func function(_ signature: FunctionSignature) -> CompletionList.Candidate {
    function(signature, called: signature.name)
  }

  private static func function(
    _ signature: FunctionSignature, called name: String
  ) -> CompletionList.Candidate {
    CompletionList.Candidate(
      name, .function, type: signature.usage, help: line(signature.summary))
  }

  /// The first line of a text.
  static func line(_ text: String) -> String {
    String(text.prefix { !$0.isNewline })
  }

  /// What is declared around the cursor, although the text there may not be whole.
  private func index(around context: CursorContext, in source: SourceText) -> SymbolIndex {
    let checker = catalogue.checker(Set(bound.map(\.name)))
    func sketch(_ source: SourceText) -> (index: SymbolIndex, faults: Int) {
      let parsed = Parser.parse(source, options: Parser.Options(lastValueName: "_"))
      return (checker.examine(parsed.tree).index, parsed.diagnostics.count)
    }
    var best = sketch(source)
    for closing in [true, false] where best.faults > 0 {
      let repaired = sketch(context.repaired(source, closing: closing))
      if repaired.faults < best.faults || closing && repaired.faults == best.faults {
        best = repaired
      }
    }
    return best.index
  }

  // MARK: Members

  /// The names before a dot, outermost first: `run.evaluation` for `run.evaluation.`; empty where it
  /// is no chain of names.
  static func chain(_ source: SourceText, before dot: Int) -> [String] {
    let dotByte = UInt8(ascii: ".")
    var start = dot
    while start > 0 {
      let byte = source.bytes[start - 1]
      guard byte == dotByte || byte == UInt8(ascii: "_") || byte >= 0x80 || isAlphanumeric(byte)
      else { break }
      start -= 1
    }
    let parts = source.text(start..<max(start, dot)).split(
      separator: ".", omittingEmptySubsequences: false)
    guard !parts.isEmpty, !parts.contains(where: \.isEmpty), parts[0].first?.isNumber != true
    else { return [] }
    return parts.map(String.init)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }

  /// What a chain of names leads to.
  func value(of chain: [String]) -> KnownValue? {
    guard let first = chain.first, var value = known(first)?.value else { return nil }
    for name in chain.dropFirst() {
      guard let field = value.field(name) else { return nil }
      value = field
    }
    return value
  }

  private func members(of chain: [String]) -> [CompletionList.Candidate] {
    if let value = value(of: chain) {
      let fields = value.fieldNames.map { name -> CompletionList.Candidate in
        switch value.field(name) {
        case .function(let signature)?: Self.function(signature, called: name)
        case let field: .init(name, .field, type: field?.typeName ?? "")
        }
      }
      return fields + methods(ofType: value.typeName)
    }
    if chain.count == 1, let functions = StandardModules.functions(of: chain[0]) {
      return functions.map(Self.function)
    }
    // A value that is not known yet may have any method.
    return chain.count == 1 && known(chain[0]) != nil ? [] : catalogue.types.flatMap(methods)
  }

  private func methods(ofType type: String) -> [CompletionList.Candidate] {
    catalogue.methods(ofType: type).map { name, signature in
      .init(name, .method, type: signature?.usage ?? "", help: Self.line(signature?.summary ?? ""))
    }
  }

  // MARK: Arguments

  /// The functions that a call may mean, and whether their first argument is given already.
  func callees(
    _ call: CursorContext.Call, _ index: SymbolIndex?
  ) -> [(signature: FunctionSignature, skipsFirst: Bool)] {
    if call.isMember {
      guard let base = call.base else { return [] }
      if let known = known(base)?.value {
        if case .function(let signature)? = known.field(call.name) {
          return [(signature, call.isPiped)]
        }
        return catalogue.method(call.name, ofType: known.typeName).map { [($0, true)] } ?? []
      }
      let found = StandardModules.functions(of: base)?.first { $0.name == call.name }
      return found.map { [($0, call.isPiped)] } ?? []
    }
    if case .function(let signature)? = known(call.name)?.value {
      return [(signature, call.isPiped)]
    }
    return catalogue.meanings(of: call.name).map { ($0, call.isPiped) }
  }

  private func arguments(
    of call: CursorContext.Call, _ index: SymbolIndex
  ) -> [CompletionList.Candidate] {
    // A function that this very input declares hides the others.
    if !call.isMember,
      let own = index.visible(at: call.start).first(where: { $0.name == call.name }),
      let parameters = own.parameters
    {
      return parameters.dropFirst(call.index + (call.isPiped ? 1 : 0)).filter {
        !$0.isRest && !call.given.contains($0.name)
      }.map { .init("\($0.name): ", .argument, type: $0.text) }
    }
    return callees(call, index).flatMap { signature, skipsFirst in
      signature.parameters.dropFirst(call.index + (skipsFirst ? 1 : 0)).filter {
        !$0.isRest && !call.given.contains($0.name)
      }.map { parameter in
        let value = parameter.defaultText.map { " = \($0)" } ?? ""
        return .init(
          "\(parameter.name): ", .argument, type: "\(parameter.type)\(value)", help: parameter.help)
      }
    }
  }

  // MARK: Commands

  private func completeCommand(_ before: String, cursor: Int) -> CompletionList? {
    let line = String(before.drop { $0.isWhitespace })
    if line.hasPrefix("?") {
      let name = String(line.drop { $0 == "?" || $0.isWhitespace })
      let dot = name.lastIndex(of: ".")
      let word = dot.map { String(name[name.index(after: $0)...]) } ?? name
      let all =
        dot.map { members(of: name[..<$0].split(separator: ".").map(String.init)) }
        ?? bound.map { .init($0.name, .variable, type: $0.known.value.typeName) }
        + catalogue.functions.map { Self.function($0) }
        + ModuleLoader.standardNames.map { .init($0, .module, type: "module") }
      return CompletionList(
        start: cursor - word.unicodeScalars.count, end: cursor,
        Self.chosen(all, beginningWith: word))
    }
    guard !line.contains(where: \.isWhitespace) else { return nil }
    return CompletionList(
      start: cursor - line.unicodeScalars.count, end: cursor,
      CellCommands.all.filter { $0.name.hasPrefix(line) && $0.name != "?" }.map {
        .init($0.name, .command, type: $0.usage, help: $0.summary)
      })
  }
}
