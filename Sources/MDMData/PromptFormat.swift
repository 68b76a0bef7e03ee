/// How an example becomes the words of a prompt: its question and two hint words.
public enum PromptFormat: String, Sendable, Hashable, CaseIterable {
  /// `tags box`: asks for `<answer> x </answer>`, the prompt of training and evaluation.
  case tags
  /// `say box`: asks for the bare answer, the prompt of captions.
  case say

  /// The prompt's words for an example; the image comes before them.
  public func prompt(for example: Example) -> [String] {
    if let template = example.template {
      return template.text(example).split(separator: " ").map(String.init)
    }
    return example.question.split(separator: " ").map(String.init)
      + [rawValue, example.kind.hintWord]
  }

  /// Every hint word.
  static let words = allCases.map(\.rawValue) + AnswerKind.allCases.map(\.hintWord)
}
