import MDMNumerics

/// A gain in the strict score, split into what lenient reading sees, too, and what it does not.
///
/// Lenient reading finds an answer wherever it stands: what is gained there is skill. The rest of a
/// strict gain is format: answers that were right before and are now in their tags.
public struct FormatDecomposition: Sendable, Equatable {
  /// The gain of the strict score.
  public let strict: Estimate
  /// The gain of the lenient score: skill.
  public let skill: Estimate
  /// The gain of strict less lenient: format.
  public let format: Estimate

  /// - Parameters:
  ///   - strict: scores of a run and its rival for each matched seed.
  ///   - lenient: the same runs, read leniently.
  /// - Throws: below two pairs, where scores are not finite, and where a part is the same with every
  ///   seed, such as a format of 0 because both readings agree in every run.
  public init(
    strict: (left: [Double], right: [Double]), lenient: (left: [Double], right: [Double]),
    level: Double = 0.95
  ) throws(EvidenceError) {
    for (name, list) in [
      ("rivals", strict.right), ("lenient scores", lenient.left),
      ("lenient scores of the rivals", lenient.right),
    ] where list.count != strict.left.count {
      throw .lengths(what: "runs and \(name)", left: strict.left.count, right: list.count)
    }
    let whole = zip(strict.left, strict.right).map { $0 - $1 }
    let skills = zip(lenient.left, lenient.right).map { $0 - $1 }
    func estimate(
      _ what: String, _ left: [Double], _ right: [Double]
    ) throws(EvidenceError) -> Estimate {
      try EvidenceError.judging(what) { () throws(NumericsError) in
        try Inference.pairedDifference(left, right, level: level)
      }
    }
    self.strict = try estimate("the difference in the strict score", strict.left, strict.right)
    skill = try estimate("the part of skill", lenient.left, lenient.right)
    format = try estimate("the part of format", whole, skills)
  }

  /// The share of the strict gain that is format; nil where the gain is not known to differ from 0.
  public var formatShare: Double? { strict.excludesZero ? format.value / strict.value : nil }

  /// The sentence that the intervals support.
  public var verdict: String {
    switch (strict.excludesZero, skill.excludesZero, format.excludesZero) {
    case (false, false, false): "no difference is shown, neither in skill nor in format"
    case (false, true, _), (false, false, true):
      "the strict score shows no difference, but its parts do: they work against each other"
    case (true, true, true): "both skill and format differ"
    case (true, true, false): "skill differs; a difference in format is not shown"
    case (true, false, true): "the difference is format: none in skill is shown"
    case (true, false, false): "a difference is shown, but not what it consists of"
    }
  }

  /// A difference of rates times accuracies, split exactly: strict = share in format × accuracy
  /// within the format.
  ///
  /// Source: Kitagawa, "Components of a difference between two rates", JASA 1955.
  public static func rates(
    format: (left: Double, right: Double), strict: (left: Double, right: Double)
  ) -> (format: Double, skill: Double) {
    let left = format.left > 0 ? strict.left / format.left : 0
    let right = format.right > 0 ? strict.right / format.right : 0
    return (
      (format.left - format.right) * (left + right) / 2,
      (left - right) * (format.left + format.right) / 2
    )
  }
}
