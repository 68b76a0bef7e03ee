import MDMDeclarations
import MDMRuntime
import MDMSyntax

extension Session {
  /// The modules of the standard library with the functions that they export, both sorted.
  public var standardModules: [(name: String, functions: [FunctionSignature])] {
    ModuleLoader.standardNames.compactMap { name in
      // A machine of its own: documentation never changes what a session has bound.
      let other = Session(SessionOptions(output: { _ in }, errorOutput: { _ in }))
      let source = SourceText(name: "doc", text: "use \(name)\n\(name)")
      guard case .finished(let module) = other.run(source, form: .chunk) else { return nil }
      return (name, other.machine.functions(in: module).sorted { $0.name < $1.name })
    }
  }
}
