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

  /// The names that a text may declare or assign: those that stand first on a line, or behind `let`,
  /// `var`, `fn`, `as` or a comma.
  private static func bindings(_ tokens: [Token]) -> Set<String> {
    var names: Set<String> = []
    for index in tokens.indices {
      guard case .name(let name) = tokens[index].kind else { continue }
      if index == 0 || tokens[index].newlineBefore {
        names.insert(name)
        continue
      }
      let last = tokens[index - 1]
      if last.is(.let) || last.is(.var) || last.is(.fn) || last.is(.comma) || last.isName("as")
        || last.isName("use") || last.isName("param") || last.is(.openBracket)
        || last.is(.openBrace) || last.is(.colon)
      {
        names.insert(name)
      }
    }
    return names
  }
}
