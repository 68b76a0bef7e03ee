import MDMData
import MDMImages
import Testing

@Suite struct LevelTests {
  private static let suites = (1...3).map { Suite.mini(level: $0, seed: 4, warmupCount: 500) }

  @Test func levelsHaveTheDomainsAndCountsOfTheUsualSuite() {
    let usual = Suite.mini(seed: 4, warmupCount: 500)
    for suite in Self.suites {
      #expect(suite.datasets.map(\.name) == usual.datasets.map(\.name))
      #expect(suite.datasets.map(\.count) == usual.datasets.map(\.count))
    }
    #expect(Set(Self.suites.map(\.fingerprint)).count == 3)
  }

  @Test(arguments: 1...3) func theUsualWordsAreEnough(_ level: Int) {
    let known = Set(Vocabulary.words)
    for set in Self.suites[level - 1].train + Self.suites[level - 1].benchmarks {
      for i in 0..<60 {
        let example = set[i]
        let used = (example.question + " " + example.answer).split(separator: " ").map(String.init)
        #expect(known.isSuperset(of: used))
      }
    }
  }

  @Test(arguments: 1...3) func noPictureIsInTwoSplits(_ level: Int) throws {
    let suite = Self.suites[level - 1]
    for family in 0..<5 {
      func pictures(_ set: Dataset) throws -> Set<[UInt8]> {
        Set(try (0..<80).map { try set[$0].image.decoded().pixels })
      }
      let train = try pictures(suite.train[family])
      let (test, warmup) = (try pictures(suite.tests[family]), try pictures(suite.warmup[family]))
      #expect(train.isDisjoint(with: test) && train.isDisjoint(with: warmup))
      #expect(test.isDisjoint(with: warmup))
    }
  }

  /// Neither a constant nor the question alone says the answer: 2 points above chance at most over
  /// all nine families of a level, and within the error of sampling in each.
  @Test(arguments: 1...3) func blindGuessesAreWorthChance(_ level: Int) throws {
    let count = 700
    let suite = Self.suites[level - 1]
    var (sum, families) = (0.0, 0.0)
    let pairs =
      zip(suite.train, suite.tests).map { ($0.prefix(count), $1.prefix(count)) }
      + suite.benchmarks.map { set in
        let half = min(count, set.count / 2)
        return (set.prefix(half), set.picking(Array(half..<(2 * half))))
      }
    for (train, test) in pairs {
      let blind = try BlindBaseline(train: train, test: test)
      #expect(blind.advantage < 0.02 + 0.045, "\(test.name): \(blind)")
      sum += blind.language - blind.chance
      families += 1
    }
    #expect(sum / families < 0.02)
  }

  @Test func aBiasedSetIsFound() throws {
    func set(_ answer: @escaping @Sendable (Int) -> String) -> Dataset {
      Dataset(
        name: "x", domain: "x", split: .train, count: 300, fingerprint: "x"
      ) { index in
        Example(
          id: "\(index)", domain: "x", image: RGBImage(width: 1, height: 1),
          question: index % 2 == 0 ? "even" : "odd", answer: answer(index), options: ["a", "b"],
          kind: .choice)
      }
    }
    let leaking = set { $0 % 2 == 0 ? "A" : "B" }
    #expect(try BlindBaseline(train: leaking, test: leaking).advantage == 0.5)
    let constant = set { $0 % 4 == 0 ? "B" : "A" }
    #expect(try BlindBaseline(train: constant, test: constant).advantage > 0.2)
  }
}
