import MDMDeclarations
import MDMJSON
import MDMSyntax

/// What a call takes, while it is being written.
extension LanguageServer {
  /// A function that a call may mean.
  struct Callee {
    struct Parameter {
      let name: String
      /// With type and default.
      let label: String
      let isRest: Bool
      let help: String
    }

    let name: String
    let parameters: [Parameter]
    let result: String?
    let documentation: String
    /// Whether the first parameter is given already: by a pipe, or as the value of a method.
    let skipsFirst: Bool
  }

  func signatureHelp(_ params: JSONNode) throws(RequestError) -> JSONNode {
    let (document, offset) = try place(params)
    guard document.source.bytes.count <= Self.maximumText else { return .null }
    let context = CursorContext(document.source, at: offset)
    guard let call = context.call, !context.isInText else { return .null }
    let callees = callees(call, in: index(around: context, in: document))
    guard !callees.isEmpty else { return .null }
    let active = callees.map { Self.active($0, call) }
    let best = active.firstIndex { $0 != nil } ?? 0
    let signatures = zip(callees, active).map { callee, active -> JSONNode in
      let node = signature(callee)
      return active.map { node.adding("activeParameter", .int($0)) } ?? node
    }
    return [
      "signatures": .array(signatures), "activeSignature": .int(best),
      // Past the last one where no parameter takes the argument.
      "activeParameter": .int(active[best] ?? callees[best].parameters.count),
    ]
  }

  private func signature(_ callee: Callee) -> JSONNode {
    var label = "\(callee.name)("
    var parameters: [JSONNode] = []
    for (index, parameter) in callee.parameters.enumerated() {
      if index > 0 { label += ", " }
      let start = label.utf16.count
      label += parameter.label
      let node: JSONNode = ["label": [.int(start), .int(label.utf16.count)]]
      parameters.append(
        parameter.help.isEmpty ? node : node.adding("documentation", .string(parameter.help)))
    }
    label += ")"
    if let result = callee.result { label += " -> \(result)" }
    let node: JSONNode = ["label": .string(label), "parameters": .array(parameters)]
    return callee.documentation.isEmpty
      ? node : node.adding("documentation", .string(callee.documentation))
  }

  /// The parameter that takes the argument at the cursor.
  private static func active(_ callee: Callee, _ call: CursorContext.Call) -> Int? {
    if let name = call.argument {
      return callee.parameters.firstIndex { $0.name == name && !$0.isRest }
    }
    let position = call.index + (callee.skipsFirst ? 1 : 0)
    let rest = callee.parameters.firstIndex(where: \.isRest)
    if let rest, position >= rest { return rest }
    return position < callee.parameters.count ? position : nil
  }

  // MARK: Callees

  /// The functions that a call may mean: one of the script or of a module, or the built-in ones.
  func callees(_ call: CursorContext.Call, in index: SymbolIndex) -> [Callee] {
    let visible = index.visible(at: call.start)
    if call.isMember {
      guard let base = call.base.flatMap({ base in visible.first { $0.name == base } }) else {
        return methods(call.name, ofType: nil)
      }
      if base.kind == .module {
        return definition(of: .member(of: base.id, call.name), in: index).flatMap {
          callee($0, isPiped: call.isPiped)
        }.map { [$0] } ?? []
      }
      if let field = index.fields(of: base.id).first(where: { $0.name == call.name }) {
        let found = Definition(index: index, declaration: field)
        return callee(found, isPiped: call.isPiped).map { [$0] } ?? []
      }
      return methods(call.name, ofType: base.type)
    }
    if let own = visible.first(where: { $0.name == call.name }) {
      return definition(of: .declaration(own.id), in: index).flatMap {
        callee($0, isPiped: call.isPiped)
      }.map { [$0] } ?? []
    }
    return builtInFunctions.filter { $0.name == call.name }.map {
      callee($0, skipsFirst: call.isPiped)
    }
  }

  private func methods(_ name: String, ofType type: String?) -> [Callee] {
    if let type, !session.machine.methodNames(ofType: type).contains(name) { return [] }
    guard let signature = builtIns.last(where: { $0.name == name }) else { return [] }
    return [callee(signature, skipsFirst: true)]
  }

  private func callee(_ signature: FunctionSignature, skipsFirst: Bool) -> Callee {
    Callee(
      name: signature.name,
      parameters: signature.parameters.map {
        Callee.Parameter(
          name: $0.name, label: Self.text($0), isRest: $0.isRest, help: $0.help)
      },
      result: signature.result == .any ? nil : signature.result.description,
      documentation: signature.summary, skipsFirst: skipsFirst)
  }

  private func callee(_ definition: Definition, isPiped: Bool) -> Callee? {
    guard let parameters = definition.declaration.parameters else { return nil }
    return Callee(
      name: definition.declaration.name,
      parameters: parameters.map {
        Callee.Parameter(name: $0.name, label: $0.text, isRest: $0.isRest, help: "")
      }, result: nil, documentation: definition.declaration.documentation ?? "",
      skipsFirst: isPiped)
  }
}
