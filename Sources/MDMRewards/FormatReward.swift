import MDMData
import MDMDeclarations

/// Pays for an answer in its tags that has the asked type, right or wrong.
public struct FormatReward: Verifier, Measure {
  public let name = "format"
  public let function = "has_format"
  public let summary =
    "1 where a completion is its tags in order, each once, with nothing around or between them."
  public let range = 0.0...1.0
  public let source: String? = "arXiv 2505.24871, section 2 (Format)"
  public let details =
    "A gate of other rewards: `has_format(text, [\"think\", \"answer\"]) * choice(…)`. A tag that "
    + "occurs twice, is not closed or stands in another scores 0, and so does an empty last tag."
  public let parameters = [
    ParameterDeclaration("completion", .string, "What a policy wrote."),
    ParameterDeclaration(
      "tags", .either([.string, .list]), default: "\"answer\"", "The tags, first to last."),
  ]
  public let examples = [
    CallExample("has_format(\"<answer> B </answer>\")", prints: "1.0"),
    CallExample(
      "has_format(\"<think> x </think> <answer> B </answer>\", [\"think\", \"answer\"])",
      prints: "1.0"),
    CallExample("has_format(\"so <answer> B </answer>\")", prints: "0.0"),
  ]

  public init() {}

  public func score(_ completion: String, _ example: MDMData.Example) -> Double {
    AnswerParser.strict(completion, for: example) == nil ? 0 : 1
  }

  public func score(_ arguments: MeasureArguments) throws(MeasureError) -> Double {
    let tags = try arguments.texts(1)
    for tag in tags {
      guard TagParser.isTag(tag) else {
        throw MeasureError(
          1, "\"\(tag.prefix(40))\" is no tag",
          hint: "a tag is a word such as answer, without < and >")
      }
    }
    guard let parts = TagParser.parts(of: try arguments.text(0), tags: tags) else { return 0 }
    return parts.last.map { $0.isEmpty ? 0 : 1 } ?? 0
  }
}
