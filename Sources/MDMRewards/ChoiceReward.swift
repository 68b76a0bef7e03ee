import MDMData
import MDMDeclarations

/// Pays for naming the right option, and no other, by its letter.
public struct ChoiceReward: Verifier, Measure {
  public let name = "choice"
  public let function = "choice"
  public let summary = "1 where the answer is exactly the right option letter, and no other."
  public let range = 0.0...1.0
  public let kinds: Set<AnswerKind> = [.choice]
  public let source: String? = "against Visual-RFT issue 79: `A or B or C` scored 1 there"
  public let details =
    "The letter may stand in brackets, end with a full stop or be set in `**`: `(B)`, `B.`, `**B**`. "
    + "Anything else around it, such as a second letter, scores 0."
  public let parameters = [
    ParameterDeclaration("prediction", .string, "The answer that was given."),
    ParameterDeclaration("reference", .string, "The right letter."),
  ]
  public let examples = [
    CallExample("choice(\"B\", \"B\")", prints: "1.0"),
    CallExample("choice(\"A or B\", \"B\")", prints: "0.0"),
  ]

  public init() {}

  public func score(_ completion: String, _ example: MDMData.Example) -> Double {
    guard kinds.contains(example.kind) else { return 0 }
    return AccuracyReward.accuracy(of: AnswerParser.strict(completion, for: example), example)
  }

  public func score(_ arguments: MeasureArguments) throws(MeasureError) -> Double {
    let reference = try arguments.text(1)
    guard let gold = Self.letter(reference) else {
      throw MeasureError(1, "the reference is one letter such as \"B\"")
    }
    return Self.letter(try arguments.text(0)) == gold ? 1 : 0
  }

  /// The one capital letter of an answer; nil where there is none or more than it.
  public static func letter(_ text: String) -> UInt8? {
    var text = text
    return text.withUTF8 { bytes in
      var letter: UInt8?
      for byte in bytes {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"):
          guard letter == nil else { return nil }
          letter = byte
        // White space, brackets, emphasis, and what ends a sentence or an enumeration.
        case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["),
          UInt8(ascii: "]"), UInt8(ascii: "*"), UInt8(ascii: "."), UInt8(ascii: ":"),
          UInt8(ascii: ","), UInt8(ascii: ";"):
          continue
        default: return nil
        }
      }
      return letter
    }
  }
}
