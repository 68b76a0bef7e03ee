/// Why a text is no notebook that can be used here.
public struct NotebookError: Error, Sendable, Equatable {
  /// One sentence, without a full stop at its end.
  public let message: String
  /// What to do about it.
  public let hint: String?

  public init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }
}
