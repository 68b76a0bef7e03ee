/// Takes down what the checker finds out about names while it walks a tree.
final class SymbolRecorder {
  /// What is kept of a declaration besides its name.
  struct Note {
    var kind: Declaration.Kind
    var extent: Span
    var documentation: String?
    var isPublic = false
    /// From where it can be used; nil for the whole scope.
    var visibleFrom: Int32?
    var function: FunctionExpression?
    var value: Expression?
    var type: String?
    var result: String?
    var origin: Declaration.Origin?

    init(_ kind: Declaration.Kind, _ extent: Span, visibleFrom: Int32? = nil) {
      self.kind = kind
      self.extent = extent
      self.visibleFrom = visibleFrom
    }
  }

  private enum Pending {
    /// Declared further below, at this place.
    case later(Span)
    /// The name of an argument of a function.
    case argument(of: Int)
  }

  private let source: SourceText
  private var declarations: [Declaration] = []
  private var references: [SymbolReference] = []
  private var pending: [(span: Span, name: String, Pending)] = []
  private var scopes: [SymbolIndex.Scope] = []
  private var openScopes: [Int] = []
  private var fields: [Int: [Int]] = [:]
  private var byPlace: [Int32: Int] = [:]
  var shorthands: Set<Int32> = []

  init(_ source: SourceText) { self.source = source }

  // MARK: Scopes

  func enter(_ span: Span?) {
    let parent = openScopes.last
    openScopes.append(scopes.count)
    let whole = Span(0, source.bytes.count)
    scopes.append(
      SymbolIndex.Scope(span: span ?? parent.map { scopes[$0].span } ?? whole, parent: parent))
  }

  func leave() { _ = openScopes.popLast() }

  // MARK: Declarations

  /// Takes down a declaration and gives its `id`.
  func declare(_ name: Name, _ note: Note) -> Int {
    let id = declarations.count
    let scope = openScopes.last ?? 0
    declarations.append(
      Declaration(
        id: id, name: name.text, kind: note.kind, span: name.span, extent: note.extent,
        header: header(note), documentation: note.documentation, isPublic: note.isPublic,
        scope: scope,
        visibleFrom: Int(note.visibleFrom ?? scopes[scope].span.start), container: nil,
        parameters: note.function.map(parameters), type: note.type, result: note.result,
        origin: note.origin))
    if declarations[id].isNamed { byPlace[name.span.start] = id }
    if let value = note.value { declareFields(of: value, owner: id) }
    return id
  }

  private func header(_ note: Note) -> Span {
    guard let function = note.function else { return note.extent }
    return Span(Int(note.extent.start), max(Int(note.extent.start), Int(function.body.span.start)))
  }

  private func parameters(_ function: FunctionExpression) -> [Declaration.Parameter] {
    function.parameters.map { parameter in
      Declaration.Parameter(
        name: parameter.name.text, text: source.text(Self.extent(parameter)),
        span: parameter.name.span, isRest: parameter.isRest)
    }
  }

  /// A parameter with its `..`, type and default.
  static func extent(_ parameter: Parameter) -> Span {
    let end =
      parameter.defaultValue?.span.end ?? parameter.type?.span.end ?? parameter.name.span.end
    return Span(Int(parameter.name.span.start) - (parameter.isRest ? 2 : 0), Int(end))
  }

  private func declareFields(of value: Expression, owner: Int) {
    guard case .record(let list) = value.kind else { return }
    for field in list {
      guard case .name(let key) = field.key else { continue }
      var note = Note(.field, key.span.through(field.value.span))
      if case .function(let function) = field.value.kind { note.function = function }
      note.value = field.value
      let id = declare(key, note)
      fields[owner, default: []].append(id)
    }
  }

  // MARK: References

  func refer(_ span: Span, _ target: SymbolReference.Target, isWrite: Bool = false) {
    guard span.start < span.end else { return }
    references.append(SymbolReference(span: span, target: target, isWrite: isWrite))
  }

  /// A name whose declaration stands further below.
  func refer(_ span: Span, _ name: String, later: Span) {
    pending.append((span, name, .later(later)))
  }

  /// The name of an argument in a call of a declaration of the file.
  func argument(_ name: Name, of callee: SymbolReference.Target) {
    if case .declaration(let id) = callee {
      pending.append((name.span, name.text, .argument(of: id)))
    } else {
      refer(name.span, .argument(of: callee, name.text))
    }
  }

  /// The declaration of a field of the record that a declaration binds.
  func field(_ name: String, of owner: Int) -> Int? {
    fields[owner]?.first { declarations[$0].name == name }
  }

  /// The type of a declaration's value.
  func type(of id: Int) -> String? { declarations[id].type }

  /// The type of what a declaration's call gives.
  func result(of id: Int) -> String? { declarations[id].result }

  /// The origin of an imported declaration.
  func origin(of id: Int) -> Declaration.Origin? { declarations[id].origin }

  // MARK: The end

  func index() -> SymbolIndex {
    for (span, name, what) in pending {
      switch what {
      case .later(let place):
        refer(span, byPlace[place.start].map { .declaration($0) } ?? .unknown(name))
      case .argument(of: let id):
        if declarations[id].origin != nil {
          refer(span, .argument(of: .declaration(id), name))
        } else if let parameter = declarations[id].parameters?.first(where: { $0.name == name }),
          let own = byPlace[parameter.span.start]
        {
          refer(span, .declaration(own))
        }
      }
    }
    contain()
    return SymbolIndex(
      source: source, declarations: declarations, references: references, scopes: scopes,
      shorthands: shorthands, fields: fields)
  }

  /// Finds the declaration around each one.
  private func contain() {
    let order = declarations.indices.sorted {
      let (left, right) = (declarations[$0].extent, declarations[$1].extent)
      return left.start == right.start ? left.end > right.end : left.start < right.start
    }
    var open: [Int] = []
    for id in order {
      let extent = declarations[id].extent
      while let last = open.last,
        declarations[last].extent.end < extent.end
          || declarations[last].extent == extent
      { open.removeLast() }
      declarations[id].container = open.last
      open.append(id)
    }
  }
}
