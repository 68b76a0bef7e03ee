/// What a module exports, as far as the files that use it are checked against it.
public struct ModuleInterface: Sendable {
  /// How each exported name may be called; nil where it is no function that is known.
  let members: [String: CallSignature?]

  /// The exported names.
  public var names: Set<String> { Set(members.keys) }

  init(members: [String: CallSignature?]) { self.members = members }

  /// The `pub` declarations of a tree.
  public init(_ tree: SyntaxTree) {
    let checker = Checker(of: tree.source)
    var members: [String: CallSignature?] = [:]
    for statement in tree.statements {
      switch statement.kind {
      case .function(let name, let function, isPublic: true),
        .reward(let name, let function, _, _, isPublic: true):
        members[name.text] = .some(checker.signature(name.text, function))
      case .binding(let pattern, let isMutable, _, let value, isPublic: true):
        for name in Checker.names(pattern) { members[name.text] = .some(nil) }
        if case .binding(let name) = pattern.kind, case .function(let function) = value.kind,
          !isMutable
        {
          members[name] = .some(checker.signature(name, function))
        }
      default: break
      }
    }
    self.members = members
  }
}

/// One `use` of a tree.
public struct ModuleUse: Sendable {
  /// The module's name or path as written.
  public let module: Name
  public let isPath: Bool
}

extension SyntaxTree {
  /// The modules that the tree uses, in order; `use` stands only at the top level.
  public var uses: [ModuleUse] {
    statements.compactMap {
      guard case .use(let module, let isPath, _, _) = $0.kind else { return nil }
      return ModuleUse(module: module, isPath: isPath)
    }
  }
}

extension Diagnostic {
  /// A `use` of what does not exist.
  public static func unknownModule(_ use: ModuleUse, in source: SourceText, hint: String) -> Self {
    Diagnostic(
      code: "E0313", "there is no module `\(use.module.text)`", at: (source, use.module.span),
      hint: hint)
  }

  /// A `use` of a module that waits for this file.
  ///
  /// - Parameter circle: the files in the order of their use, the first one again at the end.
  public static func moduleCircle(
    _ use: ModuleUse, in source: SourceText, circle: [String]
  ) -> Self {
    Diagnostic(
      code: "E0314", "modules use each other in a circle", at: (source, use.module.span),
      hint: "move what both need into a third module", notes: [circle.joined(separator: " uses ")])
  }
}
