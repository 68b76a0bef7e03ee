import MDMData
import MDMImages
import Testing

@Suite struct GeneratorTests {
  private static let suite = Suite.mini(seed: 5, warmupCount: 600)
  private static let nine = suite.train + suite.benchmarks

  private func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

  @Test func theSuiteHasThePapersDomainsAndCounts() {
    #expect(Self.suite.train.map(\.domain) == ["coco", "lisa", "geoqav", "sat", "scienceqa"])
    #expect(Self.suite.train.map(\.count) == [5997, 1326, 1969, 15000, 6218])
    #expect(Self.suite.benchmarks.map(\.domain) == ["chartqa", "infovqa", "mathvista", "mmmu"])
    #expect(Self.suite.benchmarks.map(\.count) == [2500, 2801, 1000, 900])
    #expect(Set(Self.suite.datasets.map(\.name)).count == Self.suite.datasets.count)
  }

  @Test(arguments: nine) func questionsHaveThreeToTwelveWords(_ dataset: Dataset) {
    for i in 0..<400 { #expect((3...12).contains(words(dataset[i].question).count)) }
  }

  @Test(arguments: suite.datasets) func theVocabularyHoldsEveryWord(_ dataset: Dataset) {
    let known = Set(Vocabulary.words)
    for i in 0..<400 {
      let example = dataset[i]
      let used = words(example.question) + words(example.answer) + example.options
      #expect(known.isSuperset(of: used))
      #expect(known.isSuperset(of: PromptFormat.tags.prompt(for: example)))
      #expect(example.image.width == 64 && example.image.height == 64)
    }
  }

  @Test(arguments: nine + suite.captions) func lettersAreBalanced(_ dataset: Dataset) {
    let examples = (0..<600).map { dataset[$0] }.filter { $0.kind == .choice }
    for letter in examples.first?.letters ?? [] {
      let share = Double(examples.count { $0.answer == letter }) / Double(examples.count)
      #expect(abs(share - 1 / 3) < 0.08)
    }
  }

  @Test func spatialWordsAreBalancedWithinEachQuestion() {
    let sat = Self.suite.train[3]
    var counts: [String: [String: Int]] = [:]
    for i in 0..<3000 {
      let example = sat[i]
      // What is named by colour or shape does not matter; the order of the two options does.
      let tokens = words(example.question)
      let colors = tokens.filter { ["red", "green", "blue", "yellow"].contains($0) }
      let key = tokens.filter {
        !colors.contains($0) && !["circle", "square", "triangle", "star"].contains($0)
      }
      let answer = colors.firstIndex(of: example.answer).map { "option \($0)" } ?? example.answer
      counts[key.joined(separator: " "), default: [:]][answer, default: 0] += 1
    }
    #expect(counts.count == 6)
    for answers in counts.values {
      let total = Double(answers.values.reduce(0, +))
      for count in answers.values {
        #expect(abs(Double(count) / total - 1 / Double(answers.count)) < 0.08)
      }
    }
  }

  @Test func aBoxIsTightAroundTheNamedColour() throws {
    for i in 0..<200 {
      let example = Self.suite.train[0][i]
      let box = try #require(example.box)
      let image = try example.image.decoded()
      let color = try #require(
        image.color(
          x: Int((box.x0 + box.x1) / 2), y: Int((box.y0 + box.y1) / 2)))
      var (left, top, right, bottom) = (64, 64, 0, 0)
      for y in 0..<64 {
        for x in 0..<64 where image.color(x: x, y: y) == color {
          (left, right) = (min(left, x), max(right, x + 1))
          (top, bottom) = (min(top, y), max(bottom, y + 1))
        }
      }
      let seen = Box(Double(left), Double(top), Double(right), Double(bottom))
      #expect(seen == box)
      let cells = words(example.answer).compactMap(Double.init)
      #expect(example.pixelBox(ofCells: Box(cells[0], cells[1], cells[2], cells[3])) == box)
    }
  }

  @Test func theSameSeedGivesTheSameExamplesAndAnotherSeedOthers() {
    let (again, other) = (
      Suite.mini(seed: 5, warmupCount: 600), Suite.mini(seed: 6, warmupCount: 600)
    )
    #expect(again.fingerprint == Self.suite.fingerprint)
    #expect(other.fingerprint != Self.suite.fingerprint)
    for (a, b) in zip(Self.suite.datasets, again.datasets) {
      #expect(a[17] == b[17] && a.fingerprint == b.fingerprint)
    }
    #expect(Self.suite.train[0][3] != other.train[0][3])
  }

  @Test func splitsHaveDifferentImages() throws {
    let train = Set(try (0..<300).map { try Self.suite.train[1][$0].image.decoded().pixels })
    let test = Set(try (0..<300).map { try Self.suite.tests[1][$0].image.decoded().pixels })
    #expect(train.intersection(test).count < 5)  // small pictures may coincide by chance
  }

  @Test func captionsShareNoQuestionWithTheBenchmarks() {
    let asked = Set(Self.suite.benchmarks.flatMap { set in (0..<400).map { set[$0].question } })
    let taught = Set(Self.suite.captions.flatMap { set in (0..<400).map { set[$0].question } })
    #expect(asked.isDisjoint(with: taught))
  }

  @Test func datasetsAreFoundByName() {
    #expect(Self.suite.dataset("coco")?.split == .train)
    #expect(Self.suite.dataset("coco/test")?.count == 1000)
    #expect(Self.suite.dataset("chartqa")?.count == 2500)
    #expect(Self.suite.dataset("nothing")?.name == nil)
  }

  @Test func aPrefixIsShorterAndHasItsOwnFingerprint() {
    let short = Self.suite.train[0].prefix(10)
    #expect(short.count == 10 && short[9] == Self.suite.train[0][9])
    #expect(short.fingerprint != Self.suite.train[0].fingerprint)
  }

  @Test func theContactSheetHasAPlaceForEveryExample() {
    let sheet = contactSheet(Self.suite.train[0], rows: 2, columns: 3)
    #expect(sheet.width == 3 * 208)
    #expect(Set(sheet.pixels).count > 5)
    #expect(contactSheet(Self.suite.train[0].prefix(1), rows: 2, columns: 2).height > 400)
  }
}
