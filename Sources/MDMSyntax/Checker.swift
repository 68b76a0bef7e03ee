import MDMDeclarations

/// Checks a tree before its first statement runs: names, calls, literal mixtures.
public struct Checker {
  /// What is known around the tree.
  public struct Options: Sendable {
    /// Whether names at the top level may be declared again: REPL chunks and notebook cells.
    public var allowsRedefinition = false
    /// Top-level names of earlier chunks that cannot be assigned to (bound by `let` or `fn`).
    public var constants: Set<String> = []
    /// What earlier chunks declare that have not run yet.
    public var earlier = InputNames()
    /// What the modules that are known export, by module name or path as `use` writes it.
    public var modules: [String: ModuleInterface] = [:]
    /// What names of built-in functions stand for besides, for first arguments of other types.
    public var overloads: [String: [FunctionSignature]] = [:]
    /// The training domains that mixtures may name; nil where they are not known.
    public var domains: Set<String>?
    /// The types of annotations besides those of the language and of the signatures.
    public var types: Set<String> = []
    /// Whether to warn about names that hide others, unused names and unreachable statements.
    public var warns = true

    public init() {}
  }

  /// More errors than this are not reported for one tree.
  public static let maximumErrors = 10
  /// The types of the language and its domain.
  public static let types: Set<String> = [
    "Any", "None", "Bool", "Int", "Number", "Float", "String", "Duration", "Size", "List", "Record",
    "Map", "Range", "Function", "Table", "Tensor", "Image", "Dataset", "Example", "Reward",
    "Mixture", "Policy", "Run", "Score", "Law", "Plot", "Suite", "Completion", "Module", "Error",
  ]

  let options: Options
  /// All types that annotations may name.
  let types: Set<String>
  let globals: Set<String>
  private let signatures: [String: FunctionSignature]
  var source = SourceText(name: "", text: "")
  var scopes: [CheckerScope] = []
  var diagnostics: [Diagnostic] = []
  var functionDepth = 0
  var loopDepth = 0
  var deferDepth = 0
  /// Takes down all names for editors; nil where only the diagnostics are wanted.
  var recorder: SymbolRecorder?

  /// - Parameters:
  ///   - signatures: the built-in functions by name.
  ///   - globals: other names that exist, such as those of earlier REPL chunks; one of them hides
  ///     the built-in function of the same name, so its calls are not checked.
  ///   - domains: the training domains that mixtures may name; nil where they are not known.
  public init(
    signatures: [String: FunctionSignature], globals: Set<String> = [],
    domains: Set<String>? = nil
  ) {
    var options = Options()
    options.domains = domains
    self.init(signatures: signatures, globals: globals, options: options)
  }

  /// - Parameters:
  ///   - signatures: the built-in functions by name.
  ///   - globals: other names that exist, such as those of earlier REPL chunks; one of them hides
  ///     the built-in function of the same name, so its calls are not checked.
  public init(
    signatures: [String: FunctionSignature], globals: Set<String> = [], options: Options
  ) {
    self.signatures = signatures
    self.globals = globals
    self.options = options
    var known = Self.types.union(options.types)
    for signature in Array(signatures.values) + options.overloads.values.flatMap({ $0 }) {
      for type in signature.parameters.map(\.type) + [signature.result] {
        Self.collectDomainTypes(type, &known)
      }
    }
    types = known
  }

  /// A checker that only answers about signatures.
  init(of source: SourceText) {
    self.init(signatures: [:])
    self.source = source
  }

  private static func collectDomainTypes(_ type: ScriptType, _ known: inout Set<String>) {
    switch type {
    case .domain(let name): known.insert(name)
    case .either(let parts): for part in parts { collectDomainTypes(part, &known) }
    default: break
    }
  }

  /// What is wrong with a tree that was parsed without errors, in the order of the text.
  public func check(_ tree: SyntaxTree) -> [Diagnostic] {
    walk(tree, nil)
  }

  /// What is wrong with a tree, and what each name in it stands for.
  ///
  /// The diagnostics of a tree that was parsed with errors are of no use, its index is.
  public func examine(_ tree: SyntaxTree) -> (diagnostics: [Diagnostic], index: SymbolIndex) {
    let recorder = SymbolRecorder(tree.source)
    let diagnostics = walk(tree, recorder)
    return (diagnostics, recorder.index())
  }

  private func walk(_ tree: SyntaxTree, _ recorder: SymbolRecorder?) -> [Diagnostic] {
    var worker = self
    worker.source = tree.source
    worker.recorder = recorder
    worker.enterScope(Span(0, tree.source.bytes.count))
    worker.block(tree.statements)
    worker.leaveScope()
    let sorted = worker.diagnostics.enumerated().sorted { left, right in
      let starts = (left.element.place?.span.start ?? 0, right.element.place?.span.start ?? 0)
      return starts.0 == starts.1 ? left.offset < right.offset : starts.0 < starts.1
    }
    var errors = 0
    return sorted.map(\.element).filter { diagnostic in
      guard diagnostic.severity == .error else { return options.warns }
      errors += 1
      return errors <= Self.maximumErrors
    }
  }

