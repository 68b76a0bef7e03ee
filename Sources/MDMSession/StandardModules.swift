import MDMDeclarations
import MDMRuntime
import MDMSyntax

/// The modules of the standard library as documentation and completion see them.
public enum StandardModules {
  /// All modules with the functions that they export, both sorted; made on first use.
  public static let all: [(name: String, functions: [FunctionSignature])] =
    ModuleLoader.standardNames.compactMap { name in
      // A machine of its own: documentation never changes what a session has bound.
      let session = Session(SessionOptions(output: { _ in }, errorOutput: { _ in }))
      let source = SourceText(name: "doc", text: "use \(name)\n\(name)")
      guard case .finished(let module) = session.run(source, form: .chunk) else { return nil }
      return (name, session.machine.functions(in: module).sorted { $0.name < $1.name })
    }

  /// The functions of a module; nil where there is no such module.
  public static func functions(of name: String) -> [FunctionSignature]? {
    all.first { $0.name == name }?.functions
  }
}

extension Session {
  /// The modules of the standard library with the functions that they export, both sorted.
  public var standardModules: [(name: String, functions: [FunctionSignature])] {
    StandardModules.all
  }
}
