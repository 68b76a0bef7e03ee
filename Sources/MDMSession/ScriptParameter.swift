import MDMRuntime
import MDMSyntax

/// A `param` of a script, as `--help` shows it.
public struct ScriptParameter: Sendable, Equatable {
  public let name: String
  /// As written; empty without an annotation.
  public let type: String
  /// The default's source text.
  public let defaultText: String
  public let help: String

  /// The parameters that a tree declares at its top level, in order.
  public static func all(of tree: SyntaxTree) -> [ScriptParameter] {
    tree.statements.compactMap { statement in
      guard case .parameter(let name, let type, let value, let help) = statement.kind else {
        return nil
      }
      return ScriptParameter(
        name: name.text, type: type?.names.map(\.text).joined(separator: " | ") ?? "",
        defaultText: tree.source.text(Int(value.span.start)..<Int(value.span.end)),
        help: help ?? "")
    }
  }

  /// Why a text is no value for it; nil where it is one.
  public func problem(with text: String) -> ScriptError? {
    var found: Diagnostic?
    var options = SessionOptions(output: { _ in }, errorOutput: { _ in })
    options.report = { found = found ?? $0 }
    let session = Session(options)
    session.setParameters([name: text])
    let declaration = type.isEmpty ? "param \(name) = none" : "param \(name): \(type) = none"
    _ = session.run(SourceText(name: "-p", text: declaration))
    return found.map { ScriptError($0.code, $0.message, hint: "its default is \(defaultText)") }
  }

  /// One line for `--help`: `--steps Int   optimiser steps per run (default 60)`.
  public var usage: String {
    let flag = "--\(name)" + (type.isEmpty ? "" : " \(type)")
    let pad = String(repeating: " ", count: max(2, 24 - flag.count))
    return "  \(flag)\(pad)\(help)\(help.isEmpty ? "" : " ")(default \(defaultText))"
  }
}
