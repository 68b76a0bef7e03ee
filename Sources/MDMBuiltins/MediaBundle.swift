import MDMJSON

/// One value in several forms, of which a viewer shows the first that it knows.
public struct MediaBundle: Sendable, Equatable {
  /// A form's content.
  public enum Content: Sendable, Equatable {
    case text(String)
    case bytes([UInt8])
    case json(JSONNode)
  }

  /// A form: its media type, such as `image/png`, and its content.
  public struct Part: Sendable, Equatable {
    public var type: String
    public var content: Content

    public init(_ type: String, _ content: Content) {
      self.type = type
      self.content = content
    }
  }

  /// The forms, the most faithful first.
  public var parts: [Part]

  public init(_ parts: [Part]) { self.parts = parts }

  /// The content of a media type.
  public subscript(type: String) -> Content? { parts.first { $0.type == type }?.content }
}
