import MDMData
import MDMModels

/// Turns examples into what a policy reads: image tokens, then the words of the target prompt.
struct PromptEncoder {
  let policy: Policy

  /// The prompt of an example; its random streams are named by domain and index.
  func prompt(
    _ example: MDMData.Example, words: [String]? = nil, domain: String, index: Int
  ) throws(TrainingError) -> Prompt {
    let side = ImageSide.pixels
    let image = example.image.resized(width: side, height: side)
    let count = policy.configuration.imageTokenCount(width: image.width, height: image.height)
    var tokens = [Int32](repeating: policy.configuration.imageToken, count: count)
    let words = words ?? PromptFormat.tags.prompt(for: example)
    for word in words {
      let encoded = policy.tokenizer.encode(word)
      guard encoded.count == 1, encoded[0] != policy.configuration.unknownToken else {
        throw .unknownWord(word, example: example.id)
      }
      tokens += encoded
    }
    return Prompt(image: image, tokens: tokens, domain: domain, index: index)
  }

  /// A completion's text without its end token.
  func text(_ tokens: [Int32]) -> String {
    let end = policy.configuration.endToken
    return policy.tokenizer.decode(tokens.last == end ? Array(tokens.dropLast()) : tokens)
  }
}

/// The side of the images that a policy reads, in pixels.
enum ImageSide {
  static let pixels = 64
}
