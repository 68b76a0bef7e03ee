import MDMData
import MDMDeclarations

/// Pays for an answer that is mathematically the reference, however it is written.
public struct MathReward: Verifier, Measure {
  public let name = "math"
  public let function = "math_equal"
  public let summary =
    "1 where an answer says in mathematics what the reference says: 1/2 and 0.5 agree."
  public let range = 0.0...1.0
  public let kinds: Set<AnswerKind> = [.number, .word]
  public let source: String? =
    "compared case by case with math-verify 0.9.0 (docs/language/writing-a-reward.md)"
  public let details = """
    Both sides may be LaTeX or plain: fractions, roots, powers, functions, sets, intervals, tuples, equations, \
    inequalities, matrices, ratios. Numbers are compared as exact fractions. Expressions are equal that agree at \
    random points of a prime field or, with roots and functions in them, at real points within proven rounding. \
    What is no mathematics is compared as text. Two answers (`1 or 2`, `x = 1 = 2`) are never one.

    A decimal of at least `digits` digits stands for a number that it rounds: 0.333333 is 1/3, 0.3333 is not. \
    `tolerance` allows a share of the reference instead. Units: "agree" compares them where both sides have one, \
    "require" always, "ignore" never; a percentage equals its number with and without the sign.

    The steps of a comparison are counted, its time is not taken: the same texts always score the same. What is \
    longer than 20,000 bytes, or nests deeper than answers do, equals itself only.
    """
  public let parameters = [
    ParameterDeclaration("prediction", .string, "The answer that was given."),
    ParameterDeclaration(
      "reference", .either([.string, .number, .list]), "The right answer, or a list of right ones."),
    ParameterDeclaration(
      "tolerance", .float, default: "0", "The share of the reference that a number may be off."),
    ParameterDeclaration(
      "units", .string, default: "\"agree\"", "\"agree\", \"require\" or \"ignore\"."),
    ParameterDeclaration(
      "digits", .int, default: "6", "The digits that a rounded decimal needs, 1 to 15."),
  ]
  public let examples = [
    CallExample("math_equal(\"1/2\", \"0.5\")", prints: "1.0"),
    CallExample("math_equal(r\"\\frac{\\sqrt{8}}{2}\", r\"$\\sqrt 2$\")", prints: "1.0"),
    CallExample("math_equal(\"x = 1 or x = 2\", \"1\")", prints: "0.0"),
    CallExample("math_equal(r\"(-\\infty, 3)\", \"x < 3\")", prints: "1.0"),
  ]

  public init() {}

  public func score(_ completion: String, _ example: MDMData.Example) -> Double {
    guard kinds.contains(example.kind), let text = AnswerParser.taggedText(completion) else {
      return 0
    }
    return MathJudge().accepts(text, example.answer) ? 1 : 0
  }

  public func score(_ arguments: MeasureArguments) throws(MeasureError) -> Double {
    let references: [String]
    if let number = arguments[1].number {
      guard number.isFinite else { throw MeasureError(1, "the reference is no finite number") }
      if case .integer(let whole) = arguments[1] {
        references = ["\(whole)"]
      } else {
        references = ["\(number)"]
      }
    } else {
      references = try arguments.texts(1)
    }
    let tolerance = try arguments.number(2, in: 0...1)
    let word = try arguments.word(3, of: ["agree", "require", "ignore"])
    let digits = Int(try arguments.number(4, in: 1...15))
    let text: String
    switch arguments[0] {
    case .string(let written): text = written
    case .integer(let whole): text = "\(whole)"
    case .number(let number) where number.isFinite: text = "\(number)"
    default: return 0
    }
    for reference in references {
      // Each reference has its own steps, so that the order of the list does not matter.
      let judge = MathJudge(
        units: MathJudge.Units(rawValue: word) ?? .agree, tolerance: tolerance, digits: digits)
      if judge.accepts(text, reference) { return 1 }
    }
    return 0
  }
}
