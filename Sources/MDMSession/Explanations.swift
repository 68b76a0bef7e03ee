import MDMBuiltins
import MDMRuntime
import MDMSyntax

/// What error codes mean, from the catalogues of all modules.
public enum Explanations {
  /// All codes in order, errors before warnings.
  public static let all: [DiagnosticCode] = {
    let runtime = RuntimeCode.allCases.map { entry($0.rawValue, $0.explanation) }
    let builtins = BuiltinCodes.explanations.map { entry($0.key, $0.value) }
    return (DiagnosticCatalogue.syntax + runtime + builtins).sorted { $0.code < $1.code }
  }()

  /// The entry of a code; `e0301` and `301` are E0301.
  public static func entry(_ code: String) -> DiagnosticCode? {
    let wanted = normal(code)
    if let found = all.first(where: { $0.code == wanted }) { return found }
    // Digits alone may mean a warning.
    return wanted == code.uppercased()
      ? nil : all.first { $0.code.dropFirst() == wanted.dropFirst() }
  }

  /// The page of a code; nil where there is none.
  public static func text(_ code: String) -> String? { entry(code)?.page }

  /// Codes that may have been meant: those of the nearest numbers, or whose title has the text.
  public static func near(_ code: String) -> [DiagnosticCode] {
    let wanted = normal(code)
    let word = code.lowercased()
    if word.count > 2, !word.contains(where: \.isNumber) {
      return Array(all.filter { $0.title.lowercased().contains(word) }.prefix(8))
    }
    guard wanted.count == 5, let number = Int(wanted.dropFirst()) else { return [] }
    // Those of the same hundred, the nearest number first.
    let scored = all.filter { $0.code.prefix(3) == wanted.prefix(3) }.map { entry in
      (entry: entry, distance: abs((Int(entry.code.dropFirst()) ?? 0) - number))
    }
    let best = scored.sorted { ($0.distance, $0.entry.code) < ($1.distance, $1.entry.code) }
    return best.prefix(5).map(\.entry)
  }

  private static func normal(_ code: String) -> String {
    let text = code.uppercased()
    guard !text.isEmpty, text.allSatisfy(\.isNumber), text.count <= 4 else { return text }
    return "E" + String(repeating: "0", count: 4 - text.count) + text
  }

  /// A catalogue of one explanation a code: its first sentence is the title.
  private static func entry(_ code: String, _ explanation: String) -> DiagnosticCode {
    let end = explanation.ranges(of: ". ").first?.lowerBound ?? explanation.endIndex
    var title = String(explanation[..<end])
    if title.hasSuffix(".") { title.removeLast() }
    let rest = explanation[end...].dropFirst(2)
    return DiagnosticCode(code, title, rest.isEmpty ? "" : String(rest))
  }
}