  // MARK: Reports

  /// - Parameter nearest: what was probably meant in place of the span; it goes before the hint.
  mutating func error(
    _ code: String, _ message: String, at span: Span, nearest: String? = nil, hint: String? = nil,
    notes: [String] = [], related: [Span] = []
  ) {
    let question = nearest.map { "did you mean `\($0)`?" }
    var diagnostic = Diagnostic(
      code: code, message, at: (source, span), hint: question ?? hint, notes: notes)
    diagnostic.related = related
    if let nearest { diagnostic.fixes = [Diagnostic.Fix("write `\(nearest)`", span, nearest)] }
    diagnostics.append(diagnostic)
  }

  mutating func warn(
    _ code: String, _ message: String, at span: Span, hint: String? = nil, related: [Span] = [],
    fix: Diagnostic.Fix? = nil
  ) {
    var diagnostic = Diagnostic(.warning, code: code, message, at: (source, span), hint: hint)
    diagnostic.related = related
    diagnostic.fixes = fix.map { [$0] } ?? []
    diagnostics.append(diagnostic)
  }

  /// The 1-based line of a span, for notes.
  func line(_ span: Span) -> Int { source.position(of: Int(span.start)).line }

  // MARK: Scopes

  /// - Parameter span: the text in which the scope's names can be used.
  mutating func enterScope(_ span: Span) {
    scopes.append(CheckerScope())
    recorder?.enter(span)
  }

  mutating func leaveScope() {
    recorder?.leave()
    guard let scope = scopes.popLast() else { return }
    for (name, entry) in scope.names where !entry.isUsed && !name.hasPrefix("_") {
      if entry.isLocal, functionDepth > 0 {
        warn(
          "W0302", "`\(name)` is never used", at: entry.span,
          hint: "remove it, or call it `_\(name)`",
          // A field that a pattern binds by its key alone cannot be called otherwise.
          fix: entry.isAlone
            ? Diagnostic.Fix("call it `_\(name)`", entry.span, "_\(name)") : nil)
      } else if entry.kind == .module, !options.allowsRedefinition {
        warn("W0302", "`\(name)` is imported and never used", at: entry.span, hint: "remove it")
      }
    }
  }

  /// Says once where a name is written like_this in other languages.
  private mutating func convention(_ name: Name) {
    guard let snake = Self.snakeCase(name.text) else { return }
    warn(
      "W0307", "names are written in snake_case", at: name.span, hint: "call it `\(snake)`")
  }

  /// The snake_case of a camelCase name; nil for names that are none, `N` and `MAX_STEPS` included.
  static func snakeCase(_ name: String) -> String? {
    var snake = ""
    var wasLower = false
    var changed = false
    for character in name {
      if character.isUppercase, wasLower {
        snake += "_"
        changed = true
      }
      wasLower = character.isLowercase || character.isNumber
      snake += changed || snake.isEmpty ? character.lowercased() : String(character)
    }
    return changed ? snake.lowercased() : nil
  }

  /// Declares a name in the innermost block.
  mutating func declare(
    _ name: Name, _ kind: CheckerScope.Kind, signature: CallSignature? = nil,
    module: String? = nil, isLocal: Bool = false,
    noting note: SymbolRecorder.Note?
  ) {
    guard name.text != "_" else { return }
    if kind != .module { convention(name) }
    let inner = scopes.count - 1
    if let known = scopes[inner].names[name.text], known.span != name.span {
      if !(inner == 0 && options.allowsRedefinition) {
        error(
          "E0305", "`\(name.text)` is declared already in this block", at: name.span,
          hint: known.kind == .variable
            ? "write `\(name.text) = …` to give it a new value" : "choose another name",
          notes: ["declared on line \(line(known.span))"], related: [known.span])
      }
    } else if inner > 0, kind != .parameter,
      let hidden = scopes[..<inner].reversed().lazy.compactMap({ $0.names[name.text] }).first
    {
      warn(
        "W0301", "`\(name.text)` hides the `\(name.text)` of line \(line(hidden.span))",
        at: name.span,
        hint: hidden.kind == .variable
          ? "leave out the declaration to change that one, or choose another name"
          : "choose another name", related: [hidden.span])
    }
    scopes[inner].names[name.text] = CheckerScope.Entry(
      kind: kind, span: name.span, signature: signature, module: module, isLocal: isLocal,
      symbol: note.flatMap { recorder?.declare(name, $0) })
    scopes[inner].later[name.text] = nil
  }

  /// How a member of a module that is used under a name may be called.
  func signature(of member: Name, in module: String) -> CallSignature? {
    guard let path = self.module(behind: module),
      let member = options.modules[path]?.members[member.text]
    else { return nil }
    return member
  }

  /// The module that a name stands for, as `use` writes it.
  func module(behind name: String) -> String? {
    if let entry = entry(name) { return entry.module }
    return options.earlier.modules[name]
  }

  /// The innermost declaration of a name in the tree.
  func entry(_ name: String) -> CheckerScope.Entry? {
    for scope in scopes.reversed() {
      if let entry = scope.names[name] { return entry }
    }
    return nil
  }

