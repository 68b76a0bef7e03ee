import MDMBuiltins
import MDMRuntime
import MDMSyntax

/// What an editor can know of a file without running it.
public struct Analysis {
  public let tree: SyntaxTree
  /// What `mdm check` says; those of modules have the modules' sources as their places.
  public let diagnostics: [Diagnostic]
  /// Whether the text could not be read whole; the index then lacks what could not.
  public let hasSyntaxErrors: Bool
  public let index: SymbolIndex
}

extension Session {
  /// Checks a file and finds out what its names stand for.
  ///
  /// - Parameter read: gives the text of a module's file, such as an unsaved one; nil where there
  ///   is none.
  public func analyse(
    _ source: SourceText, reading read: @escaping (String) throws(ScriptError) -> String?
  ) -> Analysis {
    let parsed = Parser.parse(source)
    guard !parsed.diagnostics.contains(where: { $0.severity == .error }) else {
      let index = checker(nil, modules: [:]).examine(parsed.tree).index
      return Analysis(
        tree: parsed.tree, diagnostics: parsed.diagnostics, hasSyntaxErrors: true, index: index)
    }
    let modules = modules(of: parsed.tree) { request throws(ScriptError) in
      try ModuleLoader.load(request, read)
    }
    let own = checker(.file, modules: modules.interfaces).examine(parsed.tree)
    return Analysis(
      tree: parsed.tree, diagnostics: parsed.diagnostics + modules.diagnostics + own.diagnostics,
      hasSyntaxErrors: false, index: own.index)
  }

  /// What the names of a text stand for, without a word about its modules.
  public func index(_ source: SourceText) -> SymbolIndex { sketch(source).index }

  /// What the names of a text stand for, and how many faults keep it from being read whole.
  public func sketch(_ source: SourceText) -> (index: SymbolIndex, faults: Int) {
    let parsed = Parser.parse(source)
    return (checker(nil, modules: [:]).examine(parsed.tree).index, parsed.diagnostics.count)
  }

  /// What the source of a module is called that a file uses: its path, or one below stdlib/.
  public func moduleName(_ module: String, isPath: Bool, usedBy importer: String) -> String {
    ModuleLoader.name(
      of: MachineOptions.ModuleRequest(name: module, isPath: isPath, importer: importer))
  }

  /// The text of a module of the standard library by its source's name, such as
  /// `stdlib/experiments.mdm`.
  public func standardModule(_ name: String) -> String? {
    guard name.hasPrefix("stdlib/") else { return nil }
    return EmbeddedFiles.text(String(name.dropFirst("stdlib/".count)))
  }

  /// The names of the modules of the standard library, sorted.
  public var standardModuleNames: [String] { ModuleLoader.standardNames }
}
