import MDMBuiltins
import MDMRuntime
import MDMSyntax

/// What error codes mean, from the catalogues of all modules.
public enum Explanations {
  /// The page of a code; nil where there is none.
  public static func text(_ code: String) -> String? {
    if let entry = DiagnosticCatalogue.syntax.first(where: { $0.code == code }) {
      return entry.page
    }
    if let entry = RuntimeCode(rawValue: code) { return "\(code): \(entry.explanation)" }
    return BuiltinCodes.explanations[code].map { "\(code): \($0)" }
  }
}
