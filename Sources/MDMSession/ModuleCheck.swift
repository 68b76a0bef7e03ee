import MDMRuntime
import MDMSyntax

/// Looks up, parses and checks what a file uses, before the file's first statement runs.
struct ModuleCheck {
  /// What the modules of the file export, as `use` writes them.
  private(set) var interfaces: [String: ModuleInterface] = [:]
  /// Errors of the modules, each with its own place, and of the file's `use` lines.
  private(set) var diagnostics: [Diagnostic] = []

  typealias Load = (MachineOptions.ModuleRequest) throws(ScriptError) -> SourceText?

  private let load: Load
  private let check: (SyntaxTree, [String: ModuleInterface]) -> [Diagnostic]
  /// The files between the first one and this one, outermost first.
  private var path: [String]
  /// What is known of each file.
  private var known: [String: ModuleInterface] = [:]

  /// - Parameters:
  ///   - load: finds the text of a module.
  ///   - check: checks the tree of a module with what its own modules export.
  init(
    _ load: @escaping Load,
    _ check: @escaping (SyntaxTree, [String: ModuleInterface]) -> [Diagnostic]
  ) {
    self.load = load
    self.check = check
    path = []
  }

  /// Follows the `use` lines of a tree.
  mutating func follow(_ tree: SyntaxTree) {
    interfaces = modules(of: tree)
  }

  /// Knows nothing of some files any more, as if they were still to be written.
  mutating func forget(_ files: Set<String>) {
    guard !files.isEmpty else { return }
    for file in files { interfaces[file] = nil }
    diagnostics = []
  }

  private mutating func modules(of tree: SyntaxTree) -> [String: ModuleInterface] {
    path.append(tree.source.name)
    defer { path.removeLast() }
    var found: [String: ModuleInterface] = [:]
    for use in tree.uses {
      guard let interface = module(use, in: tree.source) else { continue }
      found[use.module.text] = interface
    }
    return found
  }

  private mutating func module(_ use: ModuleUse, in source: SourceText) -> ModuleInterface? {
    let request = MachineOptions.ModuleRequest(
      name: use.module.text, isPath: use.isPath, importer: source.name)
    let text: SourceText
    do throws(ScriptError) {
      guard let found = try load(request) else {
        diagnostics.append(
          .unknownModule(
            use, in: source,
            hint: use.isPath
              ? "the path is relative to the file that uses it" : ModuleLoader.hint(use.module.text)
          ))
        return nil
      }
      text = found
    } catch {
      var diagnostic = error.diagnostic
      diagnostic.place = (source, use.module.span)
      diagnostics.append(diagnostic)
      return nil
    }
    if let start = path.firstIndex(of: text.name) {
      diagnostics.append(
        .moduleCircle(use, in: source, circle: path[start...] + [text.name]))
      return nil
    }
    if let interface = known[text.name] { return interface }
    let parsed = Parser.parse(text)
    let interface = ModuleInterface(parsed.tree)
    known[text.name] = interface
    var faults = parsed.diagnostics.filter { $0.severity == .error }
    if faults.isEmpty {
      faults = check(parsed.tree, modules(of: parsed.tree)).filter { $0.severity == .error }
    }
    diagnostics += faults
    // What could not be read exports who knows what: nothing more is said about it.
    return faults.isEmpty ? interface : nil
  }
}
