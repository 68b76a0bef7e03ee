import MDMDeclarations
import MDMSyntax

/// The built-in functions and types, as they declare themselves.
extension LanguageServer {
  /// All of them, methods included.
  var builtIns: [FunctionSignature] { session.machine.signatures }

  /// Those that are called by their name, each name once.
  var builtInFunctions: [FunctionSignature] { session.machine.functionSignatures }

  /// The types that annotations may name, sorted.
  var types: [String] {
    var names = Checker.types
    for signature in builtIns {
      for type in signature.parameters.map(\.type) + [signature.result] {
        if case .domain(let name) = type { names.insert(name) }
      }
    }
    return names.sorted()
  }

  /// Whether a name stands for something built in.
  func isBuiltIn(_ name: String) -> Bool {
    session.machine.constantNames.contains(name) || builtInFunctions.contains { $0.name == name }
  }
}
