import MDMNumerics

/// The mixture of answer formats that the supervised warm-up teaches.
///
/// The base policy shall know the answers better than the format, as the paper's does: the target
/// format is one of several, so that a good share of its sampled answers cannot be parsed.
public struct WarmUpFormat: Sendable, Equatable {
  /// The probability of each format under a tagged prompt, not negative; the sum need not be 1.
  public let shares: [AnswerFormat: Double]
  /// The probability that a caption is asked with `say`, to be answered bare.
  public let captionSayShare: Double

  /// Shares of the formats.
  ///
  /// By default the formats that begin with `<answer>` stay below the bare one in sum with the
  /// wrong ones, so that greedy decoding has something to learn as well.
  public init(
    target: Double = 0.35, bare: Double = 0.42, sentence: Double = 0.13, unclosed: Double = 0.04,
    wrongKind: Double = 0.06, captionSayShare: Double = 0.5
  ) {
    shares = [
      .target: target, .bare: bare, .sentence: sentence, .unclosed: unclosed,
      .wrongKind: wrongKind,
    ]
    self.captionSayShare = captionSayShare
  }

  /// A prompt and what it is answered with.
  public struct Pair: Sendable, Equatable {
    public let prompt: [String]
    public let target: [String]
    /// The format that was drawn for the target.
    public let format: AnswerFormat

    public init(prompt: [String], target: [String], format: AnswerFormat) {
      self.prompt = prompt
      self.target = target
      self.format = format
    }
  }

  /// The pair of an example; the same stream gives the same formats.
  public func pair(for example: Example, _ stream: inout RandomStream) -> Pair {
    let caption = example.domain.hasPrefix(CaptionGenerator.prefix)
    if caption, stream.uniform() < captionSayShare {
      return Pair(
        prompt: PromptFormat.say.prompt(for: example),
        target: example.answer.split(separator: " ").map(String.init), format: .bare)
    }
    let format = draw(&stream)
    return Pair(
      prompt: PromptFormat.tags.prompt(for: example),
      target: format.text(of: example, &stream).split(separator: " ").map(String.init),
      format: format)
  }

  private func draw(_ stream: inout RandomStream) -> AnswerFormat {
    let weights = AnswerFormat.allCases.map { max(shares[$0] ?? 0, 0) }
    var rest = stream.uniform() * weights.reduce(0, +)
    for (format, weight) in zip(AnswerFormat.allCases, weights) {
      if rest < weight { return format }
      rest -= weight
    }
    return .target
  }
}
