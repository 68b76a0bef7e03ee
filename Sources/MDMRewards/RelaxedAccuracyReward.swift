import MDMData
import MDMDeclarations

/// ChartQA's measure: numbers may be off by 5 percent, other texts must agree but for case.
public struct RelaxedAccuracyReward: Verifier, Measure {
  public let name = "relaxed_accuracy"
  public let function = "relaxed_accuracy"
  public let summary =
    "1 for a number within 5 % of the right one or for the same text but for case."
  public let range = 0.0...1.0
  public let kinds: Set<AnswerKind> = [.word, .number]
  public let source: String? = "ChartQA, arXiv 2203.10244, section 5.1, as lmms-eval computes it"
  public let details =
    "As published: a reference of 0 is compared as text, `5%` is 0.05 and so differs from `5`, and `1,000` is no "
    + "number. Of several references the best counts."
  public let parameters = [
    ParameterDeclaration("prediction", .string, "The answer that was given."),
    ParameterDeclaration(
      "reference", .either([.string, .list]), "The right answer, or a list of right ones."),
    ParameterDeclaration(
      "tolerance", .float, default: "0.05", "The largest share that a number is off."),
  ]
  public let examples = [
    CallExample("relaxed_accuracy(\"104\", \"100\")", prints: "1.0"),
    CallExample("relaxed_accuracy(\"0.0\", \"0\")", prints: "0.0"),
  ]

  public init() {}

  public func score(_ completion: String, _ example: MDMData.Example) -> Double {
    guard kinds.contains(example.kind), let text = AnswerParser.taggedText(completion) else {
      return 0
    }
    return Self.isRight(text, example.answer, tolerance: 0.05) ? 1 : 0
  }

  public func score(_ arguments: MeasureArguments) throws(MeasureError) -> Double {
    let text = try arguments.text(0)
    let tolerance = try arguments.number(2, in: 0...1)
    for reference in try arguments.texts(1)
    where Self.isRight(text, reference, tolerance: tolerance) {
      return 1
    }
    return 0
  }

  static func isRight(_ text: String, _ reference: String, tolerance: Double) -> Bool {
    if let gold = number(reference), gold != 0, let given = number(text) {
      // In this order, as Python does it: what is not finite fails the comparison.
      return abs(given - gold) / abs(gold) <= tolerance
    }
    return text.lowercased() == reference.lowercased()
  }

  private static func number(_ text: String) -> Double? {
    if text.hasSuffix("%") { return python(text.dropLast()).map { $0 / 100 } }
    return python(text[...])
  }

  /// What Python's `float` reads: white space around, signs, exponents; no separators.
  private static func python(_ text: Substring) -> Double? {
    guard text.utf8.count <= 400 else { return nil }
    var rest = text
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    let digits = rest.utf8
    guard let last = digits.last, digits.contains(where: { (0x30...0x39).contains($0) }),
      digits.allSatisfy({
        (0x30...0x39).contains($0) || $0 | 0x20 == UInt8(ascii: "e")
          || [UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-")].contains($0)
      })
    else { return nil }
    var written = String(rest)
    if last == UInt8(ascii: ".") { written += "0" }
    return Double(written)
  }
}
