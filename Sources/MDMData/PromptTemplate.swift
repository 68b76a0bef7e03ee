/// How a question and its options become the text of a prompt.
///
/// Source: the two-step suffix of arXiv 2505.24871 (section 2, figures 2 and 8), R1-V and
/// open-r1-multimodal; Visual-RFT for boxes.
public enum PromptTemplate: String, Sendable, Hashable, CaseIterable {
  /// The question alone.
  case plain
  /// Asks for `<think>` and `<answer>`, with a hint at the kind of answer.
  case twoStep = "two_step"
  /// Asks for `<answer>` alone.
  case direct

  /// One sentence on what a prompt of it asks for.
  public var summary: String {
    switch self {
    case .plain: "the question and its options"
    case .twoStep: "thinking inside <think>, the answer inside <answer>, as the paper asks"
    case .direct: "the answer inside <answer>"
    }
  }

  /// The text of an example's prompt.
  public func text(_ example: Example) -> String {
    let options = example.options.isEmpty ? "" : "\n" + Self.listed(example.options)
    let question = example.question + options
    switch self {
    case .plain: return question
    case .twoStep:
      return question
        + "\nFirst output the thinking process in <think> </think> tags and then output the final "
        + "answer in <answer> </answer> tags.\n" + Self.shape(example)
    case .direct:
      return question + "\nOutput the final answer in <answer> </answer> tags.\n"
        + Self.shape(example)
    }
  }

  /// `A. red`, one option a line.
  static func listed(_ options: [String]) -> String {
    zip(Example.letters(options.count), options).map { "\($0). \($1)" }.joined(separator: "\n")
  }

  private static func shape(_ example: Example) -> String {
    switch example.kind {
    case .box where example.coordinates == .cells:
      "The answer is four numbers from 0 to \(Example.cells): left, top, right and bottom."
    case .box:
      "The answer is a list of boxes with whole numbers "
        + (example.coordinates == .thousandths ? "from 0 to 1000" : "of pixels")
        + ": <answer>[{'Position': [x1, y1, x2, y2], 'Confidence': number}, ...]</answer>"
    case .choice: "Write the letter of the option: <answer>(option)</answer>"
    case .number: "Write the number: <answer>(number)</answer>"
    case .word: "Write a short answer: <answer>(text)</answer>"
    }
  }
}
