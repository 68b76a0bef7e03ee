import MDMData
import MDMImages
import MDMNumerics
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

  /// The fast way to read short answers says what the general one says.
  @Test func bothWaysToReadAnAnswerAgree() {
    var stream = RandomStream(seed: 3, purpose: "answers")
    let pieces = [
      "A", "C", "H", "I", "b", "1", "12", ".5", "2.", "-3", "-", "1.2.3", "é", "[", "),", ";", "\n",
      "1e3", "0", "AB",
    ]
    for _ in 0..<3_000 {
      let text = (0..<stream.integer(in: 0...5)).map { _ in stream.element(of: pieces) }
        .joined(separator: stream.element(of: [" ", "", "\u{A0}"]))
      for kind in [AnswerKind.choice, .number, .box] {
        for options in [[], ["x", "y", "z"]] {
          let asked = Example(
            id: "t/0", domain: "t", image: RGBImage(width: 64, height: 64), question: "q",
            answer: "A",
            options: options, box: nil, kind: kind)
          // Inside the image, so that only reading decides.
          let general = AnswerParser.value(of: text, kind: kind, letters: asked.letters)
          let fast = AnswerParser.strict("<answer>\(text)</answer>", for: asked)
          if case .box(let box)? = general, fast == nil {
            #expect(
              !box.isValid || [box.x0, box.y0, box.x1, box.y1].contains { !(0...8).contains($0) })
          } else {
            #expect(fast == general, "\(text)")
          }
        }
      }
    }
  }

  @Test func lenientReadingIgnoresThinkingTags() {
    let asked = example(.word, answer: "left")
    #expect(LenientReward().score("left </think>", asked) == 1)
  }
}
