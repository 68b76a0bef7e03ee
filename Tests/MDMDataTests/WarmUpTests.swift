import MDMData
import MDMNumerics
import Testing

@Suite struct WarmUpTests {
  private let suite = Suite.mini(seed: 1, warmupCount: 2000)

  @Test func formatsHaveTheirShares() {
    let format = WarmUpFormat(
      target: 0.4, bare: 0.3, sentence: 0.1, unclosed: 0.1, wrongKind: 0.1)
    var counts: [AnswerFormat: Int] = [:]
    for i in 0..<2000 {
      var stream = RandomStream(seed: 9, purpose: "format", index: i)
      let pair = format.pair(for: suite.warmup[i % 5][i], &stream)
      counts[pair.format, default: 0] += 1
      #expect(pair.prompt.suffix(2).first == "tags")
    }
    for (name, share) in format.shares {
      #expect(abs(Double(counts[name] ?? 0) / 2000 - share) < 0.04)
    }
  }

  @Test func captionsAreAskedBothWays() {
    let format = WarmUpFormat(captionSayShare: 0.5)
    var say = 0
    for i in 0..<600 {
      var stream = RandomStream(seed: 9, purpose: "format", index: i)
      let example = suite.captions[i % 6][i]
      let pair = format.pair(for: example, &stream)
      if pair.prompt.contains("say") {
        say += 1
        #expect(pair.target.joined(separator: " ") == example.answer)
      }
    }
    #expect((240...360).contains(say))
  }

  @Test func everyFormatIsWrittenInKnownWords() {
    let known = Set(Vocabulary.words)
    for i in 0..<300 {
      for format in AnswerFormat.allCases {
        var stream = RandomStream(seed: 2, purpose: "format", index: i)
        let text = format.text(of: suite.warmup[i % 5][i], &stream)
        #expect(known.isSuperset(of: text.split(separator: " ").map(String.init)))
      }
    }
  }

  @Test func theVocabularyIsSortedAndSmall() {
    #expect(
      Vocabulary.words == Vocabulary.words.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    #expect(Set(Vocabulary.words).count == Vocabulary.words.count)
    #expect((90...200).contains(Vocabulary.words.count))
  }

  @Test func theTargetFormatIsTheGoldAnswerInTags() {
    var stream = RandomStream(seed: 2, purpose: "format")
    let example = suite.warmup[0][0]
    #expect(
      AnswerFormat.target.text(of: example, &stream) == "<answer> \(example.answer) </answer>")
  }
}
