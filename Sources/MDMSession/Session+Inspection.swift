import MDMDeclarations
import MDMRuntime
import MDMSyntax

extension Session {
  /// The names of all functions by family, both sorted.
  public var families: [(name: String, functions: [String])] {
    let groups = Dictionary(grouping: machine.functionSignatures, by: \.family)
    return groups.keys.sorted().map { family in
      (family, Set(groups[family, default: []].map(\.name)).sorted())
    }
  }

  /// The names that scripts have bound at the top level, sorted.
  public var bindings: [String] { machine.globalNames.filter { $0 != "_" }.sorted() }

  /// Help on a function, built in or of this session, on `module.function`, or on a module; nil
  /// where there is none.
  public func help(_ name: String) -> String? {
    guard let signature = signature(of: name) else { return moduleHelp(name) }
    // A function that scripts define has no overloads.
    let others = signature.family == "script" ? [] : machine.overloadSignatures[name] ?? []
    return ([signature] + others).map(Self.help).joined(separator: "\n\n")
  }

  private static func help(_ signature: FunctionSignature) -> String {
    var lines = [signature.usage]
    if !signature.summary.isEmpty { lines.append(signature.summary) }
    if !signature.details.isEmpty { lines.append(signature.details) }
    let explained = signature.parameters.filter { !$0.help.isEmpty }
    let width = explained.map(\.name.count).max() ?? 0
    for parameter in explained {
      let pad = String(repeating: " ", count: width - parameter.name.count)
      lines.append("  \(parameter.name)\(pad)  \(parameter.help)")
    }
    for example in signature.examples {
      lines += example.code.split(separator: "\n").map { "    \($0)" }
      if let prints = example.prints { lines.append("    # \(prints)") }
    }
    if let source = signature.source { lines.append("Source: \(source)") }
    return lines.joined(separator: "\n")
  }
}

extension Session {
  /// The declaration of a function by its name, or by `module.name`.
  private func signature(of name: String) -> FunctionSignature? {
    let parts = name.split(separator: ".").map(String.init)
    guard parts.count == 2 else { return machine.signature(of: name) }
    return functions(ofModule: parts[0])?.first { $0.name == parts[1] }
  }

  /// The functions of a module or record that is bound here, or of one that can be used.
  private func functions(ofModule name: String) -> [FunctionSignature]? {
    if let bound = machine.global(name).map(machine.functions), !bound.isEmpty { return bound }
    return standardModules.first { $0.name == name }?.functions
  }

  private func moduleHelp(_ name: String) -> String? {
    guard let functions = functions(ofModule: name) else { return nil }
    let width = functions.map(\.name.count).max() ?? 0
    return functions.map { function in
      let pad = String(repeating: " ", count: width - function.name.count)
      return "\(name).\(function.name)\(pad)  \(function.summary)"
    }.joined(separator: "\n")
  }
}

/// Completion of names, fields and methods.
public enum Completion {
  private static let keywords = [
    "and", "assert", "break", "catch", "continue", "defer", "else", "false", "fn", "for", "if",
    "in",
    "let", "match", "mix", "none", "not", "or", "param", "return", "reward", "test", "true", "try",
    "use", "var", "while",
  ]

  /// What may stand at a cursor (in Unicode scalars), and where the replaced text begins.
  public static func candidates(
    in line: String, at cursor: Int, session: Session
  ) -> (from: Int, candidates: [String]) {
    let scalars = Array(line.unicodeScalars.prefix(cursor))
    var start = scalars.count
    while start > 0, isWord(scalars[start - 1]) { start -= 1 }
    let prefix = text(scalars[start...])
    let names: [String]
    if start > 0, scalars[start - 1] == "." {
      var base = start - 1
      while base > 0, isWord(scalars[base - 1]) { base -= 1 }
      names = members(of: text(scalars[base..<(start - 1)]), session)
    } else {
      names =
        session.machine.functionSignatures.map(\.name) + session.machine.globalNames + keywords
    }
    return (start, Set(names).filter { $0.hasPrefix(prefix) && $0 != "_" }.sorted())
  }

  private static func members(of name: String, _ session: Session) -> [String] {
    guard let value = session.machine.global(name) else { return [] }
    let methods = session.machine.methodNames(ofType: value.typeName)
    switch try? session.machine.datum(value) {
    case .record(let record)?: return methods + record.names
    case .domain(let object)?: return methods + object.fieldNames
    default: return methods
    }
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }

  private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    String(String.UnicodeScalarView(scalars))
  }
}
