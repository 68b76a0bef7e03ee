import MDMData
import MDMNumerics
import MDMRewards
import Testing

/// Laws that every verifier obeys, on examples of all nine sets and random completions.
@Suite struct RewardLawTests {
  private static let suite = Suite.mini(seed: 2, warmupCount: 50)
  private static let sets = suite.train + suite.benchmarks
  private static let names = RewardCatalogue.names
  private static let trainable = RewardCatalogue.all.filter(\.resistsHedging).map(\.name)

  private func verifier(_ name: String) throws -> any Verifier {
    try #require(RewardCatalogue.named(name))
  }

  private func examples() -> [Example] {
    Self.sets.flatMap { set in (0..<20).map { set[$0] } }
  }

  private func candidate(_ example: Example, _ stream: inout RandomStream) -> String {
    switch example.kind {
    case .box:
      return (0..<4).map { _ in String(stream.integer(in: 0...8)) }.joined(separator: " ")
    case .choice: return stream.element(of: example.letters)
    case .number: return String(stream.integer(in: 0...5))
    case .word:
      return stream.element(of: ["left", "right", "above", "below", "red", "blue", "circle"])
    }
  }

  private func completion(_ example: Example, _ stream: inout RandomStream) -> String {
    let pieces = [
      "<answer>", "</answer>", "<think>", "</think>", example.answer, "A", "B", "1", "2", "left",
      "the", "nan", "-3", "1e9", "[1, 2, 3, 4]", "é", "",
    ]
    switch stream.integer(below: 3) {
    case 0: return "<answer> \(candidate(example, &stream)) </answer>"
    case 1: return candidate(example, &stream)
    default:
      return (0..<stream.integer(in: 1...8)).map { _ in stream.element(of: pieces) }
        .joined(separator: " ")
    }
  }

  @Test(arguments: names) func scoresStayInTheirRange(_ name: String) throws {
    let verifier = try verifier(name)
    var stream = RandomStream(seed: 4, purpose: "completions")
    for example in examples() {
      for _ in 0..<20 {
        let score = verifier.score(completion(example, &stream), example)
        #expect(verifier.range.contains(score))
      }
    }
  }

  @Test(arguments: names) func theGoldAnswerScoresFull(_ name: String) throws {
    let verifier = try verifier(name)
    for example in examples() where verifier.kinds.contains(example.kind) {
      let score = verifier.score("<answer> \(example.answer) </answer>", example)
      #expect(score == verifier.range.upperBound)
    }
  }

  @Test(arguments: trainable) func withoutTheFormatThereIsNothing(_ name: String) throws {
    let verifier = try verifier(name)
    for example in examples() {
      for text in [
        example.answer, "the answer is \(example.answer)", "<answer> \(example.answer)", "",
        "\(example.answer) </answer>", "<answer> </answer>",
        "\(example.answer) <answer> \(example.answer) </answer>",
      ] {
        #expect(verifier.score(text, example) == verifier.range.lowerBound)
      }
    }
  }

  @Test(arguments: trainable) func appendedCandidatesNeverRaiseAScore(_ name: String) throws {
    let verifier = try verifier(name)
    var stream = RandomStream(seed: 6, purpose: "completions")
    for example in examples() {
      for _ in 0..<10 {
        let first = candidate(example, &stream)
        let more = stream.integer(below: 3) == 0 ? example.answer : candidate(example, &stream)
        let inside = verifier.score("<answer> \(first) </answer>", example)
        #expect(verifier.score("<answer> \(first) \(more) </answer>", example) <= inside)
        #expect(verifier.score("<answer> \(first) or \(more) </answer>", example) <= inside)
        let tagged = "<answer> \(first) </answer> <answer> \(more) </answer>"
        #expect(verifier.score(tagged, example) <= inside)
        let bare = verifier.score(first, example)
        #expect(verifier.score("\(first) <answer> \(more) </answer>", example) <= bare)
      }
    }
  }

  @Test(arguments: trainable) func listingEveryOptionGainsNothing(_ name: String) throws {
    let verifier = try verifier(name)
    for example in examples() where verifier.kinds.contains(example.kind) {
      // The format may be paid where the type still fits, never the accuracy.
      let wrong = 1.0
      let hedges =
        example.kind == .choice
        ? ["A or B or C", "A B C", "ABC", "A, B"]
        : example.kind == .box
          ? ["\(example.answer) 0 0 8 8", "\(example.answer), \(example.answer)"]
          : ["\(example.answer) or other words", "\(example.answer) 1 2"]
      for hedge in hedges {
        let score = verifier.score("<answer> \(hedge) </answer>", example)
        #expect(score <= (name == "gated" || name == "format" ? wrong : 0))
      }
    }
  }

  @Test(arguments: names) func scoresDependOnTheirArgumentsOnly(_ name: String) throws {
    let verifier = try verifier(name)
    var stream = RandomStream(seed: 5, purpose: "completions")
    for example in examples() {
      let text = completion(example, &stream)
      #expect(verifier.score(text, example) == verifier.score(text, example))
    }
  }
}
