import MDMImages

/// What a policy is asked: tokens, images, and the name of its random streams.
public struct Prompt: Sendable {
  /// The images whose features replace the runs of placeholder tokens, in order.
  public var images: [RGBImage]
  /// The token identifiers; each image's placeholder run is already expanded to its full length
  /// (see `PolicyConfiguration.imageTokenCount(width:height:)`), and two runs do not touch.
  public var tokens: [Int32]
  /// The domain that the prompt belongs to; it names the random streams of its samples.
  public var domain: String
  /// The number of the example within the domain; it names the random streams of its samples.
  public var index: Int

  /// A prompt from its four parts.
  public init(images: [RGBImage] = [], tokens: [Int32], domain: String = "", index: Int = 0) {
    self.images = images
    self.tokens = tokens
    self.domain = domain
    self.index = index
  }
}
