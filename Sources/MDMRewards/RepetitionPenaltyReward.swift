import MDMDeclarations

/// Takes something away from completions that say the same again.
public struct RepetitionPenaltyReward: Measure {
  public let function = "repetition_score"
  public let summary =
    "0 where no run of n words occurs twice, down to -1: minus the share of repeated runs."
  public let range = -1.0...0.0
  public let source: String? =
    "Demystifying long chain-of-thought, arXiv 2502.03373, n-gram penalty"
  public let parameters = [
    ParameterDeclaration("text", .string, "A completion."),
    ParameterDeclaration("n", .int, default: "3", "The words of a run, 1 to 100."),
  ]
  public let examples = [
    CallExample("repetition_score(\"one two three one two three\")", prints: "-0.25"),
    CallExample("repetition_score(\"all of it once\")", prints: "0.0"),
  ]

  public init() {}

  public func score(_ arguments: MeasureArguments) throws(MeasureError) -> Double {
    let size = Int(try arguments.number(1, in: 1...100))
    let words = try arguments.text(0).lowercased().split(whereSeparator: \.isWhitespace)
    guard words.count >= size else { return 0 }
    // Words become numbers, so that runs are cheap to compare.
    var numbers: [Substring: Int] = [:]
    let codes = words.map { word in
      let next = numbers.count
      return numbers[word]
        ?? {
          numbers[word] = next
          return next
        }()
    }
    let runs = codes.count - size + 1
    var distinct: Set<ArraySlice<Int>> = []
    for start in 0..<runs { distinct.insert(codes[start..<start + size]) }
    return Double(distinct.count) / Double(runs) - 1
  }
}
