import MDMJSON

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

  /// A text out of a file as a message shows it: without control characters, and not too long.
  public static func quoted(_ text: String) -> String {
    let start = String(
      text.unicodeScalars.prefix(40).map { (0x7F...0x9F).contains($0.value) ? "?" : Character($0) })
    return JSONNode.quoted(start.utf8.count < text.utf8.count ? start + "…" : start)
  }
}
