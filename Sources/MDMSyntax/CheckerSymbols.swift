/// What the checker tells the symbol index about names.
extension Checker {
  // MARK: Declarations

  /// What is kept of a declaration; nil where no index is made.
  func note(_ kind: Declaration.Kind, _ extent: Span) -> SymbolRecorder.Note? {
    recorder == nil ? nil : SymbolRecorder.Note(kind, extent)
  }

  /// What is kept of a declaration that is a statement.
  func note(_ kind: Declaration.Kind, _ statement: Statement) -> SymbolRecorder.Note? {
    guard recorder != nil else { return nil }
    var note = SymbolRecorder.Note(kind, statement.span)
    note.documentation = statement.documentation
    switch statement.kind {
    case .function(_, let function, let isPublic), .reward(_, let function, _, _, let isPublic):
      note.function = function
      note.isPublic = isPublic
      note.type = "Function"
      note.result = Self.type(function.result)
    case .binding(let pattern, let mutable, let type, let value, let isPublic):
      note.visibleFrom = statement.span.end
      note.isPublic = isPublic
      guard case .binding = pattern.kind else { break }
      note.value = value
      note.type = Self.type(type) ?? self.type(of: value)
      if case .function(let function) = value.kind, !mutable {
        note.function = function
        note.result = Self.type(function.result)
      }
    case .parameter(_, let type, let value, let help):
      note.visibleFrom = statement.span.end
      note.documentation = statement.documentation ?? help
      note.type = Self.type(type) ?? self.type(of: value)
    default: break
    }
    return note
  }

  /// What is kept of a function's parameter.
  func note(_ parameter: Parameter) -> SymbolRecorder.Note? {
    guard recorder != nil else { return nil }
    var note = SymbolRecorder.Note(
      .parameter, SymbolRecorder.extent(parameter), visibleFrom: parameter.name.span.end)
    note.type = parameter.isRest ? "List" : Self.type(parameter.type)
    return note
  }

  /// What is kept of a name that a `use` binds.
  func importNote(
    _ kind: Declaration.Kind, _ name: Name, _ module: Name, isPath: Bool
  ) -> SymbolRecorder.Note? {
    guard recorder != nil else { return nil }
    let extent = kind == .module ? module.span.through(name.span) : name.span
    var note = SymbolRecorder.Note(kind, extent, visibleFrom: extent.end)
    note.origin = Declaration.Origin(
      module: module.text, isPath: isPath, member: kind == .importedMember ? name.text : nil,
      moduleSpan: module.span)
    return note
  }

  /// Names that later alternatives of a pattern bind again, and fields that bind by their key alone.
  mutating func recordAlternatives(_ pattern: Pattern) {
    switch pattern.kind {
    case .either(let alternatives):
      for (position, alternative) in alternatives.enumerated() {
        recordAlternatives(alternative)
        guard position > 0 else { continue }
        for name in Self.names(alternative) {
          guard let id = entry(name.text)?.symbol else { continue }
          recorder?.refer(name.span, .declaration(id), isWrite: true)
        }
      }
    case .list(let elements, _): for element in elements { recordAlternatives(element) }
    case .record(let fields):
      for (key, field) in fields {
        if case .binding = field.kind, key.span == field.span {
          recorder?.shorthands.insert(key.span.start)
        }
        recordAlternatives(field)
      }
    case .wildcard, .binding, .literal, .range: break
    }
  }

  // MARK: References

  func recordAssignment(_ name: String, at span: Span) {
    guard let recorder else { return }
    if let entry = entry(name) {
      if let id = entry.symbol { recorder.refer(span, .declaration(id), isWrite: true) }
    } else if isGlobal(name) {
      recorder.refer(span, .builtIn(name))
    } else if let later = scopes.reversed().lazy.compactMap({ $0.later[name] }).first {
      recorder.refer(span, name, later: later)
    } else {
      recorder.refer(span, .unknown(name))
    }
  }

  func recordMember(_ base: Expression, _ name: Name) {
    guard let recorder else { return }
    let owner = declaration(behind: base)
    if let owner, let origin = recorder.origin(of: owner), origin.member == nil {
      recorder.refer(name.span, .member(of: owner, name.text))
    } else if let owner, let field = recorder.field(name.text, of: owner) {
      recorder.refer(name.span, .declaration(field))
    } else {
      recorder.refer(name.span, .field(name.text, ofType: type(of: base)))
    }
  }

  /// The declaration that a name, or a chain of known fields, stands for.
  private func declaration(behind expression: Expression) -> Int? {
    switch expression.kind {
    case .name(let name): entry(name)?.symbol
    case .member(let base, let field):
      declaration(behind: base).flatMap { recorder?.field(field.text, of: $0) }
    default: nil
    }
  }

  func recordArguments(_ arguments: [Argument], of callee: Expression) {
    let target: SymbolReference.Target
    switch callee.kind {
    case .name(let name):
      if let id = entry(name)?.symbol {
        target = .declaration(id)
      } else if isFunction(name) {
        target = .builtIn(name)
      } else {
        return
      }
    case .member(let base, let member):
      guard let owner = declaration(behind: base), let recorder else { return }
      if recorder.origin(of: owner) != nil {
        target = .member(of: owner, member.text)
      } else if let field = recorder.field(member.text, of: owner) {
        target = .declaration(field)
      } else {
        return
      }
    default: return
    }
    for argument in arguments {
      if let name = Self.name(argument) { recorder?.argument(name, of: target) }
    }
  }

  // MARK: Types

  private static func type(_ annotation: TypeAnnotation?) -> String? {
    guard let annotation, annotation.names.count == 1 else { return nil }
    return annotation.names[0].text == "Any" ? nil : annotation.names[0].text
  }

  /// The type of an expression's value, as far as it is plain to see.
  private func type(of expression: Expression) -> String? {
    switch expression.kind {
    case .bool: "Bool"
    case .int: "Int"
    case .float: "Float"
    case .duration: "Duration"
    case .size: "Size"
    case .string, .interpolation: "String"
    case .list: "List"
    case .record: "Record"
    case .mixture: "Mixture"
    case .spawn: "Job"
    case .range: "Range"
    case .function, .fieldFunction: "Function"
    case .name(let name): entry(name)?.symbol.flatMap { recorder?.type(of: $0) }
    case .call(let callee, _), .pipe(_, let callee, _):
      result(of: callee)
    default: nil
    }
  }

  /// The type of what a call gives.
  private func result(of callee: Expression) -> String? {
    guard case .name(let name) = callee.kind else { return nil }
    if let id = entry(name)?.symbol { return recorder?.result(of: id) }
    switch result(of: name) {
    case nil, .any, .number, .either: return nil
    case .some(let type): return type.description
    }
  }
}
