import ArgumentParser
import MDMSession
import MDMSyntax

/// Reads `--name value` for the `param`s of a script.
enum ParameterArguments {
  static func read(
    _ arguments: [String], for parameters: [ScriptParameter], script: String
  ) throws -> [String: String] {
    var values: [String: String] = [:]
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--help" || argument == "-h" {
        Terminal.write(help(parameters, script: script))
        Exit.now(Exit.success)
      }
      guard argument.hasPrefix("--") else {
        throw ValidationError("'\(argument)' is no parameter; parameters are written --name value.")
      }
      let parts = argument.dropFirst(2).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let written = String(parts[0])
      let known = parameters.first { $0.name == written || $0.name == written.underscored }
      guard let parameter = known else {
        let names = parameters.map { "--\($0.name)" }.joined(separator: ", ")
        throw ValidationError(
          "\(script) has no parameter --\(written)"
            + (names.isEmpty ? "; it has none." : "; it has \(names)."))
      }
      if parts.count == 2 {
        values[parameter.name] = String(parts[1])
      } else if parameter.type == "Bool", rest.first.map({ $0.hasPrefix("--") }) ?? true {
        values[parameter.name] = "true"
      } else if let value = rest.popFirst() {
        values[parameter.name] = value
      } else {
        throw ValidationError("--\(written) needs a value.")
      }
    }
    return values
  }

  /// The values of `name=value` pairs, checked against the `param`s that are there.
  static func read(
    assignments: [String], _ parameters: [ScriptParameter], of script: String
  ) throws -> [String: String] {
    var values: [String: String] = [:]
    for assignment in assignments {
      guard let equals = assignment.firstIndex(of: "="), equals > assignment.startIndex else {
        throw ValidationError("'\(assignment)' is no parameter; parameters are written name=value.")
      }
      let name = String(assignment[..<equals])
      guard parameters.contains(where: { $0.name == name }) else {
        let names = parameters.map(\.name)
        let near = SpellingSuggestion.nearest(to: name, among: names)
        throw ValidationError(
          "\(script) has no parameter \(name)"
            + (near.map { "; did you mean \($0)?" }
              ?? (names.isEmpty ? "; it has none." : "; it has \(names.joined(separator: ", "))."))
        )
      }
      values[name] = String(assignment[assignment.index(after: equals)...])
    }
    return values
  }

  private static func help(_ parameters: [ScriptParameter], script: String) -> String {
    let head = "USAGE: mdm run \(script)" + (parameters.isEmpty ? "" : " [--name value …]") + "\n"
    let list = parameters.map(\.usage).joined(separator: "\n")
    return parameters.isEmpty ? head : head + "\nPARAMETERS:\n" + list + "\n"
  }
}

extension String {
  fileprivate var underscored: String { String(map { $0 == "-" ? "_" : $0 }) }
}
