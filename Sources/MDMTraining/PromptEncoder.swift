import MDMData
import MDMModels

/// Turns examples into what a policy reads.
///
/// A policy of whole words gets the image, then the words of the target prompt; one with a chat template gets
/// a user's turn of the image and the prompt's text.
struct PromptEncoder {
  let policy: Policy

  /// The prompt of an example; its random streams are named by domain and index.
  func prompt(
    _ example: MDMData.Example, words: [String]? = nil, domain: String, index: Int
  ) throws(TrainingError) -> Prompt {
    let words = words ?? PromptFormat.tags.prompt(for: example)
    guard policy.tokenizer is WordTokenizer else {
      do throws(ModelError) {
        return try policy.prompt(
          [ChatMessage("user", [.image, .text(words.joined(separator: " "))])],
          images: [example.image], domain: domain, index: index)
      } catch { throw .unusablePrompt(error, example: example.id) }
    }
    let side = ImageSide.pixels
    let image = example.image.resized(width: side, height: side)
    let count = policy.configuration.imageTokenCount(width: image.width, height: image.height)
    var tokens = [Int32](repeating: policy.configuration.imageToken, count: count)
    for word in words {
      let encoded = policy.tokenizer.encode(word)
      guard encoded.count == 1, encoded[0] != policy.configuration.unknownToken else {
        throw .unknownWord(word, example: example.id)
      }
      tokens += encoded
    }
    return Prompt(images: [image], tokens: tokens, domain: domain, index: index)
  }

  /// A completion's text without its end token.
  func text(_ tokens: [Int32]) -> String {
    let ends = tokens.last.map(policy.configuration.ends) ?? false
    return policy.tokenizer.decode(ends ? Array(tokens.dropLast()) : tokens)
  }
}

/// The side of the images that a policy of whole words reads, in pixels.
enum ImageSide {
  static let pixels = 64
}
