import MDMSyntax

/// What a test, or the file around it, did.
public struct TestOutcome: Sendable {
  public enum Status: Sendable {
    case passed
    /// An assertion or expectation did not hold, or an example printed something else.
    case failed
    /// It ended with another error.
    case broken
    /// The file has errors that are found before it runs.
    case rejected
  }

  public let status: Status
  /// The test's name; of a file whose tests could not run what was tried.
  public let name: String
  public let source: SourceText
  /// From 1.
  public let line: Int
  public let seconds: Double
  /// Why it did not pass.
  public let diagnostics: [Diagnostic]
  /// What it printed, to both streams.
  public let output: String

  public init(
    status: Status, name: String, source: SourceText, line: Int, seconds: Double,
    diagnostics: [Diagnostic], output: String
  ) {
    self.status = status
    self.name = name
    self.source = source
    self.line = line
    self.seconds = seconds
    self.diagnostics = diagnostics
    self.output = output
  }

  /// Its name with that of its file, the text that `-k` is looked for in.
  public var title: String { "\(source.name): \(name)" }
}
