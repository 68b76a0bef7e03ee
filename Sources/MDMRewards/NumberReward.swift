import MDMData
import MDMDeclarations

/// Pays for the right number, however its digits are written.
public struct NumberReward: Verifier, Measure {
  public let name = "number"
  public let function = "number_equal"
  public let summary = "1 where the answer is one number equal to the reference: 3 and 3.0 agree."
  public let range = 0.0...1.0
  public let kinds: Set<AnswerKind> = [.number]
  public let source: String? = nil
  public let details = """
    Thousands separators (`1,200`), a currency before or a unit behind the number and `%` are read; two \
    numbers are no answer. A difference counts as none up to `tolerance`, or up to `relative` times the \
    reference.

    Units: "agree" compares them where both sides have one, "require" always, "ignore" never. Where units \
    agree and only one side is a percentage, `25%` equals both 25 and 0.25.
    """
  public let parameters = [
    ParameterDeclaration("prediction", .string, "The answer that was given."),
    ParameterDeclaration("reference", .either([.string, .number]), "The right number."),
    ParameterDeclaration(
      "tolerance", .float, default: "0", "The largest difference that counts as none."),
    ParameterDeclaration("relative", .float, default: "0", "The same as a share of the reference."),
    ParameterDeclaration(
      "units", .string, default: "\"agree\"", "\"agree\", \"require\" or \"ignore\"."),
  ]
  public let examples = [
    CallExample("number_equal(\"1,200 km\", \"1200\")", prints: "1.0"),
    CallExample("number_equal(\"12 cm\", \"12 m\")", prints: "0.0"),
    CallExample("number_equal(\"104\", \"100\", relative: 5%)", prints: "1.0"),
    CallExample("number_equal(\"3 or 4\", \"4\")", prints: "0.0"),
  ]

  public init() {}

  public func score(_ completion: String, _ example: MDMData.Example) -> Double {
    guard kinds.contains(example.kind) else { return 0 }
    return AccuracyReward.accuracy(of: AnswerParser.strict(completion, for: example), example)
  }

  public func score(_ arguments: MeasureArguments) throws(MeasureError) -> Double {
    let reference: NumberText
    if let number = arguments[1].number {
      guard number.isFinite, let text = NumberText("\(number)") else {
        throw MeasureError(1, "the reference is no finite number")
      }
      reference = text
    } else {
      let text = try arguments.text(1)
      guard let number = NumberText(text) else {
        throw MeasureError(1, "the reference \"\(text.prefix(40))\" is not one number")
      }
      reference = number
    }
    let tolerance = try arguments.number(2, in: 0...(.greatestFiniteMagnitude))
    let relative = try arguments.number(3, in: 0...(.greatestFiniteMagnitude))
    let units = try arguments.word(4, of: ["agree", "require", "ignore"])
    let text: String
    if case .string(let written) = arguments[0] {
      text = written
    } else if let number = arguments[0].number {
      text = "\(number)"
    } else {
      return 0
    }
    guard let given = NumberText(text) else { return 0 }
    return Self.areEqual(given, reference, tolerance: tolerance, relative: relative, units: units)
      ? 1 : 0
  }

  /// Whether two numbers agree within a tolerance, with their units.
  static func areEqual(
    _ given: NumberText, _ gold: NumberText, tolerance: Double = 0, relative: Double = 0,
    units: String = "agree"
  ) -> Bool {
    func near(_ a: Double, _ b: Double) -> Bool {
      let difference = abs(a - b)
      return difference <= max(tolerance, relative * abs(b))
    }
    if given.unit == gold.unit || units == "ignore" { return near(given.value, gold.value) }
    guard units == "agree", given.unit.isEmpty || gold.unit.isEmpty else { return false }
    if near(given.value, gold.value) { return true }
    // One side is a percentage: 25% is 0.25 too.
    if given.unit == "%" { return near(given.value / 100, gold.value) }
    return gold.unit == "%" && near(given.value, gold.value / 100)
  }
}
