import MDMJSON
import MDMSyntax

/// For harnesses that read the Test Anything Protocol.
///
/// Source: TAP version 14, https://testanything.org/tap-version-14-specification.html
public struct TAPTestReport: TestReport {
  private var number = 0

  public init() {}

  public func begin() -> String { "TAP version 14\n" }

  public mutating func add(_ outcome: TestOutcome) -> String {
    number += 1
    let hasPassed = outcome.status == .passed
    var text = "\(hasPassed ? "" : "not ")ok \(number) - \(Self.escaped(outcome.title))\n"
    text += "  ---\n  duration_ms: \(Self.rounded(outcome.seconds * 1000))\n"
    text += "  at: \(JSONNode.quoted("\(outcome.source.name):\(outcome.line)"))\n"
    if let first = outcome.diagnostics.first {
      // Strings in JSON's form are YAML too.
      text += "  severity: fail\n  code: \(first.code)\n"
      text += "  message: \(JSONNode.quoted(first.message))\n"
      text += Self.block(
        "details", outcome.diagnostics.map { DiagnosticRenderer().render($0) }.joined())
    }
    if !hasPassed, !outcome.output.isEmpty { text += Self.block("output", outcome.output) }
    return text + "  ...\n"
  }

  public func end(_ summary: TestSummary) -> String { "1..\(number)\n" }

  private static func block(_ key: String, _ text: String) -> String {
    "  \(key): \(JSONNode.quoted(text))\n"
  }

  /// `#` would begin a directive and a line end another line.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "#", "\\": result += "\\" + String(scalar)
      case "\n", "\r": result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// With three digits behind the point.
  static func rounded(_ value: Double) -> String {
    let whole = Int((value * 1000).rounded())
    let digits = String(whole % 1000)
    return "\(whole / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
  }
}
