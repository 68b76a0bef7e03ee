import MDMData
import MDMImages
import MDMModels

/// Turns examples into what a policy reads: the image and the words of the target prompt.
struct PromptEncoder {
  let policy: Policy

  /// The prompt of an example; its random streams are named by domain and index.
  func prompt(
    _ example: MDMData.Example, words: [String]? = nil, domain: String, index: Int
  ) throws(TrainingError) -> Prompt {
    let words = words ?? PromptFormat.tags.prompt(for: example)
    let images: [RGBImage]
    do throws(ImageError) {
      images = try example.images.map { image throws(ImageError) in try image.decoded() }
    } catch { throw .unreadableImage(error, example: example.id) }
    do throws(ModelError) {
      return try policy.prompt(
        asking: words.joined(separator: " "), images: images, domain: domain, index: index)
    } catch {
      if case .unknownWords(let words) = error {
        throw .unknownWord(words[0], example: example.id)
      }
      throw .unusablePrompt(error, example: example.id)
    }
  }

  /// A completion's text without its end token.
  func text(_ tokens: [Int32]) -> String {
    let ends = tokens.last.map(policy.configuration.ends) ?? false
    return policy.tokenizer.decode(ends ? Array(tokens.dropLast()) : tokens)
  }
}
