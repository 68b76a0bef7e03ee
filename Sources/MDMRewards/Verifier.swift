import MDMData

/// A verifiable reward: scores a completion against an example's gold answer.
///
/// Scores are finite, lie in `range` and depend on nothing but the two arguments.
public protocol Verifier: Sendable {
  /// Its name in scripts.
  var name: String { get }
  /// One sentence on what it pays for.
  var summary: String { get }
  var range: ClosedRange<Double> { get }
  /// The kinds of answer that it can judge; every other example scores the range's lower bound.
  var kinds: Set<AnswerKind> { get }
  /// Whether listing several candidates can never pay; rewards for training have this.
  var resistsHedging: Bool { get }
  /// The paper, section or standard that it follows.
  var source: String? { get }

  /// The score of a completion, the words that a policy wrote after the prompt.
  func score(_ completion: String, _ example: Example) -> Double
}

extension Verifier {
  public var kinds: Set<AnswerKind> { Set(AnswerKind.allCases) }
  public var resistsHedging: Bool { true }
  public var source: String? { nil }
}
