import MDMData
import MDMRewards

/// The measure that a benchmark was published with, beside the paper's exact match and mean IoU.
///
/// Source: ChartQA, arXiv 2203.10244, section 5.1; InfographicVQA, arXiv 2104.12756, section 5; RefCOCO
/// and ReasonSeg's boxes: IoU of at least 0.5. The others are scored by exact match there too.
public struct BenchmarkMetric: Sendable {
  public let name: String
  private let verifier: (any Verifier)?
  private let overlap: Double?

  /// The measure of a dataset's domain and of its examples' kind.
  public init(domain: String, kind: AnswerKind) {
    var found: (any Verifier)?
    if domain == "chartqa" { found = RewardCatalogue.named("relaxed_accuracy") }
    if domain == "infovqa" { found = RewardCatalogue.named("anls") }
    if let verifier = found, !verifier.kinds.contains(kind) { found = nil }
    verifier = found
    overlap = kind == .box ? 0.5 : nil
    name = found?.name ?? (kind == .box ? "iou >= 0.5" : "exact match")
  }

  /// The score, 0...1, of a completion read strictly or leniently.
  public func score(_ completion: String, _ example: Example, isLenient: Bool) -> Double {
    guard let verifier else {
      let exact =
        isLenient
        ? LenientReward().score(completion, example) : AccuracyReward().score(completion, example)
      return overlap.map { exact >= $0 ? 1 : 0 } ?? exact
    }
    guard isLenient else { return verifier.score(completion, example) }
    // What is found without tags is scored as if it stood in them.
    guard let answer = AnswerParser.lenient(completion, for: example) else { return 0 }
    return verifier.score("<answer> \(answer.text) </answer>", example)
  }

  /// Whether a score is a right answer, for pass@k.
  public static func isRight(_ score: Double, kind: AnswerKind) -> Bool {
    score >= (kind == .box ? 0.5 : 1)
  }
}

extension AnswerValue {
  /// The answer as a completion gives it.
  fileprivate var text: String {
    switch self {
    case .box(let box): "\(box.x0) \(box.y0) \(box.x1) \(box.y1)"
    case .choice(let letter): letter
    case .word(let words): words
    case .number(let number):
      number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
    }
  }
}
