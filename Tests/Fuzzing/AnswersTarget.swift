import MDMJSON
import MDMRewards

/// Any answer, in mathematics or not, is scored by every measure within its range, the same every
/// time; an answer says what it says itself.
public final class AnswersTarget: FuzzTarget {
  public static let name = "answers"

  private static let pieces = [
    "1", "2", "0.5", "1,000", "12", "x", "y", "e", "i", "\\pi", "+", "-", "*", "/", "^", "_", "=",
    "<", "\\le",
    "\\ne", "\\in", ",", ";", " ", "(", ")", "[", "]", "{", "}", "\\{", "\\}", "\\frac", "\\sqrt",
    "\\sqrt[3]",
    "\\sin", "\\log_2", "\\boxed{", "$", "\\(", "\\)", "\\pm", "\\cup", "\\infty", "|", "!", "%",
    "\\%", "^\\circ",
    "\\text{ cm}", "\\text{ or }", " and ", "\\begin{pmatrix}", "\\end{pmatrix}", "&", "\\\\",
    "\\left", "\\right",
    "\\binom", "\\sum", "\\lfloor", "\\rfloor", ":", "≤", "√", "π", "½", "é", "\\", "A", "B",
    "<answer>", "</answer>",
    "0 0 2 2", "nan", "inf", "1e9", "\u{0}", "'", "\"", "\n", "red", "\\approx", "km/h",
    "99999999999999999999",
  ]
  private static let golds: [JSONNode] = [
    .string("B"), .string("12"), .string("\\frac{1}{2}"), .string("x^2+1"), .string("\\{1, 2\\}"),
    .string("(0, 1)"), .string("red circle"), .string("x < 3"),
    .array([.integer(0), .integer(0), .integer(2), .integer(2)]),
  ]

  public init(root: String) {}

  public func input(_ random: inout RandomNumbers) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<(1 + random.next(24)) {
      if random.next(40) == 0 {
        // Something deep or long now and then.
        let piece = Array((random.pick(Self.pieces) ?? "(").utf8)
        for _ in 0..<random.next(300) { bytes += piece }
      } else if random.next(30) == 0 {
        bytes.append(UInt8(random.next(256)))
      } else {
        bytes += Array((random.pick(Self.pieces) ?? "").utf8)
      }
    }
    return bytes
  }

  public func run(_ input: [UInt8]) throws {
    let text = String(decoding: input, as: UTF8.self)
    for measure in RewardCatalogue.measures {
      for gold in Self.golds {
        var values: [JSONNode] = [.string(text), gold]
        for parameter in measure.parameters.dropFirst(2) {
          guard let written = parameter.defaultText else { break }
          values.append(try JSONNode(parsing: Array(written.utf8)))
        }
        guard values.count == measure.parameters.count else { continue }
        let arguments = MeasureArguments(values)
        // A reference that is none of its kind is refused, whatever the answer.
        guard let score = try? measure.score(arguments) else { continue }
        try BrokenLaw.unless(
          measure.range.contains(score), "\(measure.function) gives \(score) against \(gold)")
        try BrokenLaw.unless(
          (try? measure.score(arguments)) == score, "\(measure.function) changes its mind")
      }
    }
    guard let math = RewardCatalogue.measure("math_equal") else { throw BrokenLaw("no math_equal") }
    func equal(_ given: String, _ gold: String) throws -> Double {
      try math.score(
        MeasureArguments([
          .string(given), .string(gold), .integer(0), .string("agree"), .integer(6),
        ]))
    }
    if text.contains(where: { $0.isLetter || $0.isNumber }) {
      try BrokenLaw.unless(try equal(text, text) == 1, "an answer is not itself")
    }
    if let answer = MathAnswer.find(in: text) {
      try BrokenLaw.unless(answer.utf8.count <= 2 * text.utf8.count + 8, "the answer is longer")
    }
    _ = AnswerParser.taggedText(text)
  }
}
