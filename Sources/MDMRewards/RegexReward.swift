import MDMDeclarations

/// Pays for an answer that has a form.
public struct RegexReward: Measure {
  public let function = "regex_match"
  public let summary = "1 where a pattern matches the whole answer, or a part of it on request."
  public let source: String? = "RE2: linear time for every pattern and text"
  public let details =
    "The reference is the pattern. `whole: false` looks for it anywhere; that pays for answers with anything around."
  public let parameters = [
    ParameterDeclaration("prediction", .string, "The answer that was given."),
    ParameterDeclaration("reference", .string, "A regular expression in RE2's syntax."),
    ParameterDeclaration("whole", .bool, default: "true", "Whether the whole answer has to match."),
    ParameterDeclaration("ignore_case", .bool, default: "false", "Whether case does not count."),
  ]
  public let examples = [
    CallExample("regex_match(\"17 kg\", r\"\\d+ ?kg\")", prints: "1.0"),
    CallExample("regex_match(\"17 kg or 18 kg\", r\"\\d+ ?kg\")", prints: "0.0"),
  ]

  public init() {}

  public func score(_ arguments: MeasureArguments) throws(MeasureError) -> Double {
    let source = try arguments.text(1)
    let (isWhole, ignoresCase) = (try arguments.bool(2), try arguments.bool(3))
    let pattern: AnswerPattern
    do throws(AnswerPattern.Fault) {
      pattern = try AnswerPattern.cached(source, ignoresCase: ignoresCase)
    } catch {
      throw MeasureError(1, "the pattern is not possible: \(error.reason)")
    }
    return pattern.matches(try arguments.text(0), whole: isWhole) ? 1 : 0
  }
}
