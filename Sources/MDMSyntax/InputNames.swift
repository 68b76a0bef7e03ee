/// What earlier inputs declare at their top level, as far as later ones are checked against it
/// before any of them runs.
public struct InputNames: Sendable {
  /// All names that later inputs may use.
  public private(set) var names: Set<String> = []
  /// Those that cannot be assigned to.
  public private(set) var constants: Set<String> = []
  /// How functions may be called.
  private(set) var signatures: [String: CallSignature] = [:]
  /// The modules behind names, as `use` writes them.
  private(set) var modules: [String: String] = [:]

  public init() {}

  /// Adds a name of which nothing else is known.
  public mutating func add(_ name: String) {
    forget(name)
    names.insert(name)
  }

  /// Adds what an input declares that will have run.
  public mutating func add(_ tree: SyntaxTree) {
    let checker = Checker(of: tree.source)
    for statement in tree.statements {
      switch statement.kind {
      case .binding(let pattern, let isMutable, _, let value, _):
        for name in Checker.names(pattern) { declare(name.text, isConstant: !isMutable) }
        if case .binding(let name) = pattern.kind, case .function(let function) = value.kind,
          !isMutable
        {
          signatures[name] = checker.signature(name, function)
        }
      case .function(let name, let function, _), .reward(let name, let function, _, _, _):
        declare(name.text, isConstant: true)
        signatures[name.text] = checker.signature(name.text, function)
      case .parameter(let name, _, _, _): declare(name.text, isConstant: true)
      case .use(let module, let isPath, let alias, let members):
        for member in members { declare(member.text, isConstant: true) }
        if let name = alias ?? (members.isEmpty && !isPath ? module : nil) {
          declare(name.text, isConstant: true)
          modules[name.text] = module.text
        }
      default: break
      }
    }
  }

  /// Adds what an input declares of which nobody knows whether it will have run.
  public mutating func addPossible(_ tree: SyntaxTree) {
    var possible = InputNames()
    possible.add(tree)
    for name in possible.names { add(name) }
  }

  /// Adds every name of an input that cannot be read: any may be declared.
  public mutating func addAll(of source: SourceText) {
    for name in Lexer.lex(source).tokens.compactMap(\.name) { add(name) }
  }

  private mutating func declare(_ name: String, isConstant: Bool) {
    guard name != "_" else { return }
    forget(name)
    names.insert(name)
    if isConstant { constants.insert(name) }
  }

  private mutating func forget(_ name: String) {
    constants.remove(name)
    signatures[name] = nil
    modules[name] = nil
  }
}

extension Token {
  fileprivate var name: String? {
    if case .name(let name) = kind { name } else { nil }
  }
}
