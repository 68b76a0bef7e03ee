import MDMDeclarations
import MDMRuntime
import MDMSession

extension Reference {
  /// All built-in functions and methods by family, and the modules of the standard library.
  public static func builtIn(_ session: Session) -> Reference {
    let groups = Dictionary(grouping: session.machine.signatures, by: \.family)
    let families = groups.keys.sorted().map { family in
      Section(family, groups[family, default: []].sorted { $0.name < $1.name }.map { Entry($0) })
    }
    let modules = session.standardModules.map { module in
      Section("use \(module.name)", module.functions.map { Entry($0) })
    }
    return Reference(
      title: "Functions",
      introduction:
        "Made by `mdm doc` from the declarations that the checker, the REPL's help and the doctests use.",
      sections: families + modules)
  }
}
