/// One turn of a conversation.
public struct ChatMessage: Sendable, Equatable {
  /// A piece of a turn; the images themselves are given in the order of the turns.
  public enum Part: Sendable, Equatable {
    case text(String)
    case image
  }

  /// `system`, `user` or `assistant`.
  public var role: String
  public var parts: [Part]

  /// A turn from its two parts.
  public init(_ role: String, _ parts: [Part]) {
    self.role = role
    self.parts = parts
  }

  /// A turn of text alone.
  public init(_ role: String, _ text: String) { self.init(role, [.text(text)]) }
}
