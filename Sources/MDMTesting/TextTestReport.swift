import MDMSyntax

/// For people: a line a test, and for those that fail what they printed and why.
public struct TextTestReport: TestReport {
  private let renderer: DiagnosticRenderer
  /// Whether what passing tests print is shown too.
  private let showsOutput: Bool
  /// Whether diagnostics are left out, because another sink takes them.
  private let omitsDiagnostics: Bool
  private var file: String?

  public init(colour: Bool = false, showsOutput: Bool = false, omitsDiagnostics: Bool = false) {
    renderer = DiagnosticRenderer(colour: colour)
    self.showsOutput = showsOutput
    self.omitsDiagnostics = omitsDiagnostics
  }

  public func begin() -> String { "" }

  public mutating func add(_ outcome: TestOutcome) -> String {
    var text = ""
    if file != outcome.source.name {
      text += (file == nil ? "" : "\n") + outcome.source.name + "\n"
      file = outcome.source.name
    }
    let hasPassed = outcome.status == .passed
    let mark = hasPassed ? paint("✔", "32") : paint("✘", "1;31")
    text += "\(mark) \(outcome.name)  \(paint(TestSummary.duration(outcome.seconds), "2"))\n"
    if !outcome.output.isEmpty, showsOutput || !hasPassed {
      text += "  printed:\n"
      let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
      for line in lines.last?.isEmpty ?? false ? lines.dropLast() : lines[...] {
        text += "  | \(line)\n"
      }
    }
    if !omitsDiagnostics { text += outcome.diagnostics.map { renderer.render($0) }.joined() }
    return text
  }

  public func end(_ summary: TestSummary) -> String {
    let text = paint(summary.text, summary.passed == summary.count ? "32" : "1;31")
    return (summary.count > 0 ? "\n" : "") + text + "\n"
  }

  private func paint(_ text: String, _ style: String) -> String {
    renderer.colour ? "\u{1B}[\(style)m\(text)\u{1B}[0m" : text
  }
}
