import MDMData
import MDMMixtures
import MDMTraining
import Testing

@Suite struct EvaluationTests {
  // Of n = 4 samples with c = 2 right: 1 - C(2, k) / C(4, k).
  @Test func passAtKIsUnbiased() {
    let found = (1...4).map { PassAtK.estimate(right: 2, of: 4, k: $0) }
    #expect(found == [0.5, 1 - 1.0 / 6, 1, 1])
    #expect(PassAtK.estimate(right: 0, of: 4, k: 4) == 0)
    #expect(PassAtK.estimate(right: 1, of: 1, k: 1) == 1)
    for (right, count, k) in [(0, 0, 1), (1, 2, 3), (1, 2, 0), (3, 2, 1)] {
      #expect(PassAtK.estimate(right: right, of: count, k: k).isNaN)
    }
    // Binomials of this size are beyond a Float's range.
    #expect(abs(PassAtK.estimate(right: 1, of: 10_000, k: 5000) - 0.5) < 1e-9)
  }

  // Of all subsets of size k, the share with a right one.
  @Test func passAtKIsTheShareOfSubsets() {
    for right in 0...5 {
      for k in 1...5 {
        var (hits, all) = (0, 0)
        for subset in 0..<(1 << 5) where subset.nonzeroBitCount == k {
          all += 1
          if subset & ((1 << right) - 1) != 0 { hits += 1 }
        }
        let found = PassAtK.estimate(right: right, of: 5, k: k)
        #expect(abs(found - Double(hits) / Double(all)) < 1e-12)
      }
    }
  }

  private func example(_ answer: String, _ kind: AnswerKind, domain: String) -> MDMData.Example {
    MDMData.Example(
      id: "x", domain: domain, images: [], question: "q", answers: [answer], kind: kind)
  }

  // 21 is within five percent of 20: right by ChartQA's measure and wrong by exact match.
  @Test func benchmarksKeepTheirOwnMetric() {
    let metric = BenchmarkMetric(domain: "chartqa", kind: .number)
    let asked = example("20", .number, domain: "chartqa")
    #expect(metric.name == "relaxed_accuracy")
    #expect(metric.score("<answer> 21 </answer>", asked, isLenient: false) == 1)
    #expect(metric.score("it is 21", asked, isLenient: false) == 0)
    #expect(metric.score("it is 21", asked, isLenient: true) == 1)
    #expect(metric.score("it is 22", asked, isLenient: true) == 0)
    let info = BenchmarkMetric(domain: "infovqa", kind: .word)
    let word = example("green", .word, domain: "infovqa")
    #expect(abs(info.score("<answer> greed </answer>", word, isLenient: false) - 0.8) < 1e-12)
    #expect(BenchmarkMetric(domain: "sat", kind: .word).name == "exact match")
    #expect(BenchmarkMetric(domain: "coco", kind: .box).name == "iou >= 0.5")
  }

  @Test func itemsAreKeptAndAddUp() throws {
    let evaluator = try Evaluator(suite: Suite.mini(), limit: 6, samples: 3)
    let evaluation = try evaluator.evaluate(TinyTraining().policy())
    for split in evaluation.splits {
      #expect(split.items.count == 6 && split.items.allSatisfy { $0.sampled.count == 3 })
      for reading in Evaluation.Reading.allCases {
        let estimate = split.estimate(.exact, reading)
        #expect(abs(estimate.value - (split.scores[reading] ?? .nan)) < 1e-12)
        #expect(estimate.lower <= estimate.value && estimate.value <= estimate.upper)
      }
      let at = (1...3).map { split.pass(at: $0, isLenient: true).value }
      #expect(at[0] <= at[1] && at[1] <= at[2] && split.pass(at: 4, isLenient: true).value.isNaN)
    }
    let outScore = try evaluation.aggregate(.outScore, .standard)
    #expect(try abs(outScore.value - evaluation.outScore()) < 1e-12)
    let plain = evaluation.splits.filter(\.isHeldOut).map { $0.scores[.standard] ?? .nan }
    let unweighted = try evaluation.outScore(isWeighted: false)
    #expect(abs(unweighted - plain.reduce(0, +) / Double(plain.count)) < 1e-12)
  }
}
