import MDMDeclarations
import MDMJSON
import MDMSyntax

/// What a name is: its declaration and its documentation.
extension LanguageServer {
  func hover(_ params: JSONNode) throws(RequestError) -> JSONNode {
    guard let (index, occurrence) = try occurrence(params),
      let text = description(occurrence.target, in: index)
    else { return .null }
    let document = try document(params)
    return [
      "contents": markup(text, markdown: client.hoverIsMarkdown),
      "range": range(occurrence.span, in: document.lines),
    ]
  }

  /// A text with code first, in Markdown or without it.
  struct Description {
    var code: String
    var paragraphs: [String] = []
  }

  func markup(_ text: Description, markdown: Bool) -> JSONNode {
    let code = markdown ? "```mdm\n\(text.code)\n```" : text.code
    return [
      "kind": markdown ? "markdown" : "plaintext",
      "value": .string(([code] + text.paragraphs).joined(separator: "\n\n")),
    ]
  }

  private func description(_ target: SymbolReference.Target, in index: SymbolIndex) -> Description?
  {
    switch target {
    case .builtIn(let name): return describe(builtIn: name)
    case .field(let name, let type): return describe(method: name, ofType: type)
    case .argument(of: .builtIn(let function), let name):
      for signature in signatures(function) {
        guard let parameter = signature.parameters.first(where: { $0.name == name }) else {
          continue
        }
        return Description(
          code: Self.text(parameter), paragraphs: parameter.help.isEmpty ? [] : [parameter.help])
      }
      return nil
    default: return definition(of: target, in: index).map(describe)
    }
  }

  /// The declarations of a built-in function, one for each way to call it.
  func signatures(_ name: String) -> [FunctionSignature] {
    builtIns.filter { $0.name == name }
  }

  private func describe(builtIn name: String) -> Description? {
    let signatures = signatures(name)
    guard let first = signatures.first else {
      return session.machine.constantNames.contains(name)
        ? Description(code: name, paragraphs: ["A constant."]) : nil
    }
    var text = Self.describe(first)
    for other in signatures.dropFirst() {
      let further = Self.describe(other)
      text.paragraphs += ["Or `\(further.code)`:"] + further.paragraphs
    }
    return text
  }

  /// The built-in method of a type; of a type that is not known, the method that may be meant.
  private func describe(method name: String, ofType type: String?) -> Description? {
    if let type {
      guard session.machine.methodNames(ofType: type).contains(name) else { return nil }
      return builtIns.last { $0.name == name }.map(Self.describe)
    }
    guard types.contains(where: { session.machine.methodNames(ofType: $0).contains(name) }),
      let signature = builtIns.last(where: { $0.name == name })
    else { return nil }
    var text = Self.describe(signature)
    text.paragraphs.insert("Of a value without a field of this name:", at: 0)
    return text
  }

  static func describe(_ signature: FunctionSignature) -> Description {
    var text = Description(code: signature.usage, paragraphs: [signature.summary])
    if !signature.details.isEmpty { text.paragraphs.append(signature.details) }
    let explained = signature.parameters.filter { !$0.help.isEmpty }
    if !explained.isEmpty {
      text.paragraphs.append(
        explained.map { "- `\($0.name)`: \($0.help)" }.joined(separator: "\n"))
    }
    for example in signature.examples.prefix(2) {
      var code = example.code
      if let prints = example.prints {
        code += prints.split(separator: "\n").map { "\n# \($0)" }.joined()
      }
      text.paragraphs.append("```mdm\n\(code)\n```")
    }
    if let source = signature.source { text.paragraphs.append("Source: \(source)") }
    return text
  }

  static func text(_ parameter: ParameterDeclaration) -> String {
    var text = (parameter.isRest ? ".." : "") + parameter.name
    if parameter.type != .any { text += ": \(parameter.type)" }
    if let value = parameter.defaultText { text += " = \(value)" }
    return text
  }

  private func describe(_ definition: Definition) -> Description {
    let (index, declaration) = (definition.index, definition.declaration)
    var text = Description(code: Self.code(declaration, index))
    if let type = declaration.type, type != "Function", !text.code.contains(": \(type)") {
      text.code += "  # \(type)"
    }
    if let documentation = declaration.documentation { text.paragraphs.append(documentation) }
    if declaration.kind == .module, let origin = declaration.origin {
      let name = workspace.moduleName(origin, usedBy: index.source.name)
      if let module = workspace.index(of: name) {
        let names = module.declarations.filter { $0.isPublic && $0.scope == 0 }.map(\.name)
        text.paragraphs.append(
          names.isEmpty ? "It exports nothing." : "Exports \(names.joined(separator: ", ")).")
      }
    }
    if declaration.scope == 0, declaration.isPublic, workspace.documents[definition.file] == nil {
      text.paragraphs.append("From \(definition.file).")
    }
    return text
  }

  /// What a declaration looks like, in one line or up to its body.
  static func code(_ declaration: Declaration, _ index: SymbolIndex) -> String {
    let source = index.source
    switch declaration.kind {
    case .parameter: return "\(source.text(declaration.extent))  # parameter"
    case .loopVariable: return "for \(declaration.name)"
    case .matchBinding: return "\(declaration.name)  # bound by a pattern"
    case .caught: return "catch \(declaration.name)"
    case .seed: return "seed  # of this try"
    case .test, .importedMember, .module:
      if let origin = declaration.origin {
        let module = source.text(origin.moduleSpan)
        if let member = origin.member { return "use \(module): \(member)" }
        return origin.module == declaration.name
          ? "use \(module)" : "use \(module) as \(declaration.name)"
      }
      return source.text(declaration.header)
    default: break
    }
    let text = source.text(declaration.header)
    if declaration.parameters != nil, declaration.kind != .field {
      return String(text.reversed().drop { $0 == " " || $0 == "\n" }.reversed())
    }
    let line = text.prefix { $0 != "\n" && $0 != "\r\n" }
    let short = line.prefix(160)
    return short.utf8.count == text.utf8.count ? text : short + " …"
  }
}
