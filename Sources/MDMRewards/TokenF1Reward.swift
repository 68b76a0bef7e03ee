import MDMData
import MDMDeclarations

/// SQuAD's measure: the harmonic mean of precision and recall of words.
public struct TokenF1Reward: Verifier, Measure {
  public let name = "f1_tokens"
  public let function = "f1_tokens"
  public let summary =
    "Harmonic mean of precision and recall of an answer's words; the best reference counts."
  public let range = 0.0...1.0
  public let kinds: Set<AnswerKind> = [.word, .number]
  /// Words beside the right ones cost something, not everything.
  public let resistsHedging = false
  public let source: String? = "SQuAD, arXiv 1606.05250, evaluation script v1.1"
  public let details = "Case, punctuation and the articles a, an and the do not count."
  public let parameters = [
    ParameterDeclaration("prediction", .string, "The answer that was given."),
    ParameterDeclaration(
      "reference", .either([.string, .list]), "The right answer, or a list of right ones."),
  ]
  public let examples = [
    CallExample("f1_tokens(\"The Eiffel Tower!\", \"eiffel tower\")", prints: "1.0"),
    CallExample("f1_tokens(\"red or blue\", \"red\")", prints: "0.5"),
  ]

  public init() {}

  public func score(_ completion: String, _ example: MDMData.Example) -> Double {
    guard kinds.contains(example.kind), let text = AnswerParser.taggedText(completion) else {
      return 0
    }
    return text.isEmpty ? 0 : Self.f1(Self.words(text), Self.words(example.answer))
  }

  public func score(_ arguments: MeasureArguments) throws(MeasureError) -> Double {
    let given = Self.words(try arguments.text(0))
    return try arguments.texts(1).reduce(0.0) { max($0, Self.f1(given, Self.words($1))) }
  }

  private static func f1(_ given: [Substring], _ gold: [Substring]) -> Double {
    if given.isEmpty || gold.isEmpty { return given.isEmpty && gold.isEmpty ? 1 : 0 }
    var left: [Substring: Int] = [:]
    for word in gold { left[word, default: 0] += 1 }
    var shared = 0
    for word in given {
      if let count = left[word], count > 0 {
        left[word] = count - 1
        shared += 1
      }
    }
    return 2 * Double(shared) / Double(given.count + gold.count)
  }

  private static func words(_ text: String) -> [Substring] {
    let plain = String(
      String.UnicodeScalarView(
        text.lowercased().unicodeScalars.filter {
          !($0.isASCII && !$0.properties.isWhitespace && !$0.properties.isAlphabetic
            && $0.properties.numericType == nil)
        }))
    return plain.split(whereSeparator: \.isWhitespace).filter { !["a", "an", "the"].contains($0) }
  }
}
