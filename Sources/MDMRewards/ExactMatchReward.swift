import MDMData
import MDMDeclarations

/// Pays for an answer whose text equals the gold answer's, whatever its kind.
public struct ExactMatchReward: Verifier, Measure {
  public let name = "exact_match"
  public let function = "exact_match"
  public let summary = "1 where the answer's text equals the reference, white space aside."
  public let range = 0.0...1.0
  public let source: String? = "arXiv 2505.24871, section 2 (Acc, exact match only)"
  public let parameters = [
    ParameterDeclaration("prediction", .string, "The answer that was given."),
    ParameterDeclaration(
      "reference", .either([.string, .list]), "The right answer, or a list of right ones."),
    ParameterDeclaration("ignore_case", .bool, default: "false", "Whether case does not count."),
  ]
  public let examples = [
    CallExample("exact_match(\" red  circle\", \"red circle\")", prints: "1.0"),
    CallExample("exact_match(\"Red\", \"red\", ignore_case: true)", prints: "1.0"),
  ]

  public init() {}

  public func score(_ completion: String, _ example: MDMData.Example) -> Double {
    guard let text = AnswerParser.taggedText(completion) else { return 0 }
    return Self.words(text) == Self.words(example.answer) ? 1 : 0
  }

  public func score(_ arguments: MeasureArguments) throws(MeasureError) -> Double {
    let ignoresCase = try arguments.bool(2)
    let text = try arguments.text(0)
    let given = Self.words(ignoresCase ? text.lowercased() : text)
    for reference in try arguments.texts(1)
    where Self.words(ignoresCase ? reference.lowercased() : reference) == given { return 1 }
    return 0
  }

  private static func words(_ text: String) -> [Substring] {
    text.split(whereSeparator: \.isWhitespace)
  }
}
