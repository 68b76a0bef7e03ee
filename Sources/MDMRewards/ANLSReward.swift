import MDMData
import MDMDeclarations
import MDMNumerics

/// InfographicVQA's measure: one minus the normalised edit distance, 0 below one half.
public struct ANLSReward: Verifier, Measure {
  public let name = "anls"
  public let function = "anls"
  public let summary =
    "Likeness of a text to the best of the right answers by edit distance; 0 below 0.5."
  public let range = 0.0...1.0
  public let kinds: Set<AnswerKind> = [.word, .number]
  /// A partly right list such as `red blue` for `red` keeps some likeness, so this is a measure.
  public let resistsHedging = false
  public let source: String? =
    "DocVQA, arXiv 2007.00398; the threshold keeps 0.5 itself, as lmms-eval does"
  public let details = """
    Both texts are lower-cased and their white space collapsed, then 1 - distance / length. Form "lmms_eval" \
    (the default, for comparable figures) divides by the length of the longer text as it was written and keeps \
    a likeness of exactly the threshold; "paper" divides by the length of the collapsed texts and gives 0 there.

    Texts of more than 20,000 characters score 1 where they are equal and 0 otherwise.
    """
  public let parameters = [
    ParameterDeclaration("prediction", .string, "The answer that was given."),
    ParameterDeclaration(
      "reference", .either([.string, .list]), "The right answer, or a list of right ones."),
    ParameterDeclaration("threshold", .float, default: "0.5", "The least likeness that counts."),
    ParameterDeclaration("form", .string, default: "\"lmms_eval\"", "\"lmms_eval\" or \"paper\"."),
  ]
  public let examples = [
    CallExample("anls(\"helli\", [\"hello\", \"hi\"])", prints: "0.8"),
    CallExample("anls(\"ab\", \"ac\")", prints: "0.5"),
    CallExample("anls(\"ab\", \"ac\", form: \"paper\")", prints: "0.0"),
  ]

  public init() {}

  public func score(_ completion: String, _ example: MDMData.Example) -> Double {
    guard kinds.contains(example.kind), let text = AnswerParser.taggedText(completion) else {
      return 0
    }
    return text.isEmpty ? 0 : Self.likeness(text, example.answer, threshold: 0.5, isPaper: false)
  }

  public func score(_ arguments: MeasureArguments) throws(MeasureError) -> Double {
    let text = try arguments.text(0)
    let references = try arguments.texts(1)
    let threshold = try arguments.number(2, in: 0...1)
    let isPaper = try arguments.word(3, of: ["lmms_eval", "paper"]) == "paper"
    return references.reduce(0) {
      max($0, Self.likeness(text, $1, threshold: threshold, isPaper: isPaper))
    }
  }

  static func likeness(
    _ given: String, _ gold: String, threshold: Double, isPaper: Bool
  ) -> Double {
    let (a, b) = (normalised(given), normalised(gold))
    let longest =
      isPaper ? max(a.count, b.count) : max(given.unicodeScalars.count, gold.unicodeScalars.count)
    guard longest > 0 else { return 1 }
    // The distance is at least the difference of the lengths; what cannot reach the threshold and
    // what is too long need no comparison.
    let bound = 1 - Double(abs(a.count - b.count)) / Double(longest)
    if bound < threshold { return 0 }
    guard max(a.count, b.count) <= longestText else { return a == b ? 1 : 0 }
    let score = 1 - Double(EditDistance.between(a, b)) / Double(longest)
    return score < threshold || (isPaper && score <= threshold) ? 0 : max(score, 0)
  }

  /// Longer texts are not compared.
  private static let longestText = 20_000

  private static func normalised(_ text: String) -> [UInt32] {
    text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ").unicodeScalars
      .map(\.value)
  }
}