  /// Whether a name stands for a built-in function.
  func isFunction(_ name: String) -> Bool { !globals.contains(name) && signatures[name] != nil }

  func isGlobal(_ name: String) -> Bool { globals.contains(name) || signatures[name] != nil }

  /// Looks a name up and reports it where it is unknown.
  mutating func resolve(_ name: String, at span: Span) {
    for index in scopes.indices.reversed() where scopes[index].names[name] != nil {
      scopes[index].names[name]?.isUsed = true
      if let id = scopes[index].names[name]?.symbol { recorder?.refer(span, .declaration(id)) }
      return
    }
    if isGlobal(name) {
      recorder?.refer(span, .builtIn(name))
      return
    }
    if name == "_" {
      error(
        "E0309", "`_` is not a name", at: span,
        hint: "it stands for the input of a pipe, as a whole argument: x |> f(1, _)")
      return
    }
    for scope in scopes.reversed() {
      guard let later = scope.later[name] else { continue }
      recorder?.refer(span, name, later: later)
      error(
        "E0302", "`\(name)` is used before its line", at: span,
        hint: "move its declaration up", notes: ["it is declared on line \(line(later))"],
        related: [later])
      return
    }
    recorder?.refer(span, .unknown(name))
    error(
      "E0301", "there is no `\(name)`", at: span, nearest: nearest(name), hint: Self.foreign[name])
  }

  /// What was probably meant, of everything in scope.
  func nearest(_ name: String, onlyVariables: Bool = false) -> String? {
    // Nobody reads the hint of the hundredth error, and each costs a look at every name.
    if Self.foreign[name] != nil || diagnostics.count > 100 { return nil }
    var candidates: Set<String> = []
    for scope in scopes {
      for (name, entry) in scope.names where !onlyVariables || entry.kind == .variable {
        candidates.insert(name)
      }
    }
    if !onlyVariables {
      candidates.formUnion(globals)
      candidates.formUnion(signatures.keys)
      candidates.formUnion(["none", "true", "false"])
    }
    return SpellingSuggestion.nearest(to: name, among: candidates)
  }

  private static let foreign: [String: String] = [
    "None": "write `none`", "null": "write `none`", "nil": "write `none`", "NULL": "write `none`",
    "undefined": "write `none`", "NaN": "write `nan`", "Infinity": "write `inf`",
    "True": "write `true`", "False": "write `false`", "TRUE": "write `true`",
    "FALSE": "write `false`", "console": "write print(…)", "println": "write print(…)",
    "printf": "write print(f\"…\")", "puts": "write print(…)", "echo": "write print(…)",
    "length": "write len(x)", "size": "write len(x)", "self": "there are no methods of one's own",
    "this": "there are no methods of one's own", "elif": "write `else if`",
    "switch": "write match x { … }", "function": "a function begins with `fn`",
    "lambda": "a function begins with `fn`", "def": "a function begins with `fn`",
    "raise": "write error(\"…\")", "throw": "write error(\"…\")",
    "pass": "an empty block is written {}", "range": "write 0..n, or 0..=n with its end",
    "string": "write str(x)", "exit": "at the prompt it is :quit",
    "quit": "at the prompt it is :quit",
    "help": "at the prompt it is ?name or :help",
  ]

  // MARK: Signatures

  /// The signature behind a callee that is a name.
  func signature(of name: String) -> CallSignature? {
    if let entry = entry(name) { return entry.signature }
    if let earlier = options.earlier.signatures[name] { return earlier }
    guard !globals.contains(name), let built = signatures[name] else { return nil }
    return Self.signature(built)
  }

  /// The type that a call of a built-in function gives.
  func result(of name: String) -> ScriptType? {
    entry(name) == nil && !globals.contains(name) ? signatures[name]?.result : nil
  }

  private static func signature(_ function: FunctionSignature) -> CallSignature {
    CallSignature(
      name: function.name,
      parameters: function.parameters.map {
        CallSignature.Parameter(
          name: $0.name, isRequired: $0.defaultText == nil && !$0.isRest, isRest: $0.isRest)
      }, usage: function.usage)
  }

  /// The other signatures of a built-in function.
  func overloads(of name: String) -> [CallSignature] {
    guard entry(name) == nil, !globals.contains(name) else { return [] }
    return options.overloads[name, default: []].map(Self.signature)
  }

  /// The signature of a function of the script.
  func signature(_ name: String, _ function: FunctionExpression) -> CallSignature {
    let texts = function.parameters.map { parameter in
      var text = (parameter.isRest ? ".." : "") + parameter.name.text
      if let type = parameter.type { text += ": \(self.text(type.span))" }
      if let value = parameter.defaultValue { text += " = \(self.text(value.span))" }
      return text
    }
    return CallSignature(
      name: name,
      parameters: function.parameters.map {
        CallSignature.Parameter(
          name: $0.name.text, isRequired: $0.defaultValue == nil && !$0.isRest, isRest: $0.isRest)
      }, usage: "\(name)(\(texts.joined(separator: ", ")))")
  }

  func text(_ span: Span) -> String { source.text(span) }
}
