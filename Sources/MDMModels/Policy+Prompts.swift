import MDMImages

extension Policy {
  /// The side that a policy of whole words, such as `mini`, sees images at, in pixels.
  private static let wordImageSide = 64

  /// The prompt of a question about images.
  ///
  /// A policy with a chat template gets one turn of the user, the images first; one of whole words gets the
  /// images, each at 64 x 64 pixels, and then the words.
  ///
  /// - Throws: `ModelError.unknownWords` for words that the tokenizer has not, and what
  ///   `prompt(_:images:domain:index:)` throws.
  public func prompt(
    asking question: String, images: [RGBImage] = [], domain: String = "", index: Int = 0
  ) throws(ModelError) -> Prompt {
    guard tokenizer is WordTokenizer else {
      return try prompt(
        [ChatMessage("user", images.map { _ in .image } + [.text(question)])], images: images,
        domain: domain, index: index)
    }
    let unknown = tokenizer.unknownWords(in: question)
    if !unknown.isEmpty { throw .unknownWords(unknown) }
    let side = Self.wordImageSide
    let images = images.map { $0.resized(width: side, height: side) }
    let count = configuration.imageTokenCount(width: side, height: side)
    let tokens =
      [Int32](repeating: configuration.imageToken, count: count * images.count)
      + tokenizer.encode(question)
    return Prompt(images: images, tokens: tokens, domain: domain, index: index)
  }

  /// The prompt of a conversation, with each image's placeholder expanded to its number of tokens.
  ///
  /// - Parameter images: One for each image part, in the order of the turns.
  /// - Throws: `ModelError.unknownChatTemplate` for a checkpoint with another template than Qwen2-VL's,
  ///   and what `check(_:)` says of the result.
  public func prompt(
    _ messages: [ChatMessage], images: [RGBImage] = [], domain: String = "", index: Int = 0
  ) throws(ModelError) -> Prompt {
    guard companions.knowsTemplate else { throw .unknownChatTemplate }
    return try prompt(
      text: ChatTemplate.text(messages), images: images, domain: domain, index: index)
  }

  /// The prompt of a text that holds its marks and one placeholder for each image.
  public func prompt(
    text: String, images: [RGBImage] = [], domain: String = "", index: Int = 0
  ) throws(ModelError) -> Prompt {
    var tokens: [Int32] = []
    var image = 0
    for token in tokenizer.encode(text) {
      if token == configuration.imageToken, image < images.count {
        let count = configuration.imageTokenCount(
          width: images[image].width, height: images[image].height)
        tokens += [Int32](repeating: token, count: count)
        image += 1
      } else {
        tokens.append(token)
      }
    }
    let prompt = Prompt(images: images, tokens: tokens, domain: domain, index: index)
    try check(prompt)
    return prompt
  }

  /// Whether a prompt fits this network: known tokens, and one placeholder for each image token.
  ///
  /// The other functions accept every prompt; what does not fit is treated as the unknown word.
  public func check(_ prompt: Prompt) throws(ModelError) {
    let c = configuration
    if prompt.tokens.isEmpty { throw .badPrompt(reason: "has no tokens") }
    let longest = min(PolicyConfiguration.longestPrompt, c.contextLength)
    if prompt.tokens.count > longest {
      throw .badPrompt(reason: "has \(prompt.tokens.count) tokens, more than \(longest)")
    }
    if let bad = prompt.tokens.first(where: { $0 < 0 || Int($0) >= c.vocabularySize }) {
      throw .badPrompt(reason: "has the token \(bad) of \(c.vocabularySize)")
    }
    for image in prompt.images {
      let (short, long) = (min(image.width, image.height), max(image.width, image.height))
      if short < 1 { throw .badPrompt(reason: "has an empty image") }
      if long > ImageProcessor.greatestAspect * short {
        throw .badPrompt(
          reason:
            "has an image of \(image.width) x \(image.height) pixels; no side may be more than "
            + "\(ImageProcessor.greatestAspect) times the other")
      }
    }
    let found = prompt.tokens.filter { $0 == c.imageToken }.count
    let wanted = prompt.images.map { c.imageTokenCount(width: $0.width, height: $0.height) }
    let whole = PromptPositions(prompt, configuration: c).wholeImages
    if found != wanted.reduce(0, +) || whole != wanted.count {
      let runs = wanted.map(String.init).joined(separator: " and ")
      throw .badPrompt(
        reason: wanted.isEmpty
          ? "has \(found) image tokens but no image"
          : "has \(found) image tokens, but its images need runs of \(runs)")
    }
    if prompt.tokens.last == c.imageToken {
      throw .badPrompt(reason: "ends with its image; a word must follow")
    }
  }
}
