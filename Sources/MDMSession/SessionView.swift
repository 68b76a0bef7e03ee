import MDMBuiltins
import MDMDeclarations
import MDMRuntime
import MDMSyntax
import Synchronization

/// What completion, inspection and the test for completeness need to know of a session.
///
/// It answers on any thread and at once, also while an input trains: it holds what was known when
/// the last input ended, and touches no machine.
public final class SessionView: Sendable {
  let catalogue: FunctionCatalogue
  /// What runs in the background.
  public let jobs: JobRegistry
  private let known = Mutex<[String: KnownName]>([:])

  init(_ session: Session) {
    catalogue = FunctionCatalogue(session.machine)
    jobs = session.jobs
  }

  /// The names that a user may mean: bound ones, functions, modules.
  public var names: [String] {
    bound.map(\.name) + catalogue.functions.map(\.name) + ModuleLoader.standardNames
  }

  /// Whether an input is whole, and how deep it is indented where it is not.
  public func completeness(of text: String) -> Completeness {
    CellCommands.isCommand(text) ? .complete : Parser.completeness(of: text)
  }

  /// What is known of a bound name.
  func known(_ name: String) -> KnownName? { known.withLock { $0[name] } }

  /// What inputs have bound, sorted; results such as `_7` are left out.
  var bound: [(name: String, known: KnownName)] {
    known.withLock { $0 }.filter { !$0.key.hasPrefix("_") }.sorted { $0.key < $1.key }
      .map { ($0.key, $0.value) }
  }

  /// Looks again at what an input may have bound or changed: the names that stand in it.
  func update(_ session: Session, mentionedIn source: SourceText) {
    let machine = session.machine
    let tokens = Lexer.lex(source).tokens
    let bindings = Self.bindings(tokens)
    var mentioned = Self.names(tokens)
    mentioned.insert("_")
    let before = known.withLock { $0 }
    var changed: [String: KnownName] = [:]
    for name in machine.globalNames where mentioned.contains(name) || before[name] == nil {
      guard let value = machine.global(name) else { continue }
      changed[name] = KnownName(
        value: KnownValue(value, in: machine), brief: machine.brief(value),
        isMutable: machine.isMutable(name) ?? false,
        source: bindings.contains(name) ? source : before[name]?.source)
    }
    known.withLock { $0.merge(changed) { $1 } }
  }

  /// Looks again at all that is bound, after something else than an input has changed it.
  func updateAll(_ session: Session) {
    let machine = session.machine
    for name in machine.globalNames {
      guard let value = machine.global(name) else { continue }
      let entry = KnownName(
        value: KnownValue(value, in: machine), brief: machine.brief(value),
        isMutable: machine.isMutable(name) ?? false, source: known(name)?.source)
      known.withLock { $0[name] = entry }
    }
  }

  private static func names(_ tokens: [Token]) -> Set<String> {
    var names: Set<String> = []
    for token in tokens {
      switch token.kind {
      case .name(let name): names.insert(name)
      case .interpolation(let pieces):
        for case .value(let inner, _, _) in pieces { names.formUnion(self.names(inner)) }
      default: break
      }
    }
    return names
  }

  /// The names that a text may declare or assign: those between `let`, `var`, `use` or `param` and the
  /// end of the line or its `=`, a function's own, and those that an assignment begins with.
  private static func bindings(_ tokens: [Token]) -> Set<String> {
    var names: Set<String> = []
    var isDeclaring = false
    for (index, token) in tokens.enumerated() {
      let isFirst = index == 0 || token.newlineBefore
      if isFirst { isDeclaring = false }
      let isUse = isFirst && (token.isName("use") || token.isName("param"))
      if token.is(.let) || token.is(.var) || isUse {
        isDeclaring = true
      } else if token.is(.assign) {
        isDeclaring = false
      } else if case .name(let name) = token.kind {
        let isFunction = index > 0 && tokens[index - 1].is(.fn)
        let isAssigned = isFirst && index + 1 < tokens.count && assigns(tokens[index + 1])
        if isDeclaring || isFunction || isAssigned { names.insert(name) }
      }
    }
    return names
  }

  private static func assigns(_ token: Token) -> Bool {
    guard case .symbol(let symbol) = token.kind else { return false }
    return symbol == .assign || symbol.assignmentOperator != nil
  }
}
