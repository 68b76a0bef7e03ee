import MDMData

/// InfographicVQA's measure: one minus the normalised edit distance, 0 below one half.
public struct ANLSReward: Verifier {
  public let name = "anls"
  public let summary =
    "Likeness of the tagged text to the gold answer by edit distance; 0 below 0.5."
  public let range = 0.0...1.0
  public let kinds: Set<AnswerKind> = [.word, .number]
  /// A partly right list such as `red blue` for `red` keeps some likeness, so this is a measure.
  public let resistsHedging = false
  public let source: String? =
    "DocVQA, arXiv 2007.00398; the threshold keeps 0.5 itself, as lmms-eval does"

  public init() {}

  public func score(_ completion: String, _ example: Example) -> Double {
    guard kinds.contains(example.kind), let text = AnswerParser.taggedText(completion) else {
      return 0
    }
    let given = Self.normalised(text)
    let gold = Self.normalised(example.answer)
    let longest = max(given.count, gold.count)
    // A text of twice the length is below one half whatever it says; do not compare it.
    guard longest > 0, given.count <= 2 * gold.count else { return 0 }
    let score = 1 - Double(Self.distance(given, gold)) / Double(longest)
    return score < 0.5 ? 0 : score
  }

  private static func normalised(_ text: String) -> [Character] {
    Array(text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " "))
  }

  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    guard !b.isEmpty else { return a.count }
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let next = min(diagonal + (x == y ? 0 : 1), row[j] + 1, row[j + 1] + 1)
        (diagonal, row[j + 1]) = (row[j + 1], next)
      }
    }
    return row[b.count]
  }
}
