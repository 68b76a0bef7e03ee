import MDMDeclarations
import MDMRuntime
import MDMSyntax

/// The built-in functions of a machine, for those who may not touch the machine.
struct FunctionCatalogue: Sendable {
  /// Those that are called by name, each name once, sorted.
  let functions: [FunctionSignature]
  private let byName: [String: FunctionSignature]
  /// What names stand for besides, where the first argument is a value of the domain.
  let overloads: [String: [FunctionSignature]]
  /// Methods too.
  private let all: [String: FunctionSignature]
  private let methodNames: [String: [String]]
  let constants: [String]
  /// The types that annotations may name, sorted.
  let types: [String]

  init(_ machine: Machine) {
    var byName: [String: FunctionSignature] = [:]
    for signature in machine.functionSignatures { byName[signature.name] = signature }
    self.byName = byName
    functions = byName.values.sorted { $0.name < $1.name }
    overloads = machine.overloadSignatures
    all = Dictionary(machine.signatures.map { ($0.name, $0) }) { _, last in last }
    constants = machine.constantNames.sorted()
    var types = Checker.types
    for signature in machine.signatures {
      for type in signature.parameters.map(\.type) + [signature.result] {
        if case .domain(let name) = type { types.insert(name) }
      }
    }
    self.types = types.sorted()
    methodNames = Dictionary(
      uniqueKeysWithValues: types.map { ($0, machine.methodNames(ofType: $0)) })
  }

  /// The declaration of a function that is called by name.
  subscript(name: String) -> FunctionSignature? { byName[name] }

  /// All that a name may mean, overloads included.
  func meanings(of name: String) -> [FunctionSignature] {
    (byName[name].map { [$0] } ?? []) + (overloads[name] ?? [])
  }

  /// The methods of a type with their declarations, by name.
  func methods(ofType type: String) -> [(name: String, signature: FunctionSignature?)] {
    (methodNames[type] ?? []).map { ($0, method($0, ofType: type)) }
  }

  /// The declaration of a method.
  func method(_ name: String, ofType type: String) -> FunctionSignature? {
    guard methodNames[type]?.contains(name) ?? false else { return nil }
    // An overload that names the type says more than the general function.
    return overloads[name]?.first { $0.parameters.first?.type.names(type) ?? false } ?? all[name]
  }

  /// A checker that knows these functions and some names, for texts without modules.
  func checker(_ names: Set<String>) -> Checker {
    var options = Checker.Options()
    options.allowsRedefinition = true
    options.overloads = overloads
    return Checker(
      signatures: byName.filter { !names.contains($0.key) },
      globals: names.union(constants), options: options)
  }
}

extension ScriptType {
  /// Whether this is a type of the domain, or one of several, with a name.
  fileprivate func names(_ type: String) -> Bool {
    switch self {
    case .domain(let name): name == type
    case .either(let types): types.contains { $0.names(type) }
    default: false
    }
  }
}
