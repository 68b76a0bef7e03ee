import MDMData
import MDMDeclarations

/// Pays for the right boxes of an image, matched one to one.
public struct DetectionReward: Measure {
  public let function = "detection_score"
  public let summary = "Scores boxes that are matched one to one with those that are there."
  public let range = 0.0...2.0
  public let source: String? =
    "VLM-R1 (`weighted_sum`) and Visual-RFT, as their programs compute them"
  public let details = """
    "hungarian" (the default) maximises the sum of overlaps over all matchings, pairs below the threshold \
    count 0, and divides by the larger number of boxes: 0 to 1, whatever the order; nothing for nothing is 1.

    "vlm_r1" takes the pair of largest overlap at or above the threshold again and again; P is the sum of \
    overlaps (0 where labels differ) over the boxes that are there, C = 1 - (missed share + false share) / 2, \
    and the score 0.7 P + 0.3 C, 0 to 1. No box at all where some are there scores 0.

    "visual_rft" goes through distinct boxes by confidence, each takes the free box of largest overlap above \
    the threshold; the score is their sum over the larger number plus the mean of the confidence of hits and of \
    1 - confidence of misses: 0 to 2. Boxes of low confidence pay there even where they miss.
    """
  public let parameters = [
    ParameterDeclaration(
      "prediction", .either([.list, .string]),
      "Boxes, records with `box`, `label` and `confidence`, or a JSON text of them."),
    ParameterDeclaration(
      "reference", .list, "The boxes that are there; records may have a `label`."),
    ParameterDeclaration(
      "match", .string, default: "\"hungarian\"", "\"hungarian\", \"vlm_r1\" or \"visual_rft\"."),
    ParameterDeclaration("threshold", .float, default: "0.5", "The least overlap of a match."),
  ]
  public let examples = [
    CallExample("detection_score([[0, 0, 2, 2]], [[0, 0, 2, 2], [4, 4, 6, 6]])", prints: "0.5"),
    CallExample(
      "detection_score([[0, 0, 2, 2]], [[0, 0, 2, 2]], match: \"vlm_r1\")", prints: "1.0"),
    CallExample(
      "detection_score([{box: [0, 0, 2, 2], confidence: 0.5}], [[0, 0, 2, 2]], match: \"visual_rft\")",
      prints: "1.5"),
  ]

  public init() {}

  public func score(_ arguments: MeasureArguments) throws(MeasureError) -> Double {
    let gold = try arguments.detections(1, isReference: true)
    let given = try arguments.detections(0, isReference: false)
    let form = try arguments.word(2, of: ["hungarian", "vlm_r1", "visual_rft"])
    let threshold = try arguments.number(3, in: 0...1)
    switch form {
    case "vlm_r1": return Self.greedyByOverlap(given, gold, threshold)
    case "visual_rft": return Self.greedyByConfidence(given, gold, threshold)
    default: return Self.optimal(given, gold, threshold)
    }
  }

  private static func optimal(
    _ given: [Detection], _ gold: [Detection], _ threshold: Double
  ) -> Double {
    if given.isEmpty && gold.isEmpty { return 1 }
    // A box that is given again is one too many: it may not match another that is there.
    var seen: Set<Box> = []
    let gains = given.map { guess in
      let isNew = seen.insert(guess.box).inserted
      return gold.map { real in
        guard isNew else { return 0.0 }
        let overlap = guess.fits(real) ? guess.box.overlap(with: real.box) : 0
        return overlap >= threshold ? overlap : 0
      }
    }
    return Assignment.largestSum(gains) / Double(max(given.count, gold.count))
  }

  private static func greedyByOverlap(
    _ given: [Detection], _ gold: [Detection], _ threshold: Double
  ) -> Double {
    if gold.isEmpty { return given.isEmpty ? 1 : 0 }
    if given.isEmpty { return 0 }
    var pairs: [(overlap: Double, guess: Int, real: Int)] = []
    for (i, guess) in given.enumerated() {
      for (j, real) in gold.enumerated() {
        let overlap = guess.box.overlap(with: real.box)
        if overlap >= threshold, overlap > 0 { pairs.append((overlap, i, j)) }
      }
    }
    pairs.sort { ($1.overlap, $0.guess, $0.real) < ($0.overlap, $1.guess, $1.real) }
    var (usedGuesses, usedReals) = (Set<Int>(), Set<Int>())
    var sum = 0.0
    for pair in pairs where !usedGuesses.contains(pair.guess) && !usedReals.contains(pair.real) {
      usedGuesses.insert(pair.guess)
      usedReals.insert(pair.real)
      if given[pair.guess].fits(gold[pair.real]) { sum += pair.overlap }
    }
    let missed = Double(gold.count - usedReals.count) / Double(gold.count)
    let wrong = Double(given.count - usedGuesses.count) / Double(given.count)
    return 0.7 * sum / Double(gold.count) + 0.3 * (1 - (missed + wrong) / 2)
  }

  private static func greedyByConfidence(
    _ given: [Detection], _ gold: [Detection], _ threshold: Double
  ) -> Double {
    var seen: Set<Box> = []
    let distinct = given.filter { seen.insert($0.box).inserted }
    if gold.isEmpty { return distinct.isEmpty ? 2 : 0 }
    if distinct.isEmpty { return 0 }
    // A stable order, so that equal confidences keep the order of the text.
    let order = distinct.indices.sorted {
      (distinct[$1].confidence, $0) < (distinct[$0].confidence, $1)
    }
    var used: Set<Int> = []
    var (sum, certainty) = (0.0, 0.0)
    for index in order {
      let guess = distinct[index]
      var best: (overlap: Double, real: Int)?
      for (j, real) in gold.enumerated() where !used.contains(j) && guess.fits(real) {
        let overlap = guess.box.overlap(with: real.box)
        if overlap > threshold, overlap > best?.overlap ?? 0 { best = (overlap, j) }
      }
      if let best {
        used.insert(best.real)
        sum += best.overlap
        certainty += guess.confidence
      } else {
        certainty += 1 - guess.confidence
      }
    }
    let overlap = sum / Double(max(gold.count, distinct.count))
    return min(max(overlap, 0), 1) + min(max(certainty / Double(distinct.count), 0), 1)
  }
}
