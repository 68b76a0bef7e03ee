import MDMRuntime
import MDMSyntax

extension CellEvaluator {
  /// Evaluates an expression beside the inputs: it has no number, and `_` stays what it was.
  public func value(of expression: String) -> CellResult {
    let last = session.machine.global("_")
    defer { if let last { session.machine.setGlobal("_", last) } }
    let source = SourceText(name: "expression", text: expression)
    let earlier = collected.diagnostics
    collected.diagnostics = []
    defer { collected.diagnostics = earlier }
    let outcome = session.run(source, form: .chunk)
    var result = CellResult(number: count, status: Self.status(outcome))
    if case .finished(let value) = outcome, !value.isNone {
      result.value = session.presentation(of: value)
    }
    result.diagnostics = collected.diagnostics
    return result
  }
}
