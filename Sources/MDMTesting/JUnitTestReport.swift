import MDMSyntax

/// For CI servers: the XML that JUnit's Ant task writes, one suite a file.
///
/// Source: the schema that Jenkins and GitLab read, https://github.com/testmoapp/junitxml
public struct JUnitTestReport: TestReport {
  private var outcomes: [TestOutcome] = []

  public init() {}

  public func begin() -> String { "" }

  public mutating func add(_ outcome: TestOutcome) -> String {
    outcomes.append(outcome)
    return ""
  }

  /// The whole text: its head has the sums.
  public func end(_ summary: TestSummary) -> String {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text += Self.open("testsuites", Self.figures(outcomes), indent: 0)
    var rest = outcomes[...]
    while let first = rest.first {
      let suite = rest.prefix { $0.source.name == first.source.name }
      rest = rest.dropFirst(suite.count)
      text += Self.open(
        "testsuite", [("name", first.source.name)] + Self.figures(Array(suite)), indent: 1)
      for outcome in suite { text += Self.testCase(outcome) }
      text += "  </testsuite>\n"
    }
    return text + "</testsuites>\n"
  }

  private static func figures(_ outcomes: [TestOutcome]) -> [(String, String)] {
    let failures = outcomes.count { $0.status == .failed }
    let errors = outcomes.count { $0.status == .broken || $0.status == .rejected }
    let seconds = outcomes.reduce(0) { $0 + $1.seconds }
    return [
      ("tests", "\(outcomes.count)"), ("failures", "\(failures)"), ("errors", "\(errors)"),
      ("time", time(seconds)),
    ]
  }

  private static func testCase(_ outcome: TestOutcome) -> String {
    let path = outcome.source.name
    let stem = path.hasSuffix(".mdm") ? String(path.dropLast(4)) : path
    let attributes = [
      ("name", outcome.name), ("classname", stem.split(separator: "/").joined(separator: ".")),
      ("file", path), ("line", "\(outcome.line)"), ("time", time(outcome.seconds)),
    ]
    var text = open("testcase", attributes, indent: 2)
    if outcome.status != .passed {
      let element = outcome.status == .failed ? "failure" : "error"
      let first = outcome.diagnostics.first
      let details = outcome.diagnostics.map { DiagnosticRenderer().render($0) }.joined()
      text += "      <\(element) message=\"\(escaped(first?.message ?? "", isAttribute: true))\""
      text += " type=\"\(escaped(first?.code ?? ""))\">\(escaped(details))</\(element)>\n"
    }
    if !outcome.output.isEmpty {
      text += "      <system-out>\(escaped(outcome.output))</system-out>\n"
    }
    return text + "    </testcase>\n"
  }

  private static func open(
    _ element: String, _ attributes: [(String, String)], indent: Int
  ) -> String {
    let list = attributes.map { " \($0.0)=\"\(escaped($0.1, isAttribute: true))\"" }.joined()
    return String(repeating: "  ", count: indent) + "<\(element)\(list)>\n"
  }

  private static func time(_ seconds: Double) -> String { TAPTestReport.rounded(seconds) }

  /// XML 1.0 has no form for most control characters: they become U+FFFD.
  static func escaped(_ text: String, isAttribute: Bool = false) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\r": result += "&#13;"
      // Readers turn plain ones in attributes into blanks.
      case "\n": result += isAttribute ? "&#10;" : "\n"
      case "\t": result += isAttribute ? "&#9;" : "\t"
      case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default:
        if scalar.value < 0x20 {
          result += "\u{FFFD}"
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result
  }
}
