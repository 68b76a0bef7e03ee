import MDMData
import MDMImages
import MDMRewards
import Testing

@Suite struct RewardTests {
  private func example(
    _ kind: AnswerKind, _ answer: String, options: [String] = [], box: Box? = nil
  ) -> Example {
    Example(
      id: "t", domain: "t", image: RGBImage(width: 64, height: 64), question: "q",
      answer: answer, options: options, box: box, kind: kind)
  }

  private func score(_ name: String, _ text: String, _ example: Example) throws -> Double {
    try #require(RewardCatalogue.named(name)).score(text, example)
  }

  @Test func theGatedRewardAddsFormatAndOverlap() throws {
    let box = example(.box, "0 0 4 4", box: Box(0, 0, 32, 32))
    #expect(try score("gated", "<answer> 0 0 4 4 </answer>", box) == 3)
    #expect(try score("gated", "<answer> 0 0 4 2 </answer>", box) == 2)
    #expect(try score("gated", "<answer> 4 4 0 0 </answer>", box) == 0)
    #expect(try score("gated", "<answer> 0 0 4 </answer>", box) == 0)
    #expect(try score("gated", "0 0 4 4", box) == 0)
    let word = example(.word, "left")
    #expect(try score("gated", "<answer> right </answer>", word) == 1)
    #expect(try score("gated", "<answer> B </answer>", word) == 0)
  }

  @Test func thinkingMayComeFirst() throws {
    let word = example(.word, "left")
    #expect(try score("gated", "<think> is it right </think> <answer> left </answer>", word) == 3)
    #expect(try score("gated", "<think> left <answer> left </answer>", word) == 0)
    #expect(try score("gated", "so <answer> left </answer>", word) == 0)
  }

  @Test func oneOptionLetterIsAskedFor() throws {
    let choice = example(.choice, "B", options: ["1", "2", "3"])
    #expect(try score("choice", "<answer> B </answer>", choice) == 1)
    #expect(try score("choice", "<answer> D </answer>", choice) == 0)
    #expect(try score("format", "<answer> D </answer>", choice) == 0)
    #expect(try score("choice", "<answer> b </answer>", choice) == 0)
  }

  @Test func numbersAgreeByValue() throws {
    let number = example(.number, "3")
    #expect(try score("number", "<answer> 3.0 </answer>", number) == 1)
    #expect(try score("exact_match", "<answer> 3.0 </answer>", number) == 0)
    #expect(try score("number", "<answer> 3e0 </answer>", number) == 0)
    #expect(try score("number", "<answer> three </answer>", number) == 0)
  }

  @Test func theLenientMeasureNeedsNoTags() throws {
    #expect(try score("lenient", "the answer is left", example(.word, "left")) == 1)
    #expect(try score("lenient", "<answer> left", example(.word, "left")) == 1)
    #expect(try score("lenient", "it is 3", example(.number, "3")) == 1)
    let box = example(.box, "0 0 4 4", box: Box(0, 0, 32, 32))
    #expect(try score("lenient", "9 9 0 0 4 4", box) == 1)
    let choice = example(.choice, "B", options: ["1", "2", "3"])
    #expect(try score("lenient", "B or B", choice) == 1)
    #expect(try score("lenient", "A or B", choice) == 0)
  }

  @Test func relaxedAccuracyFollowsTheReference() throws {
    let number = example(.number, "100")
    #expect(try score("relaxed_accuracy", "<answer> 105 </answer>", number) == 1)
    #expect(try score("relaxed_accuracy", "<answer> 105.1 </answer>", number) == 0)
    #expect(try score("relaxed_accuracy", "<answer> 0.0 </answer>", example(.number, "0")) == 0)
    #expect(try score("relaxed_accuracy", "<answer> 5% </answer>", example(.word, "5")) == 0)
    #expect(try score("relaxed_accuracy", "<answer> Left </answer>", example(.word, "left")) == 1)
  }

  @Test func anlsFollowsTheReference() throws {
    let word = example(.word, "hello")
    #expect(try score("anls", "<answer> Hello </answer>", word) == 1)
    #expect(abs(try score("anls", "<answer> helli </answer>", word) - 0.8) < 1e-12)
    #expect(try score("anls", "<answer> help </answer>", word) == 0.6)
    #expect(try score("anls", "<answer> ho </answer>", word) == 0)
  }

  @Test func anotherKindOfExampleScoresNothing() throws {
    let word = example(.word, "left")
    for name in ["iou", "choice", "number"] {
      #expect(try score(name, "<answer> left </answer>", word) == 0)
    }
  }
}
