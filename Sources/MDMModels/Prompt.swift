import MDMImages

/// What a policy is asked: tokens, an optional image, and the name of its random streams.
public struct Prompt: Sendable {
  /// The image whose features replace the run of placeholder tokens, or nil.
  public var image: RGBImage?
  /// The token identifiers; the image's placeholder run is already expanded to its full length
  /// (see `PolicyConfiguration.imageTokenCount(width:height:)`).
  public var tokens: [Int32]
  /// The domain that the prompt belongs to; it names the random streams of its samples.
  public var domain: String
  /// The number of the example within the domain; it names the random streams of its samples.
  public var index: Int

  /// A prompt from its four parts.
  public init(image: RGBImage? = nil, tokens: [Int32], domain: String = "", index: Int = 0) {
    self.image = image
    self.tokens = tokens
    self.domain = domain
    self.index = index
  }
}
