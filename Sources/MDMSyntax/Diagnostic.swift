/// One message about a script, in the form that all front ends render.
public struct Diagnostic: Sendable {
  public enum Severity: String, Sendable { case error, warning, note }

  /// A user frame of a run-time error's trace.
  public struct Frame: Sendable {
    public let function: String
    public let source: SourceText
    public let span: Span

    public init(function: String, source: SourceText, span: Span) {
      self.function = function
      self.source = source
      self.span = span
    }
  }

  /// A change of the text that would mend it.
  public struct Fix: Sendable, Equatable {
    /// What the change does: "write `mean`".
    public let title: String
    /// What is replaced, in the source of the diagnostic's place.
    public let span: Span
    public let replacement: String

    public init(_ title: String, _ span: Span, _ replacement: String) {
      self.title = title
      self.span = span
      self.replacement = replacement
    }
  }

  public var severity: Severity
  /// A stable code such as `E0301`; `mdm explain` tells more about it.
  public var code: String
  /// One sentence, without a full stop at its end.
  public var message: String
  /// Where; nil only where no source is involved.
  public var place: (source: SourceText, span: Span)?
  /// What to write instead.
  public var hint: String?
  public var notes: [String]
  /// Any one of them mends it.
  public var fixes: [Fix] = []
  /// Declarations of the same source that the message is about, for editors to show.
  public var related: [Span] = []
  /// User frames, innermost last.
  public var trace: [Frame]

  public init(
    _ severity: Severity = .error, code: String, _ message: String,
    at place: (source: SourceText, span: Span)? = nil, hint: String? = nil, notes: [String] = [],
    trace: [Frame] = []
  ) {
    self.severity = severity
    self.code = code
    self.message = Self.shortened(message)
    self.place = place
    self.hint = hint
    self.notes = notes
    self.trace = trace
  }

  /// A name of a megabyte would hide what is said about it.
  private static func shortened(_ message: String) -> String {
    guard message.utf8.count > longestMessage else { return message }
    return String(message.unicodeScalars.prefix(longestMessage / 2)) + " … "
      + String(message.unicodeScalars.suffix(longestMessage / 4))
  }

  /// In bytes; what a script says itself with `error(…)` may well be a page.
  private static let longestMessage = 8000
}
