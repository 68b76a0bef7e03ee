import MDMBuiltins
import MDMRuntime
import MDMSyntax

/// Checks inputs in order before any of them runs, each as if those before it had run.
///
/// What it reports would also be reported when the input's turn comes. What an input may do that
/// nobody can foresee, such as writing a module that a later one uses, is left to that time.
public struct InputCheck {
  private let session: Session
  private let prefix: String
  private let allowsShell: Bool
  private var earlier = InputNames()
  /// What the modules export that inputs have used.
  private var modules: [String: ModuleInterface] = [:]
  /// Whether an earlier input may change files that later ones use.
  private var mayChangeFiles = false
  private var count = 0

  /// - Parameters:
  ///   - session: what inputs find already there; nothing of it is changed.
  ///   - prefix: what inputs are called before their number.
  ///   - allowsShell: whether `:!` runs commands.
  public init(_ session: Session, named prefix: String, allowsShell: Bool) {
    self.session = session
    self.prefix = prefix
    self.allowsShell = allowsShell
  }

  /// Looks at the next input that will run.
  ///
  /// - Returns: its errors and warnings; where there are errors it would not run.
  public mutating func check(_ text: String) -> [Diagnostic] {
    count += 1
    let name = "\(prefix)[\(count)]"
    guard CellCommands.isCommand(text) else {
      return check(SourceText(name: name, text: text))
    }
    if let unknown = CellCommands.unknown(text) { return [unknown] }
    guard let (command, argument) = CellCommands.find(text) else { return [] }
    if command.name == ":!" {
      guard allowsShell else { return [ShellCommand.refusal] }
      mayChangeFiles = true
    }
    guard command.takesCode, !argument.isEmpty else { return [] }
    // Blanks before it keep its places.
    let end = text.utf8.count - text.utf8.reversed().prefix { $0 <= 0x20 }.count
    let blank = text.utf8.prefix(max(0, end - argument.utf8.count)).map {
      $0 == 0x0A ? "\n" : " "
    }
    return check(SourceText(name: name, text: blank.joined() + argument))
  }

  /// Passes an input whose errors count for nothing, or that will not run: later ones may use any
  /// name of it.
  ///
  /// - Parameter runs: whether it will run, and count.
  public mutating func pass(_ text: String, runs: Bool) {
    if runs {
      count += 1
      follow(text)
    }
    let source = SourceText(name: prefix, text: text)
    let parsed = Parser.parse(source, options: Parser.Options(lastValueName: "_"))
    if parsed.diagnostics.contains(where: { $0.severity == .error }) {
      earlier.addAll(of: source)
    } else {
      earlier.addPossible(parsed.tree)
    }
  }

  private mutating func check(_ source: SourceText) -> [Diagnostic] {
    defer { follow(source.text(0..<source.bytes.count)) }
    let parsed = Parser.parse(source, options: Parser.Options(lastValueName: "_"))
    guard !parsed.diagnostics.contains(where: { $0.severity == .error }) else {
      earlier.addAll(of: source)
      return parsed.diagnostics
    }
    var found = session.modules(of: parsed.tree)
    if mayChangeFiles {
      let files = Set(parsed.tree.uses.filter(\.isPath).map(\.module.text))
      found.forget(files)
      for file in files { modules[file] = nil }
    }
    modules.merge(found.interfaces) { $1 }
    let diagnostics = session.checker(.chunk, modules: modules, earlier: earlier).check(parsed.tree)
    earlier.add(parsed.tree)
    return parsed.diagnostics + found.diagnostics + diagnostics
  }

  /// Takes down what an input leaves behind beside its declarations.
  private mutating func follow(_ text: String) {
    earlier.add("_")
    earlier.add("_\(count)")
    if text.contains("write_text") { mayChangeFiles = true }
  }
}
