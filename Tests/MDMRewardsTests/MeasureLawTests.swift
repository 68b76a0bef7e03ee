import Fixtures
import MDMJSON
import MDMNumerics
import MDMRewards
import Testing

/// Laws that the plain functions obey, on random answers and on odd ones.
@Suite struct MeasureLawTests {
  /// A reference of each measure that judges an answer, which is itself a full answer.
  private static let golds: [(function: String, gold: JSONNode, full: JSONNode)] = [
    ("choice", "B", "B"), ("number_equal", "12.5", "12.5"),
    ("exact_match", "red circle", "red circle"),
    ("iou", [1, 2, 3, 4], "1 2 3 4"), ("giou", [1, 2, 3, 4], "1 2 3 4"),
    ("pointing", [0, 0, 2, 2], "1 1"), ("relaxed_accuracy", "12", "12"), ("anls", "red", "red"),
    ("vqa_accuracy", "red", "red"), ("f1_tokens", "red circle", "red circle"),
    ("regex_match", "[a-z]+", "red"), ("detection_score", [[1, 2, 3, 4]], "[[1, 2, 3, 4]]"),
  ]
  /// Those that give a share of the reward for a share of the answer.
  private static let graded: Set<String> = ["anls", "f1_tokens", "detection_score"]

  @Test func theGoldAnswerScoresFull() throws {
    for (function, gold, full) in Self.golds {
      #expect(try measure(function, full, gold) == 1, "\(function)")
    }
  }

  @Test func appendedCandidatesNeverRaiseAScore() throws {
    let more = ["B", "C", "12.5", "13", "red", "1 2 3 4", "9 9 10 10", "or", "and", "=", ","]
    var stream = RandomStream(seed: 3, purpose: "candidates")
    for (function, gold, full) in Self.golds where !Self.graded.contains(function) {
      let answer = try #require(full.text)
      for _ in 0..<50 {
        let first = stream.integer(below: 2) == 0 ? answer : stream.element(of: more)
        let alone = try measure(function, .string(first), gold)
        // A single word may be the start of a right answer of several; a whole answer may not grow.
        guard alone > 0 || !answer.hasPrefix(first) else { continue }
        let joined = "\(first) \(stream.element(of: more)) \(stream.element(of: more))"
        let score = try measure(function, .string(joined), gold)
        #expect(score <= alone, "\(function) \(joined)")
      }
    }
  }

  @Test func oddAnswersAreScoredInRangeWithoutAnError() throws {
    let long = String(repeating: "12,", count: 350_000)
    let odd = [
      "", " ", "\u{0}", "NaN", "-inf", "1e999", "é̷", "\u{FFFD}", "[nan, nan, nan, nan]",
      "[inf, 0, 1, 1]", "]][[", String(repeating: "(", count: 100_000), long, "\u{202E}B",
      String(repeating: "a ", count: 500_000),
    ]
    for (function, gold, _) in Self.golds {
      let range = try #require(RewardCatalogue.measure(function)).range
      for answer in odd {
        #expect(range.contains(try measure(function, .string(answer), gold)), "\(function)")
      }
    }
  }

  @Test func theHungarianScoreKnowsNoOrder() throws {
    var stream = RandomStream(seed: 8, purpose: "boxes")
    func boxes(_ count: Int) -> [JSONNode] {
      (0..<count).map { _ in
        let (x, y) = (stream.integer(in: 0...20), stream.integer(in: 0...20))
        return .array(
          [x, y, x + stream.integer(in: 1...15), y + stream.integer(in: 1...15)].map {
            .integer(Int64($0))
          })
      }
    }
    for _ in 0..<100 {
      let (given, gold) = (boxes(stream.integer(in: 0...6)), boxes(stream.integer(in: 1...6)))
      let score = try measure("detection_score", .array(given), .array(gold), "hungarian", 0.1)
      let turned = try measure(
        "detection_score", .array(given.reversed()), .array(gold.reversed()), "hungarian", 0.1)
      #expect(abs(score - turned) < 1e-12 && (0...1).contains(score))
      // The same boxes again are one each too many.
      let twice = try measure(
        "detection_score", .array(given + given), .array(gold), "hungarian", 0.1)
      #expect(twice <= score + 1e-12)
      for form in ["vlm_r1", "visual_rft"] as [JSONNode] {
        #expect((0...2).contains(try measure("detection_score", .array(given), .array(gold), form)))
      }
    }
  }

  @Test func theHungarianSumIsTheLargestOfAllMatchings() throws {
    var stream = RandomStream(seed: 9, purpose: "boxes")
    for _ in 0..<50 {
      let count = stream.integer(in: 1...4)
      let gold = (0..<count).map { _ in [stream.integer(in: 0...6), stream.integer(in: 0...6)] }
      let given = (0..<count).map { _ in [stream.integer(in: 0...6), stream.integer(in: 0...6)] }
      // The same box twice may match once only.
      guard Set(given).count == count else { continue }
      func box(_ p: [Int]) -> JSONNode {
        .array([p[0], p[1], p[0] + 5, p[1] + 5].map { .integer(Int64($0)) })
      }
      let score = try measure(
        "detection_score", .array(given.map(box)), .array(gold.map(box)), "hungarian", 0)
      var best = 0.0
      func permute(_ rest: [Int], _ row: Int, _ sum: Double) throws {
        if row == count { best = max(best, sum) }
        for (place, column) in rest.enumerated() {
          var next = rest
          next.remove(at: place)
          let overlap = try measure("iou", box(given[row]), box(gold[column]))
          try permute(next, row + 1, sum + overlap)
        }
      }
      try permute(Array(0..<count), 0, 0)
      #expect(abs(score * Double(count) - best) < 1e-12)
    }
  }

  @Test func theDistanceIsThatOfTheTable() throws {
    var stream = RandomStream(seed: 10, purpose: "texts")
    for _ in 0..<60 {
      let a = (0..<stream.integer(in: 1...150)).map { _ in stream.element(of: ["a", "b", "c"]) }
      let b = (0..<stream.integer(in: 1...150)).map { _ in stream.element(of: ["a", "b", "c"]) }
      let wanted = 1 - Double(distanceByTable(a, b)) / Double(max(a.count, b.count))
      let got = try measure("anls", .string(a.joined()), .string(b.joined()), 0)
      #expect(abs(got - wanted) < 1e-12)
    }
  }
}
