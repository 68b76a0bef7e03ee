import MDMData
import MDMImages
import MDMRewards
import Testing

@Suite struct StrictParserTests {
  private func example(_ kind: AnswerKind, answer: String, options: [String] = []) -> Example {
    Example(
      id: "t/0", domain: "t", image: RGBImage(width: 64, height: 64), question: "q",
      answer: answer, options: options, box: kind == .box ? Box(8, 8, 24, 24) : nil, kind: kind)
  }

  @Test(arguments: ["9 9 0 0", "3 3 3 5", "0 0 9 9", "-1 0 4 4", "5 1 2 4"])
  func aBoxThatIsNoneHasNotTheFormat(_ words: String) {
    let completion = "<answer> \(words) </answer>"
    #expect(FormatReward().score(completion, example(.box, answer: "1 1 3 3")) == 0)
  }

  @Test func severalWordsAreNotOneWord() {
    let asked = example(.word, answer: "left")
    #expect(FormatReward().score("<answer> left right </answer>", asked) == 0)
    #expect(FormatReward().score("<answer> left </answer>", asked) == 1)
  }

  @Test(arguments: [
    "<answer> <think> left </answer>", "<think> <think> a </think> <answer> left </answer>",
    "<answer> left </answer> </think>",
  ])
  func strayThinkingTagsBreakTheFormat(_ completion: String) {
    #expect(FormatReward().score(completion, example(.word, answer: "left")) == 0)
  }

  @Test func lenientReadingIgnoresThinkingTags() {
    let asked = example(.word, answer: "left")
    #expect(LenientReward().score("left </think>", asked) == 1)
  }
}
