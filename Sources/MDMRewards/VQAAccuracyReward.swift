import MDMData
import MDMDeclarations

/// The consensus measure of VQA: an answer is right that three of the others gave.
public struct VQAAccuracyReward: Verifier, Measure {
  public let name = "vqa_accuracy"
  public let function = "vqa_accuracy"
  public let summary =
    "VQA's consensus: min(people who gave the answer / 3, 1), each left out in turn."
  public let range = 0.0...1.0
  public let kinds: Set<AnswerKind> = [.word, .number]
  public let source: String? =
    "Antol et al., arXiv 1505.00468; answers normalised as its evaluation does"
  public let details =
    "Answers are lower-cased, articles, punctuation and apostrophes go, number words become digits. With "
    + "fewer than four references all but one of the others have to agree; a single one has to be met."
  public let parameters = [
    ParameterDeclaration("prediction", .string, "The answer that was given."),
    ParameterDeclaration("reference", .either([.string, .list]), "The answers that people gave."),
  ]
  public let examples = [
    CallExample("vqa_accuracy(\"Two\", [\"2\", \"2\", \"2\", \"3\", \"3\"])", prints: "0.8"),
    CallExample("vqa_accuracy(\"the dog\", \"dog\")", prints: "1.0"),
  ]

  public init() {}

  public func score(_ completion: String, _ example: MDMData.Example) -> Double {
    guard kinds.contains(example.kind), let text = AnswerParser.taggedText(completion) else {
      return 0
    }
    return Self.normalised(text) == Self.normalised(example.answer) ? 1 : 0
  }

  public func score(_ arguments: MeasureArguments) throws(MeasureError) -> Double {
    let given = Self.normalised(try arguments.text(0))
    let references = try arguments.texts(1).map(Self.normalised)
    let hits = references.count { $0 == given }
    guard references.count > 1 else { return hits == 1 ? 1 : 0 }
    let needed = Double(min(3, references.count - 1))
    // Leaving out one of the hits leaves one less, leaving out another all of them.
    let without = Double(hits) * min(Double(hits - 1) / needed, 1)
    let with = Double(references.count - hits) * min(Double(hits) / needed, 1)
    return (without + with) / Double(references.count)
  }

  private static let numbers = [
    "none": "0", "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
  ]

  static func normalised(_ text: String) -> String {
    var plain = ""
    plain.reserveCapacity(text.utf8.count)
    let scalars = Array(text.lowercased().unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      switch scalar {
      case "'", "’": continue
      case ".", ",":
        // A point or comma between digits belongs to the number; a comma there goes.
        let isInside =
          index > 0 && index + 1 < scalars.count && isDigit(scalars[index - 1])
          && isDigit(scalars[index + 1])
        if isInside && scalar == "." { plain.unicodeScalars.append(scalar) }
      case ";", "/", "[", "]", "\"", "{", "}", "(", ")", "=", "+", "\\", "_", "-", ">", "<", "@",
        "`",
        "?", "!", ":":
        plain += " "
      default: plain.unicodeScalars.append(scalar)
      }
    }
    return plain.split(whereSeparator: \.isWhitespace)
      .filter { !["a", "an", "the"].contains($0) }
      .map { numbers[String($0)] ?? String($0) }.joined(separator: " ")
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
}
